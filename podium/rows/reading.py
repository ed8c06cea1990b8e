"""One row, a page or a count as its caller may see it, with related rows.

Each function is a generator of queries, which `run` runs in sync code and `arun` on the event loop.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import ManyToOneRel, Model

from podium.access.callers import Caller
from podium.access.errors import RowNotFound
from podium.access.fields import field_rules
from podium.rows import cursors
from podium.rows.asked import MOST_ROWS, Asked
from podium.rows.errors import TooManyRelated
from podium.rows.queries import Query, count_query, full_order, page_query, rows_query
from podium.wire.classes import WireField

ResultT = TypeVar("ResultT")
Reading = Generator[Query, list[Any], ResultT]
"""Yields queries, receives their rows, and returns the result."""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and the cursor of the next page, "" on the last."""

    rows: list[Any]
    next: str


def run(reading: Reading[ResultT]) -> ResultT:
    """Return the result of a reading in sync code."""
    try:
        query = next(reading)
        while True:
            query = reading.send(query.fetch_now())
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


async def arun(reading: Reading[ResultT]) -> ResultT:
    """Return the result of a reading on the running loop."""
    try:
        query = next(reading)
        while True:
            query = reading.send(await query.fetch())
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


def page(asked: Asked, by: Caller | None) -> Reading[Page]:
    """Read a page. Raises CursorRefused (400), TooManyRelated (400)."""
    order = full_order(asked)
    start = cursors.read(order, asked.after) if asked.after else None
    rows = yield page_query(asked, by, start)
    has_more = len(rows) > asked.limit
    del rows[asked.limit :]
    following = cursors.write(order, rows[-1]) if has_more else ""
    yield from _finished(asked.model, rows, asked.expand, by)
    return Page(rows, following)


def row(
    model: type[Model],
    key: Any,
    by: Caller | None,
    expand: Sequence[WireField] = (),
    *,
    versions: bool = False,
) -> Reading[Any]:
    """Read one row. Raises RowNotFound (404), also for a row that is invisible to the caller.

    versions  read the versions of the row and of the related ones, too (podium/rows/versions.py)
    """
    rows = yield rows_query(model, model._meta.pk.attname, [key], by, 1, versions=versions)
    if not rows:
        raise RowNotFound(model=model.__name__, key=key)
    yield from _finished(model, rows, expand, by, versions=versions)
    return rows[0]


def count(asked: Asked, by: Caller | None) -> Reading[int]:
    """Count the rows that the filters of a list leave."""
    found = yield count_query(asked, by)
    return found[0] if found else 0


def finished(rows: Sequence[Model], by: Caller | None, expand: Sequence[WireField] = ()) -> Reading[None]:
    """Prepare stored rows for their caller: load the relations to expand, and remove what clients may not read."""
    if rows:
        yield from _finished(type(rows[0]), rows, expand, by)


def _finished(
    model: type[Model],
    rows: Sequence[Any],
    expand: Iterable[WireField],
    by: Caller | None,
    *,
    versions: bool = False,
) -> Reading[None]:
    for relation in expand:
        yield from _expand(model, rows, relation.attribute, by, versions)
    _hide(model, rows)


def _hide(model: type[Model], rows: Iterable[Model]) -> None:
    for field in field_rules(model).hidden:
        for each in rows:
            each.__dict__[field.attribute] = None


# Related rows ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Relation:
    """A relation: a column of the row, the related model, and the column that has the same value there."""

    column: str
    model: type[Any]
    target: str
    is_many: bool


def _relation(model: type[Model], name: str) -> _Relation:
    field: Any = next(each for each in model._meta.get_fields() if _attribute(each) == name)
    if field.concrete:
        return _Relation(field.attname, field.related_model, field.target_field.attname, is_many=False)
    key = field.field
    return _Relation(key.target_field.attname, field.related_model, key.attname, is_many=not field.one_to_one)


def _attribute(field: Any) -> str:
    return str(field.get_accessor_name() if isinstance(field, ManyToOneRel) else field.name)


def _expand(
    model: type[Model], rows: Sequence[Any], name: str, by: Caller | None, versions: bool
) -> Reading[None]:
    """Load the related rows that the caller may read, in one query for all rows."""
    relation = _relation(model, name)
    wanted = list({value for row in rows if (value := row.__dict__[relation.column]) is not None})
    related: list[Any] = []
    if wanted:
        limit = MOST_ROWS + 1
        related = yield rows_query(relation.model, relation.target, wanted, by, limit, versions=versions)
    if len(related) > MOST_ROWS:
        raise TooManyRelated(
            text=f"{name}: more than {MOST_ROWS} related rows. Ask for fewer rows at a time."
        )
    _hide(relation.model, related)
    found: dict[Any, list[Any]] = {}
    for each in related:
        found.setdefault(each.__dict__[relation.target], []).append(each)
    for row in rows:
        each = found.get(row.__dict__[relation.column], [])
        if relation.is_many:
            row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = each
        elif each:
            row._state.fields_cache[name] = each[0]
