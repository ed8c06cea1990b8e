"""Queries of generated models: Django's own, with types for the type checker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING, Any, Generic, Self, TypeAlias, TypeVar, overload

from asgiref.sync import sync_to_async
from django.db import DEFAULT_DB_ALIAS, models

from podium.reads import fast as reads
from podium.reads.conf import conf
from podium.reads.fast import Step

ModelT = TypeVar("ModelT", bound=models.Model, covariant=True)


class QuerySet(models.QuerySet[ModelT, ModelT]):
    """The base of each generated query set. `objects` of a model is `<Model>QuerySet.as_manager()`.

    Plain filters, an order, a slice and select_related are only recorded as steps; Django builds its query from them
    when it is needed. Reads of such query sets do not need it, and in a call on the event loop they need no thread
    either (podium/reads/fast.py); the results are the same. With the setting READS = "orm", Django reads everything.
    """

    _steps: tuple[Step, ...] = ()

    def __init__(self, model: Any = None, query: Any = None, using: Any = None, hints: Any = None) -> None:
        super().__init__(model, query, using, hints)
        self._is_plain = query is None and conf.READS == "fast"

    @property
    def query(self) -> Any:
        if self._steps:
            self._build()
        return super().query

    @query.setter
    def query(self, value: Any) -> None:
        self._steps, self._is_plain = (), False
        models.QuerySet.query.fset(self, value)  # type: ignore[attr-defined]

    def _build(self) -> None:
        """Build Django's query from the steps."""
        steps, self._steps, self._is_plain = self._steps, (), False
        made: Any = self
        for name, given in steps:
            made = _take(made, name, given)
        self._query = made._query

    def _noted(self, step: Step) -> Self | None:
        """The query set with one more step; None if Django has to build it now."""
        own: Any = self  # the stubs leave out names that begin with _
        if not self._is_plain or own._result_cache is not None or own._sticky_filter:
            return None
        steps = (*self._steps, step)
        try:
            found = reads.shape(self.model, steps)
        except (reads.NotPlain, TypeError):  # TypeError: a value that has no hash
            return None
        made = self._with(steps)
        if found not in _checked:  # an unknown field must be reported here, not when rows are read
            self._with(steps)._build()
            if len(_checked) < reads.SHAPES:
                _checked.add(found)
        return made

    def _with(self, steps: tuple[Step, ...]) -> Self:
        """The same query set with these steps. The query is shared: it contains no step and never changes."""
        made = type(self).__new__(type(self))
        made.__dict__.update(self.__dict__)
        made._steps = steps
        return made

    def filter(self, *conditions: Any, **lookups: Any) -> Self:
        own: Any = self
        if not conditions and not own._defer_next_filter:
            given = tuple(sorted((name, _frozen(value)) for name, value in lookups.items()))
            if (noted := self._noted(("filter", given))) is not None:
                return noted
        return super().filter(*conditions, **lookups)

    def order_by(self, *fields: Any) -> Self:
        noted = self._noted(("order_by", fields)) if _are_names(fields) else None
        if noted is not None:
            return noted
        return super().order_by(*fields)

    def select_related(self, *fields: Any) -> Self:
        noted = self._noted(("select_related", fields)) if fields and _are_names(fields) else None
        if noted is not None:
            return noted
        return super().select_related(*fields)

    @overload
    def __getitem__(self, key: int) -> ModelT: ...
    @overload
    def __getitem__(self, key: slice) -> Self: ...
    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice) and _is_plain_slice(key) and not self._is_sliced():
            noted = self._noted(("slice", (key.start or 0, key.stop)))
            if noted is not None:
                return noted
        return super().__getitem__(key)

    def _is_sliced(self) -> bool:
        return any(name == "slice" for name, _ in self._steps)

    def _only(self, lookups: dict[str, Any]) -> Self:
        """The query set with these lookups, limited to as many rows as distinguish one from many."""
        given = ("filter", tuple(sorted((name, _frozen(value)) for name, value in lookups.items())))
        unordered = [step for step in self._steps if step[0] != "order_by"]
        return self._with((*unordered, given, ("order_by", ()), ("slice", (0, 2))))

    # Reads in sync code -----------------------------------------------------------------------------------------------

    def _fetch_all(self) -> None:
        own: Any = self
        if own._result_cache is None and self._is_readable():
            own._result_cache = reads.fetch_now(self, self._steps)
        super()._fetch_all()

    def get(self, *conditions: Any, **lookups: Any) -> ModelT:
        if not conditions and self._is_plain and not self._is_sliced():
            asked = self._only(lookups)
            found: list[ModelT] | None = (
                reads.fetch_now(asked, asked._steps) if asked._is_readable() else None
            )
            if found is not None and len(found) == 1:
                return found[0]
        return super().get(*conditions, **lookups)  # which also raises the error for none or many

    # Reads on the event loop ------------------------------------------------------------------------------------------

    def _is_readable(self) -> bool:
        own: Any = self
        return self._is_plain and not own._known_related_objects and self.db == DEFAULT_DB_ALIAS

    async def _read(self) -> list[ModelT] | None:
        """The objects, if they can be read without a thread."""
        return await reads.fetch(self, self._steps) if self._is_readable() and reads.is_possible() else None

    def __aiter__(self) -> AsyncIterator[ModelT]:
        return self._objects()

    async def _objects(self) -> AsyncIterator[ModelT]:
        own: Any = self
        if own._result_cache is None and not own._prefetch_related_lookups:
            own._result_cache = await self._read()
        if own._result_cache is None:
            await sync_to_async(own._fetch_all)()
        for each in own._result_cache:
            yield each

    async def aget(self, *conditions: Any, **lookups: Any) -> ModelT:
        if not conditions and self._is_plain and not self._is_sliced() and reads.is_possible():
            found: list[ModelT] | None = await self._only(lookups)._read()
            if found is not None and len(found) == 1:
                return found[0]
        return await super().aget(*conditions, **lookups)  # which also raises the error for none or many

    async def afirst(self) -> ModelT | None:
        if self._is_plain and not self._is_sliced() and reads.is_possible():
            ordered = any(name == "order_by" for name, _ in self._steps) or self.model._meta.ordering
            found = await (self if ordered else self.order_by("pk"))[:1]._read()
            if found is not None:
                return found[0] if found else None
        return await super().afirst()

    if TYPE_CHECKING:
        # For the checker, a manager is a query set and has all its methods, so that `Note.objects.filter(...)`
        # knows the fields of Note, and methods that an app adds to its query sets are known on `objects` too.
        @classmethod
        def as_manager(cls) -> Self: ...  # type: ignore[override]


