"""Common reads: Django compiles the SQL once per shape of query. In calls on the event loop it runs without a thread.

For a small read, Django spends most of the time compiling SQL, and in async code switches threads twice to run it. A
query set with only filters, an order, a slice and select_related is identified by its shape, which is the same for
other values. Django's own compiler makes the SQL of each shape once, with the conversions of values and rows.

Django itself handles all other queries, such as lookups on parts of values. Inside a transaction, in sync code and
outside a server's calls, the SQL runs on Django's own connection.
"""

from __future__ import annotations

import asyncio
import copy
import datetime
import decimal
import enum
import inspect
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from asgiref.sync import sync_to_async
from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.base import ModelState
from django.db.models.expressions import Col
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.lookups import Lookup
from django.db.models.query import get_related_populators
from django.db.models.signals import post_init, pre_init
from django.db.models.sql.where import AND

from podium.core import observe
from podium.database.watch import Unavailable
from podium.reads import pipeline, pool, statements

holds_connection: ContextVar[Callable[[], bool] | None] = ContextVar("holds_connection", default=None)
"""Set while a call runs on the loop: returns whether its ORM calls have a transaction open, which reads must join."""

SHAPES = 1024
"""Maximum number of cached shapes; a server has one for each query in its code and each length of a list."""
LONGEST_LIST = 50
"""Maximum values of an `in` lookup: each length is a separate shape."""
PLAIN_LOOKUPS = frozenset(
    [
        *("exact", "gt", "gte", "lt", "lte", "in", "range", "isnull", "iexact", "regex", "iregex"),
        *("contains", "icontains", "startswith", "istartswith", "endswith", "iendswith"),
    ]
)
VALUES = (
    *(str, int, float, bytes, decimal.Decimal, uuid.UUID, enum.Enum),
    *(datetime.datetime, datetime.date, datetime.timedelta),
)

Step = tuple[str, tuple[Any, ...]]
"""A step of a query set: ("filter", ((lookup, value), ...)), ("slice", (start, stop)), or order_by and
select_related with their names."""
Shape = tuple[Any, ...]


class NotPlain(Exception):
    """This shape of query can't be read here; Django reads it."""


_serving = False
"""Set by `start`: the event loops of tests and commands do not live as long as a pool must."""


def start() -> None:
    """Enable reads without threads for calls on the running loop. Called when a server starts.

    Does nothing on Windows' own loop, which can't watch a connection: there Django reads.
    """
    global _serving
    _serving = not isinstance(asyncio.get_running_loop(), getattr(asyncio, "ProactorEventLoop", ()))


async def stop() -> None:
    """Close the connections. Called when the server stops."""
    global _serving
    _serving = False
    await pool.close()


@cache
def unconnected() -> Any:
    """Django's settings, operations and errors of the database; never connected. `connections` makes one per task."""
    return connections.create_connection(DEFAULT_DB_ALIAS)


def is_possible() -> bool:
    """Return whether a read may go past the ORM: in a call on a server's loop with no transaction open."""
    held = holds_connection.get()
    return _serving and held is not None and not held()


def kind(value: Any) -> Any:
    """Return the part of a filter's value that its SQL depends on. Raises NotPlain."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, tuple):
        if not 0 < len(value) <= LONGEST_LIST or not all(isinstance(each, VALUES) for each in value):
            raise NotPlain
        return "values", len(set(value))  # not the bare number: 1 is the same key as True
    if isinstance(value, VALUES):
        return "value"
    raise NotPlain


def shape(model: type[models.Model], steps: Sequence[Step]) -> Shape:
    """The key of query sets that have the same SQL. Raises NotPlain."""
    return (
        model,
        *(
            (name, tuple((lookup, kind(value)) for lookup, value in given))
            if name == "filter"
            else (name, given)
            for name, given in steps
        ),
    )


# Plans ----------------------------------------------------------------------------------------------------------------


class Runnable(Protocol):
    """SQL with the conversion of its rows.

    sql        as Django writes it; statement: as it is sent
    make       converts rows to objects
    """

    @property
    def sql(self) -> str: ...
    @property
    def statement(self) -> bytes: ...
    @property
    def make(self) -> Callable[[Iterable[Sequence[Any]]], list[Any]]: ...


@dataclass(frozen=True)
class Plan:
    """The way to run queries of one shape.

    sql          as Django writes it; statement: as it is sent
    lookups      one for each value of the filters, in the order of the parameters; None if the SQL contains the value
    fixed        the parameters of the latter
    count        the number of parameters in the SQL
    make         converts rows to objects
    """

    sql: str
    statement: bytes
    lookups: tuple[Lookup[Any] | None, ...]
    fixed: tuple[tuple[Any, ...], ...]
    count: int
    make: Callable[[Iterable[Sequence[Any]]], list[Any]]

    def parameters(self, values: Iterable[Any]) -> list[Any]:
        found: list[Any] = []
        for lookup, fixed, value in zip(self.lookups, self.fixed, values, strict=True):
            found += fixed if lookup is None else _parameters(lookup, value)
        return found


_plans: dict[Shape, Plan | None] = {}


async def fetch(query_set: Any, steps: Sequence[Step]) -> list[Any] | None:
    """The objects of a query set with these steps; None if Django has to read them."""
    try:
        found = shape(query_set.model, steps)
        plan = _recalled(found)
    except NotPlain:
        return None
    except KeyError:
        plan = await sync_to_async(_remember)(found, query_set, steps)
    parameters = _fitting(plan, steps)
    return None if plan is None or parameters is None else await run(plan, parameters)


def fetch_now(query_set: Any, steps: Sequence[Step]) -> list[Any] | None:
    """The same in sync code: on Django's connection of this thread, and therefore in its transaction."""
    try:
        found = shape(query_set.model, steps)
        plan = _recalled(found)
    except NotPlain:
        return None
    except KeyError:
        plan = _remember(found, query_set, steps)
    parameters = _fitting(plan, steps)
    if plan is None or parameters is None:
        return None
    return run_now(plan, parameters)


