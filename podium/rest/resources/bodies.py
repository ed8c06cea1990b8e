"""Bodies of generated resources: one row, or a list of rows. Only fields that clients may write are accepted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from podium.access.conditions import Action
from podium.access.errors import FieldRefused
from podium.rest.resources import values
from podium.rest.resources.errors import BodyRefused, MediaTypeRefused
from podium.rest.resources.messages import JSON, Request
from podium.rest.resources.registry import Resource
from podium.rows.asked import MOST_ROWS
from podium.rows.writing import field_to_write
from podium.wire.classes import WireField
from podium.wire.codecs import loads
from podium.wire.errors import WireError
from podium.wire.parse import parse_type

Values = dict[str, Any]
"""Attributes of a row -> their values."""
MOST_FAULTS = 20
"""Faults that an error names."""


def read(request: Request) -> Any:
    """Return the JSON of a body. Raises MediaTypeRefused (415), BodyRefused (400)."""
    if not is_json(request.headers.get("content-type", "")):
        raise MediaTypeRefused
    try:
        return loads(request.body)
    except WireError as error:
        raise BodyRefused(text=f"The body: {error}.") from None


def is_json(content_type: str) -> bool:
    """Test whether a Content-Type is JSON."""
    return content_type.partition(";")[0].strip().lower() == JSON


def to_create(resource: Resource, data: Any) -> list[Values]:
    """Return the values of new rows, from an object or a list. Raises BodyRefused (400)."""
    if not isinstance(data, list):
        return [_complete(resource, "create", data)]
    return [_complete(resource, "create", each, number) for number, each in enumerate(_limited(data))]


def to_replace(resource: Resource, data: Any) -> Values:
    """Return the values of all fields that clients read and write: absent ones get their default.

    A field that is hidden stays as it is unless it is given: a client can't know that it would remove it.

    Raises BodyRefused (400).
    """
    given = _complete(resource, "update", data)
    columns = {each.attname: each for each in resource.model._meta.concrete_fields}
    known = resource.rules
    absent = [each for each in known.update if each.attribute not in given and each in known.read]
    return given | {each.attribute: columns[each.attribute].get_default() for each in absent}


def to_change(resource: Resource, data: Any) -> Values:
    """Return the values of the fields in an object. Raises BodyRefused (400)."""
    return _values(resource, "update", data)


def to_change_many(resource: Resource, data: Any) -> dict[Any, Values]:
    """Return the changes of rows by key, from a list of `{"id": ..., ...}`. Raises BodyRefused (400)."""
    if not isinstance(data, list):
        raise BodyRefused(text="The body is not a list of objects.")
    key, found = resource.key, dict[Any, Values]()
    for number, each in enumerate(_limited(data)):
        if not isinstance(each, dict) or each.get(key.key) is None:
            raise _refused({key.key: "expected the key of a row"}, number)
        try:
            value = values.from_json(key, each[key.key])
        except WireError as error:
            raise _refused({key.key: values.reason(error)}, number) from None
        if value in found:
            raise _refused({key.key: "this row is given more than once"}, number)
        rest = {name: item for name, item in each.items() if name != key.key}
        found[value] = _values(resource, "update", rest, number)
    return found


def _limited(data: list[Any]) -> list[Any]:
    if len(data) > MOST_ROWS:
        raise BodyRefused(text=f"The body has more than {MOST_ROWS} rows.")
    return data


def _complete(resource: Resource, action: Action, data: Any, number: int | None = None) -> Values:
    """The values of an object in which every field is given that needs a value."""
    found = _values(resource, action, data, number)
    missing = {
        each.key: f"expected {each.type}"
        for each in resource.rules.writable(action)
        if each.attribute not in found and is_needed(each)
    }
    if missing:
        raise _refused(missing, number)
    return found


def is_needed(field: WireField) -> bool:
    """Test whether a new row needs a value of this field."""
    return not field.has_default and not parse_type(field.type).nullable


def _values(resource: Resource, action: Action, data: Any, number: int | None = None) -> Values:
    if not isinstance(data, dict):
        raise BodyRefused(
            text="The body is not an object." if number is None else "A row is not an object.", **_at(number)
        )
    found: Values = {}
    wrong: dict[str, str] = {}
    for name, item in data.items():
        try:
            if len(name) > values.SHOWN:
                raise WireError("unknown field")
            field = field_to_write(resource.model, action, name)
            found[field.attribute] = values.from_json(field, item)
        except FieldRefused as error:
            wrong[name] = error.message
        except WireError as error:
            wrong[name[: values.SHOWN]] = values.reason(error)
        if len(wrong) == MOST_FAULTS:  # to look for similar names takes time
            break
    if wrong:
        raise _refused(wrong, number)
    return found


def _refused(wrong: Mapping[str, str], number: int | None) -> BodyRefused:
    """The error for fields: name -> what is wrong with it."""
    text = "; ".join(f"{name}: {reason}" for name, reason in wrong.items())
    return BodyRefused(text=text, fields=dict(wrong), **_at(number))


def _at(number: int | None) -> dict[str, int]:
    return {} if number is None else {"index": number}
