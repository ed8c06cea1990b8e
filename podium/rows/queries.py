"""Compiled queries of rows under their rules. One for each shape of list; values are given at each run.

The shape of a list is its model, the kind of its caller, its filters' fields and operators, its order and its limit.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from asgiref.sync import sync_to_async
from django.db.models import F, Model, Q, QuerySet, TextField

from podium.access.alternatives import Alternative, Not, Some, Test, alternatives
from podium.access.callers import Caller
from podium.access.conditions import Scope
from podium.access.fields import field_rules
from podium.access.predicates import settled
from podium.access.rows import allowed
from podium.access.rules import when_added
from podium.reads.prepared import Compared, Parameter, Prepared, prepare, prepare_count
from podium.rows import operators
from podium.rows.asked import MOST_ROWS, Asked, Filter, Order
from podium.rows.operators import IS_NULL
from podium.rows.versions import with_version

SHAPES = 1024
"""Maximum number of compiled queries that a process keeps."""
SIZES = (10, 20, 50, 100, 200, 500, MOST_ROWS)
ME = "me"
"""The name of the parameter with the caller's key."""

_compiled: dict[Hashable, Prepared | None] = {}
_changing = threading.Lock()
when_added.append(_compiled.clear)


@dataclass(frozen=True)
class Query:
    """A query to run: its shape, the function that compiles it (None: it never has rows), and its values."""

    shape: Hashable
    compile: Callable[[], Prepared | None]
    values: Mapping[str, Any]

    async def fetch(self) -> list[Any]:
        """The result, on the running loop. The first query of a shape is compiled on a thread."""
        try:
            prepared = _recalled(self.shape)
        except KeyError:
            prepared = await sync_to_async(self._remember)()
        return [] if prepared is None else await prepared.fetch(self.values)

    def fetch_now(self) -> list[Any]:
        """The result in sync code."""
        try:
            prepared = _recalled(self.shape)
        except KeyError:
            prepared = self._remember()
        return [] if prepared is None else prepared.fetch_now(self.values)

    def _remember(self) -> Prepared | None:
        made = self.compile()
        with _changing:
            while len(_compiled) >= SHAPES:
                del _compiled[next(iter(_compiled))]
            _compiled[self.shape] = made
        return made


def _recalled(shape: Hashable) -> Prepared | None:
    with _changing:
        found = _compiled[shape] = _compiled.pop(shape)  # the least recently used one is dropped first
    return found


# Callers --------------------------------------------------------------------------------------------------------------


def kind(model: type[Model], by: Caller | None) -> Hashable:
    """Return what the SQL of a model's rules depends on: whether somebody is signed in, and scopes in the rules."""
    return None if by is None else by.scopes & _scopes(model)


@cache
def _scopes(model: type[Model]) -> frozenset[str]:
    return frozenset(_scopes_in(alternatives(model, "read")))


when_added.append(_scopes.cache_clear)


def _scopes_in(found: Sequence[Alternative]) -> set[str]:
    scopes: set[str] = set()
    for alternative in found:
        for literal in alternative:
            if isinstance(literal, Test) and isinstance(literal.marker, Scope):
                scopes.add(literal.marker.name)
            elif isinstance(literal, Not | Some):
                scopes |= _scopes_in(literal.alternatives)
    return scopes


def visible(model: type[Model], by: Caller | None) -> QuerySet[Any]:
    """The rows that callers of this kind may read, with the caller's key as the parameter ME."""
    # As text without a type, which Postgres reads as the type of the column that it is compared with.
    me: Any = Parameter(ME, TextField(), convert=str)
    anyone = None if by is None else Caller(me, by.scopes)
    return settled(model._default_manager.all(), allowed(model, "read", anyone))


# Lists ----------------------------------------------------------------------------------------------------------------


def page_query(asked: Asked, by: Caller | None, start: Sequence[Any] | None) -> Query:
    """A page, with one row more, which tells whether there is another page. start: the values of its cursor."""
    nulls = None if start is None else tuple(value is None for value in start)
    shape = ("page", _filtered(asked, by), tuple(map(str, asked.order)), _size(asked.limit), nulls)
    values = _values(asked, by) | {f"start{number}": value for number, value in enumerate(start or ())}
    return Query(shape, partial(_compile_page, asked, by, start), values)


def _size(limit: int) -> int:
    """The number of rows to read for a limit, one of a few, so that clients can't ask for a thousand shapes."""
    return next(size for size in SIZES if size >= limit)