def run_now(plan: Runnable, parameters: Sequence[Any]) -> list[Any]:
    """The objects of a plan, read on Django's connection of this thread, and therefore in its transaction."""
    with _cursor(connections[DEFAULT_DB_ALIAS]) as cursor:
        cursor.execute(plan.sql, parameters)
        return plan.make(cursor.fetchall())


def _cursor(wrapper: Any) -> Any:
    """A cursor of Django; on a server's threads a faster one, if no transaction is open and queries are not logged."""
    if not _serving or wrapper.queries_logged or wrapper.in_atomic_block:
        return wrapper.cursor()
    wrapper.close_if_health_check_failed()
    wrapper.ensure_connection()
    if not statements.is_possible(wrapper.connection):
        return wrapper.cursor()
    return wrapper.make_cursor(statements.Cursor(wrapper.connection))


def _recalled(found: Shape) -> Plan | None:
    """Return the cached plan. Raises KeyError if there is none yet."""
    plan = _plans[found] = _plans.pop(found)  # the most recently used plan is dropped last
    return plan


def _fitting(plan: Plan | None, steps: Sequence[Step]) -> list[Any] | None:
    """The parameters for these values; None if the plan's SQL does not fit them."""
    if plan is None:
        return None
    try:
        parameters = plan.parameters(_values(steps))
    except (EmptyResultSet, FullResultSet):  # a number that no column of the type holds
        return None
    return (
        parameters if len(parameters) == plan.count else None
    )  # two values of one list were encoded differently


def _values(steps: Sequence[Step]) -> list[Any]:
    return [value for name, given in steps if name == "filter" for _, value in given]


def _remember(found: Shape, query_set: Any, steps: Sequence[Step]) -> Plan | None:
    """Compile on a thread, because Django queries the database for its version."""
    try:
        plan: Plan | None = _compiled(query_set, _values(steps))
    except NotPlain:
        plan = None
    if len(_plans) >= SHAPES:
        del _plans[next(iter(_plans))]  # the least recently used one
    _plans[found] = plan
    return plan


async def run(plan: Runnable, parameters: Sequence[Any]) -> list[Any] | None:
    """The objects of a plan, read on the running loop; None if Django has to read them."""
    span = observe.current()
    started = time.perf_counter()
    error = ""
    try:
        with unconnected().wrap_database_errors:
            rows = await pool.fetch(plan.statement, parameters)
    except BaseException as failure:
        error = type(failure).__name__  # its text may contain values
        if isinstance(failure.__cause__, Unavailable):
            return None  # Django may still have open connections
        raise
    finally:
        if span is not None:
            span.add_query(observe.Query(plan.sql, time.perf_counter() - started, error))
    return plan.make(rows)


# Compiling ----------------------------------------------------------------------------------------------------------


def _compiled(query_set: Any, values: list[Any]) -> Plan:
    """The plan of a query set's shape, compiled from one with these values in its filters. Raises NotPlain."""
    query = query_set.query
    wrapper = connections[DEFAULT_DB_ALIAS]
    compiler = query.get_compiler(using=DEFAULT_DB_ALIAS)
    try:
        sql, parameters = compiler.as_sql(with_col_aliases=False)
    except (EmptyResultSet, FullResultSet):
        raise NotPlain from None
    if compiler.annotation_col_map or query.combinator or query.distinct:
        raise NotPlain
    leaves = _leaves(query.where)
    if len(leaves) != len(values):
        raise NotPlain
    fixed = tuple(_fixed(leaf, compiler, wrapper) for leaf in leaves)
    if [each for found in fixed for each in found] != list(parameters):
        raise NotPlain
    # None and truth values are in the SQL already, and in the shape.
    varying = tuple(
        None if value is None or isinstance(value, bool) else leaf
        for leaf, value in zip(leaves, values, strict=True)
    )
    for leaf, found, value in zip(varying, fixed, values, strict=True):
        if leaf is not None and tuple(_parameters(leaf, value)) != found:
            raise NotPlain  # each value belongs to a lookup, but not to this one
    return Plan(sql, pipeline.numbered(sql), varying, fixed, len(parameters), maker(compiler, wrapper))


