"""Row methods: an endpoint for each model with access rules, `noteRows` for Note, without code in the app.

A method exists if its action has a rule: get, list and count for `read`, create, update, delete. An app replaces the
endpoint with one of its own of the same name.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

from django.db.models import Model

from podium.access.callers import caller
from podium.access.errors import FieldRefused
from podium.access.rules import condition_of, place, rules_of, when_added
from podium.endpoints import registry
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint, allow_api_keys, allow_impersonation
from podium.rows import reading, writing
from podium.rows.asked import LIMIT, Asked, Filter, Order, checked_limit
from podium.rows.classes import PythonClasses, RowClasses, register, row_classes, ruled
from podium.wire import classes as wire
from podium.wire.classes import WireField
from podium.wire.parse import parse_type
from podium.wire.types import registry as wire_types


def endpoints(declared: list[type[Endpoint]]) -> list[type[Endpoint]]:
    """Return the endpoints of all models with rules, except those for which an app has its own."""
    names = {each.__name__ for each in declared}
    return [
        endpoint(model) for model in ruled("client") if f"{row_classes(model).name}RowsEndpoint" not in names
    ]


registry.sources.append(endpoints)


@cache
def endpoint(model: type[Model]) -> type[Endpoint]:
    """Make the endpoint of a model."""
    rows, rules = RowMethods(model), rules_of(model)
    assert rules is not None
    methods: dict[str, Any] = {}
    for action, made in METHODS.items():
        if condition_of(model, action) is not None:
            found = [allow_api_keys(each) if action in rules.api_keys else each for each in made(rows)]
            methods |= {each.__name__: each for each in found}
    if condition_of(model, "read") is None:  # a row that nobody can read can't be changed either
        methods = {"create": methods["create"]}
    name = rows.described.name
    return type(
        f"{name}RowsEndpoint",
        (Endpoint,),
        {
            **methods,
            "_podium_unchecked_results": True,  # they read by the rules; `create` shows a row to its creator
            "__doc__": f"The rows of {name} under their access rules.",
            "__module__": rules.__module__,
            "module": rows.described.prefix,
            "made_from": place(rules),
        },
    )


when_added += [registry.forget, endpoint.cache_clear]


class RowMethods:
    """The model of row methods, its description and its Python classes."""

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self.described: RowClasses = row_classes(model)
        self.python: PythonClasses = register(model)
        entry = wire.by_python[model]
        assert isinstance(entry, wire.WireClass)
        key = next(each for each in entry.fields if each.attribute == model._meta.pk.attname)
        kind = wire_types.find(parse_type(key.type).required())
        assert kind is not None
        self.key_type: Any = kind.python.annotation
        self.conditions = [(each.attribute, each.of, each.operator) for each in self.described.where]

    def asked(
        self,
        where: Any = None,
        order: Any = None,
        limit: int = LIMIT,
        after: str | None = None,
        expand: Any = None,
    ) -> Asked:
        """Return a list as its parameters ask for it. Raises LimitRefused (400)."""
        conditions = () if where is None else self._conditions(where)
        return Asked(
            self.model,
            conditions,
            () if order is None else (self._order(order),),
            checked_limit(limit),
            after or "",
            self.relations(expand),
        )

    def _conditions(self, where: Any) -> tuple[Filter, ...]:
        values = vars(where)
        return tuple(
            Filter(field, operator, value)
            for attribute, field, operator in self.conditions
            if (value := values[attribute]) is not None
        )

    def _order(self, order: Any) -> Order:
        field = self.described.order[order.value]
        return Order(field, order.value != field.key)

    def relations(self, expand: Any) -> tuple[WireField, ...]:
        """Return the relations that a list of values of <Model>Expand names."""
        names = [each.value for each in expand or ()]
        return tuple(each for each in self.described.expand if each.key in names)

    def fields(self, fields: Any) -> tuple[WireField, ...] | None:
        """Return the fields that a list of values of <Model>Field names; None without a list."""
        if fields is None:
            return None
        names = [each.value for each in fields]
        return tuple(each for each in self.described.fields if each.key in names)


# Methods --------------------------------------------------------------------------------------------------------------


def _typed(function: Callable[..., Any], returns: Any, *parameters: inspect.Parameter) -> Callable[..., Any]:
    """Give a function the signature that the registry reads."""
    own = [
        inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD),
        _parameter("call", Call),
    ]
    untyped: Any = function
    untyped.__signature__ = inspect.Signature([*own, *parameters])
    untyped.__annotations__ = {each.name: each.annotation for each in parameters} | {"return": returns}
    return function


def _parameter(name: str, annotation: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    """A parameter; one with a default is given by name."""
    is_named = default is not inspect.Parameter.empty
    kind = inspect.Parameter.KEYWORD_ONLY if is_named else inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Parameter(name, kind, annotation=annotation, default=default)


def _expand(rows: RowMethods) -> list[inspect.Parameter]:
    enum: Any = rows.python.expand
    return [] if enum is None else [_parameter("expand", list[enum] | None, None)]


def _read(rows: RowMethods) -> list[Callable[..., Any]]:
    @allow_impersonation
    async def get(self: Any, call: Call, id: Any, expand: Any = None) -> Any:
        """Return a row. Fails with 404 if there is none for the caller."""
        return await reading.arun(reading.row(rows.model, id, caller(call), rows.relations(expand)))

    @allow_impersonation
    async def list(self: Any, call: Call, **asked: Any) -> Any:
        """Return a page of the rows that the caller may read: 1 to 1,000, by their key if no order is given.

        For the next page, ask for the same with `after` set to `next`.
        """
        page = await reading.arun(reading.page(rows.asked(**asked), caller(call)))
        return rows.python.page(rows=page.rows, next=page.next or None)

    @allow_impersonation
    async def count(self: Any, call: Call, where: Any = None) -> int:
        """Return the number of the rows that the caller may read."""
        return await reading.arun(reading.count(rows.asked(where), caller(call)))

    where = _parameter("where", rows.python.where | None, None)
    return [
        _typed(get, rows.model, _parameter("id", rows.key_type), *_expand(rows)),
        _typed(
            list,
            rows.python.page,
            where,
            _parameter("order", rows.python.order | None, None),
            _parameter("limit", int, LIMIT),
            _parameter("after", str | None, None),
            *_expand(rows),
        ),
        _typed(count, int, where),
    ]


def _create(rows: RowMethods) -> list[Callable[..., Any]]:
    def create(self: Any, call: Call, row: Any) -> Any:
        """Store a new row and return it as stored. Fields that clients may not write are set by the server."""
        (made,) = writing.create(rows.model, [writing.values_of(row, "create")], call)
        reading.run(reading.finished([made], caller(call)))
        return made

    return [_typed(create, rows.model, _parameter("row", rows.model))]


def _update(rows: RowMethods) -> list[Callable[..., Any]]:
    def update(self: Any, call: Call, row: Any, fields: Any = None) -> Any:
        """Change a row and return it as stored. Only these fields; without them, all that clients may write."""
        if row.pk is None:
            raise FieldRefused(text="The row has no id.", field="id")
        values = writing.values_of(row, "update", rows.fields(fields))
        (changed,) = writing.update(rows.model, {row.pk: values}, call)
        reading.run(reading.finished([changed], caller(call)))
        return changed

    enum: Any = rows.python.fields
    named = [] if enum is None else [_parameter("fields", list[enum] | None, None)]
    return [_typed(update, rows.model, _parameter("row", rows.model), *named)]


def _delete(rows: RowMethods) -> list[Callable[..., Any]]:
    def delete(self: Any, call: Call, id: Any) -> None:
        """Delete a row. Fails with 404 if there is none for the caller."""
        writing.delete(rows.model, [id], call)

    return [_typed(delete, None, _parameter("id", rows.key_type))]


METHODS: dict[Any, Callable[[RowMethods], list[Callable[..., Any]]]] = {
    "read": _read,
    "create": _create,
    "update": _update,
    "delete": _delete,
}