def count_query(asked: Asked, by: Caller | None) -> Query:
    """The number of rows, as a list with one number, or none for 0."""
    compile = lambda: prepare_count(_where(visible(asked.model, by), asked.where))  # noqa: E731
    return Query(("count", _filtered(asked, by)), compile, _values(asked, by))


def rows_query(
    model: type[Model],
    attribute: str,
    found: Sequence[Any],
    by: Caller | None,
    limit: int,
    *,
    versions: bool = False,
) -> Query:
    """The rows with one of these values in a column, in the order of their keys; with their versions if asked."""
    values = {"values": found} | _caller_values(by)
    shape = ("rows", model, kind(model, by), attribute, limit, versions)
    return Query(shape, partial(_compile_rows, model, attribute, by, limit, versions), values)


def _filtered(asked: Asked, by: Caller | None) -> Hashable:
    where = tuple(
        (each.field.key, each.operator.name, each.value if each.operator is IS_NULL else None)
        for each in asked.where
    )
    return asked.model, kind(asked.model, by), where


def _values(asked: Asked, by: Caller | None) -> dict[str, Any]:
    return {f"where{number}": each.value for number, each in enumerate(asked.where)} | _caller_values(by)


def _caller_values(by: Caller | None) -> dict[str, Any]:
    return {} if by is None else {ME: by.user_id}


def _compile_page(asked: Asked, by: Caller | None, start: Sequence[Any] | None) -> Prepared | None:
    rows = _where(visible(asked.model, by), asked.where)
    order = full_order(asked)
    if start is not None:
        rows = rows.filter(_behind(asked.model, order, start))
    columns = [(F(each.field.attribute), each.descending) for each in order]
    ordered = [column.desc() if descending else column.asc() for column, descending in columns]
    return prepare(rows.order_by(*ordered)[: _size(asked.limit) + 1])


def _compile_rows(
    model: type[Model], attribute: str, by: Caller | None, limit: int, versions: bool
) -> Prepared | None:
    rows = visible(model, by).filter(operators.condition(_column(model, attribute), operators.IN, "values"))
    if versions:
        rows = with_version(rows)
    return prepare(rows.order_by("pk")[:limit])


def full_order(asked: Asked) -> tuple[Order, ...]:
    """Return an order in which no two rows are equal: with the key at its end, in the direction of the last field."""
    key = asked.model._meta.pk.attname
    before: list[Order] = []
    for each in asked.order:
        if each.field.attribute == key:
            return (*before, each)
        before.append(each)
    field = next(each for each in field_rules(asked.model).filter if each.attribute == key)
    return (*before, Order(field, before[-1].descending if before else False))


def _where(rows: QuerySet[Any], where: Sequence[Filter]) -> QuerySet[Any]:
    for number, each in enumerate(where):
        if each.operator is IS_NULL:
            rows = rows.filter(**{f"{each.field.attribute}__isnull": each.value})
        else:
            field = _column(rows.model, each.field.attribute)
            rows = rows.filter(operators.condition(field, each.operator, f"where{number}"))
    return rows


def _column(model: type[Model], attribute: str) -> Any:
    return next(each for each in model._meta.concrete_fields if each.attname == attribute)


def _behind(model: type[Model], order: Sequence[Order], start: Sequence[Any]) -> Any:
    """Return the condition for the rows behind a cursor.

    Postgres puts null at the end, and at the beginning of a descending order. Without null, and in one direction, it
    compares all columns at once, by an index on them.
    """
    fields = [_column(model, each.field.attribute) for each in order]
    parameters = [Parameter(f"start{number}", field) for number, field in enumerate(fields)]
    if len({each.descending for each in order}) == 1 and not any(field.null for field in fields):
        sign = "<" if order[0].descending else ">"
        return Compared([F(field.attname) for field in fields], sign, parameters)
    condition = Q(pk__in=[])  # equal in all columns: the row of the cursor itself, which is not behind it
    for field, each, value, parameter in reversed(list(zip(fields, order, start, parameters, strict=True))):
        name, sign = field.attname, "<" if each.descending else ">"
        null = Q(**{f"{name}__isnull": True})
        if value is None:
            condition = (~null if each.descending else Q(pk__in=[])) | (null & condition)
        else:
            beyond = Q(Compared([F(name)], sign, [parameter]))
            if field.null and not each.descending:
                beyond |= null
            condition = beyond | (Q(Compared([F(name)], "=", [parameter])) & condition)
    return condition