def _leaves(where: Any) -> list[Lookup[Any]]:
    """The lookups of a WHERE that only combines them with AND, each on a whole column. Raises NotPlain."""
    if where.connector != AND or where.negated:
        raise NotPlain
    found: list[Lookup[Any]] = []
    for child in where.children:
        if hasattr(child, "children"):
            found += _leaves(child)
        elif isinstance(child, Lookup) and isinstance(child.lhs, Col) and child.lookup_name in PLAIN_LOOKUPS:
            found.append(child)
        else:
            raise NotPlain
    return found


def _fixed(leaf: Lookup[Any], compiler: Any, wrapper: Any) -> tuple[Any, ...]:
    _, parameters = leaf.as_sql(compiler, wrapper)
    return tuple(parameters)


def _parameters(lookup: Lookup[Any], value: Any) -> Sequence[Any]:
    """Return the parameters that Django makes of another value for a lookup that it built for one."""
    other = copy.copy(lookup)
    other.rhs = value
    other.rhs = other.get_prep_lookup()
    _, parameters = other.process_rhs(_compiler(lookup.lhs.target.model), unconnected())
    return parameters


@cache
def _compiler(model: type[models.Model]) -> Any:
    return models.QuerySet(model).query.get_compiler(using=DEFAULT_DB_ALIAS)


def maker(compiler: Any, wrapper: Any) -> Callable[[Iterable[Sequence[Any]]], list[Any]]:
    """Convert rows to objects, like Django's ModelIterable, with their annotations as attributes."""
    select, klass_info = compiler.select, compiler.klass_info
    fields = klass_info["select_fields"]
    start, stop = fields[0], fields[-1] + 1
    how = _from_row(klass_info["model"], [each[0].target.attname for each in select[start:stop]])
    populators = get_related_populators(klass_info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
    converters = [
        (position, function, expression)
        for position, (functions, expression) in compiler.get_converters([each[0] for each in select]).items()
        for function in functions
    ]
    has_more = len(select) > stop - start
    annotations = list((compiler.annotation_col_map or {}).items())

    def make(rows: Iterable[Sequence[Any]]) -> list[Any]:
        if converters:
            columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
            for position, function, expression in converters if columns else ():
                columns[position] = [function(value, expression, wrapper) for value in columns[position]]
            rows = zip(*columns, strict=True)
        from_row = how()
        made = []
        for row in rows:
            one = from_row(row[start:stop] if has_more else row)
            for populator in populators:
                populator.populate(row, one)
            for name, position in annotations:
                one.__dict__[name] = row[position]
            made.append(one)
        return made

    return make


def _from_row(model: type[models.Model], names: list[str]) -> Callable[[], Callable[[Sequence[Any]], Any]]:
    """`Model.from_db`, or its effect inlined for classes that override nothing of it and have no signals for it.

    It takes a quarter of the time: no positional arguments to sort out, no setattr for each.
    """

    fill = _filler(names)

    def by_django(values: Sequence[Any]) -> Any:
        return model.from_db(DEFAULT_DB_ALIAS, names, values)

    def quick(values: Sequence[Any]) -> Any:
        made = model.__new__(model)
        state = ModelState()
        state.db, state.adding = DEFAULT_DB_ALIAS, False
        own = made.__dict__
        own["_state"] = state
        fill(own, values)
        return made

    if not _is_made_as_usual(model, names):
        return lambda: by_django
    return lambda: by_django if pre_init.has_listeners(model) or post_init.has_listeners(model) else quick


def _filler(names: list[str]) -> Callable[[dict[str, Any], Sequence[Any]], None]:
    """`own.update(zip(names, values))` as generated code for these names, which takes a third of the time."""
    made: dict[str, Any] = {}
    exec(f"def fill(own, values): [{', '.join(f'own[{name!r}]' for name in names)}] = values", made)
    return made["fill"]  # type: ignore[no-any-return]


def _is_made_as_usual(model: type[models.Model], names: list[str]) -> bool:
    """Return whether objects only hold their values: no methods that run on creation, no other attributes to set."""
    usual = models.Model
    attributes = [inspect.getattr_static(model, name, None) for name in names]
    return (
        model.from_db.__func__ is usual.from_db.__func__  # type: ignore[attr-defined]
        and model.__init__ is usual.__init__
        and model.__new__ is usual.__new__
        and model.__setattr__ is usual.__setattr__
        # A foreign key's column drops the cached object of another key; a new object has none.
        and all(
            isinstance(each, ForeignKeyDeferredAttribute) or not hasattr(type(each), "__set__")
            for each in attributes
        )
    )