_checked: set[reads.Shape] = set()
"""Shapes that Django has built once without an error."""


def _frozen(value: Any) -> Any:
    """A copy of a filter's value: a list may change before the query set is read."""
    return tuple(value) if isinstance(value, list | set | frozenset) else value


def _are_names(fields: tuple[Any, ...]) -> bool:
    return all(isinstance(each, str) for each in fields)


def _is_plain_slice(key: slice) -> bool:
    start, stop = key.start or 0, key.stop
    return key.step is None and isinstance(start, int) and isinstance(stop, int) and 0 <= start < stop


def _take(query_set: Any, name: str, given: tuple[Any, ...]) -> Any:
    """Apply a step with Django itself."""
    if name == "slice":
        return models.QuerySet.__getitem__(query_set, slice(*given))
    if name == "filter":
        return models.QuerySet.filter(query_set, **dict(given))
    return getattr(models.QuerySet, name)(query_set, *given)


if TYPE_CHECKING:
    from django.db.models.expressions import BaseExpression, Combinable

    Expression: TypeAlias = Combinable | BaseExpression | models.QuerySet[Any, Any]

    ObjectT = TypeVar("ObjectT", bound=models.Model)

    class RelatedObjects(Generic[ObjectT]):
        """Methods of Django's manager of the other side of a foreign key, beyond those of a query set."""

        def add(self, *objects: ObjectT, bulk: bool = True) -> None: ...
        async def aadd(self, *objects: ObjectT, bulk: bool = True) -> None: ...
        def remove(self, *objects: ObjectT, bulk: bool = True) -> None: ...
        async def aremove(self, *objects: ObjectT, bulk: bool = True) -> None: ...
        def clear(self, *, bulk: bool = True) -> None: ...
        async def aclear(self, *, bulk: bool = True) -> None: ...
        def set(self, objects: Iterable[ObjectT], *, bulk: bool = True, clear: bool = False) -> None: ...
        async def aset(
            self, objects: Iterable[ObjectT], *, bulk: bool = True, clear: bool = False
        ) -> None: ...
