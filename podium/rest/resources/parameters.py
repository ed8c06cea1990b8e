"""Query strings of generated resources. Nothing in them is ignored: what is unknown, or there twice, is refused.

color=red, createdAt[gte]=..., order=-createdAt,title, limit, after, expand, fields, count
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from urllib.parse import parse_qsl

from podium.rest.resources import values
from podium.rest.resources.errors import ParameterRefused
from podium.rest.resources.registry import Resource
from podium.rows.asked import (
    LIMIT,
    MOST_ROWS,
    Asked,
    Filter,
    Order,
    checked_limit,
    expand_field,
    filter_field,
    operator_of,
)
from podium.rows.operators import EQUAL, IN, IS_NULL
from podium.wire.classes import WireField
from podium.wire.errors import WireError

MOST_PARAMETERS = 200
OF_ROW = ("expand", "fields")
OF_LIST = ("order", "limit", "after", "expand", "fields", "count")
NAME = re.compile(r"(?P<key>[^\[\]]+)(\[(?P<operator>[A-Za-z]+)\])?")
EXPLICIT = "eq"
"""The operator of equality where a field is named like a parameter: `order[eq]=5`."""


@dataclass(frozen=True, slots=True)
class View:
    """The parts of rows that an answer has: fields, in the order of the model file, and related rows."""

    fields: tuple[WireField, ...]
    expand: tuple[WireField, ...] = ()


@dataclass(frozen=True, slots=True)
class ListAsked:
    """A list as it is asked for. count: with the number of rows."""

    asked: Asked
    view: View
    count: bool


def read(query: bytes) -> dict[str, str]:
    """Return the parameters of a query string. Raises ParameterRefused (400)."""
    try:
        pairs = parse_qsl(
            query.decode(), keep_blank_values=True, max_num_fields=MOST_PARAMETERS, errors="strict"
        )
    except UnicodeDecodeError:
        raise ParameterRefused(text="The query is not UTF-8.") from None
    except ValueError:
        raise ParameterRefused(text=f"The query has more than {MOST_PARAMETERS} parameters.") from None
    found = dict(pairs)
    for name in found:
        if sum(1 for each, _ in pairs if each == name) > 1:
            raise _refused(name, "given more than once")
    return found


def of_list(resource: Resource, query: bytes) -> ListAsked:
    """Return a list as a query string asks for it. Raises ParameterRefused, and the errors of podium.rows (400)."""
    given = read(query)
    view = _view(resource, given)
    count = _typed("count", given.pop("count", "false"), values.bool_from_text)
    order = given.pop("order", None)
    limit = given.pop("limit", None)
    after = given.pop("after", None)
    if after == "":
        raise _refused("after", "expected the `next` of a page")
    asked = Asked(
        resource.model,
        tuple(_filter(resource, name, text) for name, text in given.items()),
        () if order is None else _order(resource, order),
        LIMIT if limit is None else _limit(limit),
        after or "",
        view.expand,
    )
    return ListAsked(asked, view, count)


def of_row(resource: Resource, query: bytes) -> View:
    """Return the parts of one row that a query string asks for. Raises ParameterRefused (400)."""
    given = read(query)
    view = _view(resource, given)
    _none_left(given, OF_ROW)
    return view


def keys(resource: Resource, query: bytes) -> list[Any]:
    """Return the keys of rows to delete: `id=1,2`. Raises ParameterRefused (400)."""
    name = resource.key.key
    given = read(query)
    text = given.pop(name, "")
    _none_left(given, (name,))
    found: list[Any] = _typed(name, text, lambda each: values.list_from_text(resource.key, each))
    if not found:
        raise _refused(name, "expected the keys of the rows to delete, with commas between them")
    if len(found) > MOST_ROWS:
        raise _refused(name, f"more than {MOST_ROWS} keys")
    if len(set(found)) < len(found):
        raise _refused(name, "a key is given more than once")
    return found


def none(query: bytes) -> None:
    """Raise ParameterRefused (400) for a query string where none is expected."""
    _none_left(read(query), ())


def _none_left(given: Mapping[str, str], known: Iterable[str]) -> None:
    for name in given:
        raise _refused(name, f"unknown here{_hint(name, known)}")


def _hint(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name[: values.SHOWN], list(known), 1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _filter(resource: Resource, name: str, text: str) -> Filter:
    found = NAME.fullmatch(name)
    if found is None:
        raise _refused(name, "expected a field, or a field with an operator: createdAt[gte]")
    is_field = any(found["key"] == each.key for each in resource.rules.filter)
    if not (is_field or found["operator"]) and (near := get_close_matches(name, OF_LIST, 1, 0.8)):
        raise _refused(name, f"unknown parameter; did you mean {near[0]!r}?")
    field = filter_field(resource.model, found["key"])
    spelled = found["operator"] or ""
    operator = operator_of(field, EQUAL.name if spelled == EXPLICIT else spelled)
    if operator is IS_NULL:
        return Filter(field, operator, _typed(name, text, values.bool_from_text))
    if operator is IN:
        return Filter(field, operator, _typed(name, text, lambda each: values.list_from_text(field, each)))
    return Filter(field, operator, _typed(name, text, lambda each: values.from_text(field, each)))


def _order(resource: Resource, text: str) -> tuple[Order, ...]:
    found = []
    for name in _names("order", text, lambda each: each.removeprefix("-")):
        field = filter_field(resource.model, name.removeprefix("-"))
        found.append(Order(field, name.startswith("-")))
    return tuple(found)


def _limit(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,9}", text, re.ASCII):
        raise _refused("limit", f"expected a number from 1 to {MOST_ROWS}")
    return checked_limit(int(text))


def _view(resource: Resource, given: dict[str, str]) -> View:
    """Take `fields` and `expand` out of the parameters."""
    readable, fields, expand = resource.rules.read, given.pop("fields", None), given.pop("expand", None)
    names = None if fields is None else _names("fields", fields)
    for name in names or ():
        if all(name != each.key for each in readable):
            raise _refused(
                "fields",
                f"unknown field {name[: values.SHOWN]!r}{_hint(name, [each.key for each in readable])}",
            )
    chosen = readable if names is None else tuple(each for each in readable if each.key in names)
    related = () if expand is None else _names("expand", expand)
    return View(chosen, tuple(expand_field(resource.model, name) for name in related))


def _names(parameter: str, text: str, of: Any = str) -> list[str]:
    """Return the names in a list. Raises ParameterRefused for none, and for one that is there twice."""
    names = text.split(",")
    if not all(names):
        raise _refused(parameter, "expected names with commas between them")
    if len({of(name) for name in names}) < len(names):
        raise _refused(parameter, "a name is given more than once")
    return names


def _typed(name: str, text: str, of: Any) -> Any:
    try:
        return of(text)
    except WireError as error:
        raise _refused(name, values.reason(error)) from None


def _refused(name: str, reason: str) -> ParameterRefused:
    return ParameterRefused(text=f"{name[: values.SHOWN]}: {reason}.", parameter=name[: values.SHOWN])
