"""Requests that create, change and delete rows: all or none, in one transaction. Sync code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction

from podium.access.conditions import Action
from podium.rest.resources import bodies, forms, idempotency, parameters, versions
from podium.rest.resources.messages import Answer, Request
from podium.rest.resources.parameters import View
from podium.rest.resources.registry import Resource
from podium.rows import writing
from podium.rows.refusals import translated
from podium.rows.versions import stored_versions
from podium.wire.codecs import dumps

Make = Callable[[], Answer]
"""Makes a change that was read and checked, in a transaction."""


def change(resource: Resource, request: Request, action: Action) -> Answer:
    """Make the change of a request, once for each Idempotency-Key. Raises PodiumError."""
    make = (_OF_MANY if request.key is None else _OF_ONE)[request.method](resource, request)
    # Constraints that Postgres checks at the end of a transaction are refused by its commit.
    with translated(resource.model, action, (), request.call), transaction.atomic():
        return idempotency.once(request, make)


# One row --------------------------------------------------------------------------------------------------------------


def _replace(resource: Resource, request: Request) -> Make:
    return _update(resource, request, bodies.to_replace)


def _patch(resource: Resource, request: Request) -> Make:
    return _update(resource, request, bodies.to_change)


def _update(
    resource: Resource, request: Request, to_values: Callable[[Resource, Any], bodies.Values]
) -> Make:
    parameters.none(request.query)
    key, condition = resource.key_of(request.key or ""), versions.condition(request.headers)
    given = to_values(resource, bodies.read(request))

    def make() -> Answer:
        (row,) = writing.update(resource.model, {key: given}, request.call, check=condition)
        return _one(resource, 200, row)

    return make


def _delete(resource: Resource, request: Request) -> Make:
    parameters.none(request.query)
    key, condition = resource.key_of(request.key or ""), versions.condition(request.headers)

    def make() -> Answer:
        writing.delete(resource.model, [key], request.call, check=condition)
        return Answer(204)

    return make


# Several rows ---------------------------------------------------------------------------------------------------------


def _create(resource: Resource, request: Request) -> Make:
    parameters.none(request.query)
    versions.refuse_conditions(request.headers)
    data = bodies.read(request)
    given = bodies.to_create(resource, data)

    def make() -> Answer:
        rows = writing.create(resource.model, given, request.call)
        if isinstance(data, list):
            return _several(resource, 201, rows)
        (row,) = rows
        return _one(resource, 201, row, {"Location": resource.address(row.pk)})

    return make


def _patch_many(resource: Resource, request: Request) -> Make:
    parameters.none(request.query)
    versions.refuse_conditions(request.headers)
    given = bodies.to_change_many(resource, bodies.read(request))
    return lambda: _several(resource, 200, writing.update(resource.model, given, request.call))


def _delete_many(resource: Resource, request: Request) -> Make:
    versions.refuse_conditions(request.headers)
    keys = parameters.keys(resource, request.query)

    def make() -> Answer:
        writing.delete(resource.model, keys, request.call)
        return Answer(204)

    return make


_OF_ONE: Mapping[str, Callable[[Resource, Request], Make]] = {
    "PUT": _replace,
    "PATCH": _patch,
    "DELETE": _delete,
}
_OF_MANY: Mapping[str, Callable[[Resource, Request], Make]] = {
    "POST": _create,
    "PATCH": _patch_many,
    "DELETE": _delete_many,
}


def _one(resource: Resource, status: int, row: Any, headers: Mapping[str, str] | None = None) -> Answer:
    view = View(resource.rules.read)
    version = stored_versions(resource.model, [row.pk])[row.pk]
    tag = versions.etag_of(version, view)
    return Answer(status, dumps(forms.whole(resource.model)(row)), {**(headers or {}), "ETag": tag})


def _several(resource: Resource, status: int, rows: Sequence[Any]) -> Answer:
    write = forms.whole(resource.model)
    return Answer(status, dumps([write(row) for row in rows]))
