"""Filters of clients: a field, an operator, a value. Only what an index or one pass over a column can answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import F, Field
from django.db.models.functions import Upper

from podium.reads.prepared import Compared, Parameter, column_value
from podium.wire.classes import is_enum
from podium.wire.parse import parse_type
from podium.wire.types import TypeRef, registry

MOST_VALUES = 1000
"""Maximum values of an `in` filter."""


@dataclass(frozen=True, slots=True)
class Operator:
    """A comparison of a column with a value.

    name      "" for equality; the suffix in clients ("createdAtGte") and the name in REST ("createdAt[gte]")
    words     for documentation: "at least"
    sql       between the column and the value
    template  of the value
    """

    name: str
    words: str
    sql: str = ""
    template: str = "%s"


EQUAL = Operator("", "equal to", "=")
IN = Operator("in", "one of", "=", "ANY(%s)")
IS_NULL = Operator("isNull", "null (true) or not null (false)")
CONTAINS = Operator("contains", "containing this text, in any case", "LIKE", "UPPER(%s)")
STARTS_WITH = Operator("startsWith", "starting with this text, in any case", "LIKE", "UPPER(%s)")
RANGES = (
    Operator("gt", "greater than", ">"),
    Operator("gte", "at least", ">="),
    Operator("lt", "less than", "<"),
    Operator("lte", "at most", "<="),
)


def of_type(type: TypeRef) -> tuple[Operator, ...]:
    """Return the operators for fields of a type; none if clients can't filter or sort by it."""
    known = registry.find(type)
    lookups: frozenset[str] = known.column.lookups if known else frozenset()
    if not (lookups or is_enum(type) or (known and known.plain)):
        return ()
    found = [EQUAL] if known and not lookups else [EQUAL, IN]  # `in` would not filter truth values
    if "text" in lookups:
        found += [CONTAINS, STARTS_WITH]
    elif "order" in lookups and known and known.column.key != "made":  # the order of UUIDs means nothing
        found += RANGES
    if type.nullable:
        found.append(IS_NULL)
    return tuple(found)


def of_field(spelled: str) -> dict[str, Operator]:
    """Return the operators of a field by name, from its type as the model file spells it."""
    return {each.name: each for each in of_type(parse_type(spelled))}


def condition(field: Field[Any, Any], operator: Operator, parameter: str) -> Any:
    """Return the condition for a query set, with the value as a parameter of this name. Not for IS_NULL."""
    column: Any = F(field.attname)
    if operator in (CONTAINS, STARTS_WITH):
        column = Upper(column)
    convert = _CONVERT.get(operator, column_value)
    value = Parameter(parameter, field, template=operator.template, convert=partial(convert, field))
    return Compared([column], operator.sql, [value])


def _several(field: Field[Any, Any], values: Any) -> Any:
    return [column_value(field, value) for value in values]


def _pattern(before: str, field: Field[Any, Any], value: str) -> str:
    for special in ("\\", "%", "_"):
        value = value.replace(special, f"\\{special}")
    return f"{before}{value}%"


_CONVERT: dict[Operator, Callable[[Any, Any], Any]] = {
    IN: _several,
    CONTAINS: partial(_pattern, "%"),
    STARTS_WITH: partial(_pattern, ""),
}
