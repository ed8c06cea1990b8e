"""Query sets compiled once, with parameters that are given at each run. They may have any filter that Django knows.

    owned = prepare(Note.objects.filter(owner_id=Parameter("owner", Note._meta.get_field("owner"))).order_by("id"))
    await owned.fetch({"owner": user_id})

In calls on the event loop they run without a thread, like other reads (podium/reads/fast.py); in sync code and in a
transaction, on Django's connection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BooleanField, Expression, Field, QuerySet

from podium.reads import fast, pipeline
from podium.reads.conf import conf


class Parameter(Expression):
    """A value of a query that is given when it runs.

    name      the key in the values
    field     the model field whose values it has
    template  the SQL around it, such as "UPPER(%s)"
    convert   converts a given value to what the driver takes; by default as the field does
    """

    def __init__(
        self,
        name: str,
        field: Field[Any, Any],
        *,
        template: str = "%s",
        convert: Callable[[Any], Any] | None = None,
    ) -> None:
        super().__init__(output_field=field)
        self.name = name
        self.template = template
        self.convert = convert or partial(column_value, field)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return self.template, [self]


class Compared(Expression):
    """Expressions with an operator between two sides: `(a, b) > (x, y)`, or `a > x` if each side has one."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, left: Sequence[Any], operator: str, right: Sequence[Any]) -> None:
        super().__init__()
        self.expressions = [*left, *right]
        self.operator = operator

    def get_source_expressions(self) -> list[Any]:
        return self.expressions

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.expressions = list(exprs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        parts, parameters = [], []
        for each in self.expressions:
            sql, found = compiler.compile(each)
            parts.append(sql)
            parameters += found
        half = len(parts) // 2
        left, right = (", ".join(side) for side in (parts[:half], parts[half:]))
        if half > 1:
            left, right = f"({left})", f"({right})"
        return f"{left} {self.operator} {right}", parameters


@dataclass(frozen=True)
class Prepared:
    """A compiled query.

    sql         as Django writes it; statement: as it is sent
    parameters  the parameters in their order: values, and a Parameter for those that are given later
    make        converts rows to objects
    """

    sql: str
    statement: bytes
    parameters: tuple[Any, ...]
    make: Callable[[Iterable[Sequence[Any]]], list[Any]]

    async def fetch(self, values: Mapping[str, Any]) -> list[Any]:
        """The result on the running loop. Raises KeyError for a value that is missing."""
        parameters = self._with(values)
        if conf.READS == "fast" and fast.is_possible():
            found = await fast.run(self, parameters)
            if found is not None:
                return found
        return await sync_to_async(fast.run_now)(self, parameters)

    def fetch_now(self, values: Mapping[str, Any]) -> list[Any]:
        """The result in sync code."""
        return fast.run_now(self, self._with(values))

    def _with(self, values: Mapping[str, Any]) -> list[Any]:
        return [
            each.convert(values[each.name]) if isinstance(each, Parameter) else each
            for each in self.parameters
        ]


def prepare(query_set: QuerySet[Any, Any]) -> Prepared | None:
    """Compile a query set of objects; None if it never has rows. Sync code: Django asks the database's version."""
    return _compiled(query_set, "%s", fast.maker)


def prepare_count(query_set: QuerySet[Any, Any]) -> Prepared | None:
    """Compile the number of objects of a query set, as a list with one number; None if it is always 0. Sync code."""
    rows = query_set.order_by().values_list("pk")
    return _compiled(
        rows, "SELECT COUNT(*) FROM (%s) counted", lambda *_: lambda found: [number for (number,) in found]
    )


def column_value(field: Field[Any, Any], value: Any) -> Any:
    """Convert a value as a field's attribute has it to what the driver takes."""
    return field.get_db_prep_value(value, fast.unconnected())


def _compiled(
    query_set: QuerySet[Any, Any], template: str, maker: Callable[[Any, Any], Any]
) -> Prepared | None:
    compiler = query_set.query.get_compiler(using=DEFAULT_DB_ALIAS)
    try:
        sql, parameters = compiler.as_sql(with_col_aliases=False)
    except EmptyResultSet:
        return None
    sql = template.replace("%s", sql)
    make = maker(compiler, connections[DEFAULT_DB_ALIAS])
    return Prepared(sql, pipeline.numbered(sql), tuple(parameters), make)
