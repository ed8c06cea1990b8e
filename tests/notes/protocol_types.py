"""Typed queries of notes, generated from its model files by `python3 manage.py generate`. Do not edit."""

# mypy: disable-error-code=override
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, Never, Self, TypeAlias, TypedDict, Unpack

from django.db import models

from podium.reads.queries import QuerySet

if TYPE_CHECKING:
    from podium.reads.queries import Expression, RelatedObjects

    from .protocol import Note, Notebook, NoteColor


class NoteQuerySet(QuerySet["Note"]):
    """Queries of Note; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[NoteLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[NoteLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[NoteLookups]) -> Note: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[NoteLookups]) -> Note: ...
        def create(self, **values: Unpack[NoteValues]) -> Note: ...
        async def acreate(self, **values: Unpack[NoteValues]) -> Note: ...
        def update(self, **values: Unpack[NoteValues]) -> int: ...
        async def aupdate(self, **values: Unpack[NoteValues]) -> int: ...
        def order_by(self, *fields: NoteOrder | Expression) -> Self: ...
        def values(self, *fields: NoteField, **named: Expression) -> models.QuerySet[Note, dict[str, Any]]: ...
        def values_list(
            self, *fields: NoteField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[Note, Any]: ...
        def only(self, *fields: NoteField) -> Self: ...
        def defer(self, *fields: NoteField) -> Self: ...
        def select_related(self, *relations: NoteParent) -> Self: ...
        def prefetch_related(self, *relations: NoteRelation | models.Prefetch[Any]) -> Self: ...


class NotebookQuerySet(QuerySet["Notebook"]):
    """Queries of Notebook; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[NotebookLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[NotebookLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[NotebookLookups]) -> Notebook: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[NotebookLookups]) -> Notebook: ...
        def create(self, **values: Unpack[NotebookValues]) -> Notebook: ...
        async def acreate(self, **values: Unpack[NotebookValues]) -> Notebook: ...
        def update(self, **values: Unpack[NotebookValues]) -> int: ...
        async def aupdate(self, **values: Unpack[NotebookValues]) -> int: ...
        def order_by(self, *fields: NotebookOrder | Expression) -> Self: ...
        def values(self, *fields: NotebookField, **named: Expression) -> models.QuerySet[Notebook, dict[str, Any]]: ...
        def values_list(
            self, *fields: NotebookField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[Notebook, Any]: ...
        def only(self, *fields: NotebookField) -> Self: ...
        def defer(self, *fields: NotebookField) -> Self: ...
        def select_related(self, *relations: NotebookParent) -> Self: ...
        def prefetch_related(self, *relations: NotebookRelation | models.Prefetch[Any]) -> Self: ...


if TYPE_CHECKING:

    class NoteLookups(TypedDict, total=False):
        pk: int | Expression
        pk__in: Iterable[int] | Expression
        pk__isnull: bool
        id: int | Expression | None
        id__in: Iterable[int] | Expression
        id__isnull: bool
        id__gt: int | Expression
        id__gte: int | Expression
        id__lt: int | Expression
        id__lte: int | Expression
        id__range: tuple[int | Expression, int | Expression]
        title: str | Expression
        title__in: Iterable[str] | Expression
        title__isnull: bool
        title__gt: str | Expression
        title__gte: str | Expression
        title__lt: str | Expression
        title__lte: str | Expression
        title__range: tuple[str | Expression, str | Expression]
        title__iexact: str | Expression
        title__contains: str | Expression
        title__icontains: str | Expression
        title__startswith: str | Expression
        title__istartswith: str | Expression
        title__endswith: str | Expression
        title__iendswith: str | Expression
        title__regex: str | Expression
        title__iregex: str | Expression
        body: str | Expression
        body__in: Iterable[str] | Expression
        body__isnull: bool
        body__gt: str | Expression
        body__gte: str | Expression
        body__lt: str | Expression
        body__lte: str | Expression
        body__range: tuple[str | Expression, str | Expression]
        body__iexact: str | Expression
        body__contains: str | Expression
        body__icontains: str | Expression
        body__startswith: str | Expression
        body__istartswith: str | Expression
        body__endswith: str | Expression
        body__iendswith: str | Expression
        body__regex: str | Expression
        body__iregex: str | Expression
        color: NoteColor | Expression
        color__in: Iterable[NoteColor] | Expression
        color__isnull: bool
        tags: Any
        tags__isnull: bool
        tags__contains: Any
        tags__contained_by: Any
        tags__has_key: str
        tags__has_keys: Iterable[str]
        tags__has_any_keys: Iterable[str]
        remind_at: datetime.datetime | Expression | None
        remind_at__in: Iterable[datetime.datetime] | Expression
        remind_at__isnull: bool
        remind_at__gt: datetime.datetime | Expression
        remind_at__gte: datetime.datetime | Expression
        remind_at__lt: datetime.datetime | Expression
        remind_at__lte: datetime.datetime | Expression
        remind_at__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        remind_at__date: datetime.date | Expression
        remind_at__date__gt: datetime.date | Expression
        remind_at__date__gte: datetime.date | Expression
        remind_at__date__lt: datetime.date | Expression
        remind_at__date__lte: datetime.date | Expression
        remind_at__year: int | Expression
        remind_at__month: int | Expression
        remind_at__day: int | Expression
        remind_at__week_day: int | Expression
        remind_at__hour: int | Expression
        remind_at__minute: int | Expression
        reminded: bool | Expression
        reminded__in: Iterable[bool] | Expression
        reminded__isnull: bool
        notebook_id: int | Expression | None
        notebook_id__in: Iterable[int] | Expression
        notebook_id__isnull: bool
        notebook_id__gt: int | Expression
        notebook_id__gte: int | Expression
        notebook_id__lt: int | Expression
        notebook_id__lte: int | Expression
        notebook_id__range: tuple[int | Expression, int | Expression]
        owner_id: uuid.UUID | str | Expression | None
        owner_id__in: Iterable[uuid.UUID | str] | Expression
        owner_id__isnull: bool
        owner_id__gt: uuid.UUID | str | Expression
        owner_id__gte: uuid.UUID | str | Expression
        owner_id__lt: uuid.UUID | str | Expression
        owner_id__lte: uuid.UUID | str | Expression
        owner_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        created_at: datetime.datetime | Expression
        created_at__in: Iterable[datetime.datetime] | Expression
        created_at__isnull: bool
        created_at__gt: datetime.datetime | Expression
        created_at__gte: datetime.datetime | Expression
        created_at__lt: datetime.datetime | Expression
        created_at__lte: datetime.datetime | Expression
        created_at__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        created_at__date: datetime.date | Expression
        created_at__date__gt: datetime.date | Expression
        created_at__date__gte: datetime.date | Expression
        created_at__date__lt: datetime.date | Expression
        created_at__date__lte: datetime.date | Expression
        created_at__year: int | Expression
        created_at__month: int | Expression
        created_at__day: int | Expression
        created_at__week_day: int | Expression
        created_at__hour: int | Expression
        created_at__minute: int | Expression
        notebook: Notebook | Expression | None
        notebook__in: Iterable[Notebook] | Expression
        notebook__isnull: bool
        notebook__pk: int | Expression
        notebook__pk__in: Iterable[int] | Expression
        notebook__pk__isnull: bool
        notebook__id: int | Expression | None
        notebook__id__in: Iterable[int] | Expression
        notebook__id__isnull: bool
        notebook__id__gt: int | Expression
        notebook__id__gte: int | Expression
        notebook__id__lt: int | Expression
        notebook__id__lte: int | Expression
        notebook__id__range: tuple[int | Expression, int | Expression]
        notebook__name: str | Expression
        notebook__name__in: Iterable[str] | Expression
        notebook__name__isnull: bool
        notebook__name__gt: str | Expression
        notebook__name__gte: str | Expression
        notebook__name__lt: str | Expression
        notebook__name__lte: str | Expression
        notebook__name__range: tuple[str | Expression, str | Expression]
        notebook__name__iexact: str | Expression
        notebook__name__contains: str | Expression
        notebook__name__icontains: str | Expression
        notebook__name__startswith: str | Expression
        notebook__name__istartswith: str | Expression
        notebook__name__endswith: str | Expression
        notebook__name__iendswith: str | Expression
        notebook__name__regex: str | Expression
        notebook__name__iregex: str | Expression
        notebook__owner_id: uuid.UUID | str | Expression | None
        notebook__owner_id__in: Iterable[uuid.UUID | str] | Expression
        notebook__owner_id__isnull: bool
        notebook__owner_id__gt: uuid.UUID | str | Expression
        notebook__owner_id__gte: uuid.UUID | str | Expression
        notebook__owner_id__lt: uuid.UUID | str | Expression
        notebook__owner_id__lte: uuid.UUID | str | Expression
        notebook__owner_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        notebook__created_at: datetime.datetime | Expression
        notebook__created_at__in: Iterable[datetime.datetime] | Expression
        notebook__created_at__isnull: bool
        notebook__created_at__gt: datetime.datetime | Expression
        notebook__created_at__gte: datetime.datetime | Expression
        notebook__created_at__lt: datetime.datetime | Expression
        notebook__created_at__lte: datetime.datetime | Expression
        notebook__created_at__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        notebook__created_at__date: datetime.date | Expression
        notebook__created_at__date__gt: datetime.date | Expression
        notebook__created_at__date__gte: datetime.date | Expression
        notebook__created_at__date__lt: datetime.date | Expression
        notebook__created_at__date__lte: datetime.date | Expression
        notebook__created_at__year: int | Expression
        notebook__created_at__month: int | Expression
        notebook__created_at__day: int | Expression
        notebook__created_at__week_day: int | Expression
        notebook__created_at__hour: int | Expression
        notebook__created_at__minute: int | Expression
        notebook__notes: Note | Expression | None
        notebook__notes__pk: int | Expression
        notebook__notes__id: int | Expression | None
        notebook__notes__title: str | Expression
        notebook__notes__body: str | Expression
        notebook__notes__color: NoteColor | Expression
        notebook__notes__tags: Any
        notebook__notes__remind_at: datetime.datetime | Expression | None
        notebook__notes__reminded: bool | Expression
        notebook__notes__notebook_id: int | Expression | None
        notebook__notes__owner_id: uuid.UUID | str | Expression | None
        notebook__notes__created_at: datetime.datetime | Expression

    class NoteQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[NoteLookups]) -> None: ...

    class NoteValues(TypedDict, total=False):
        id: int | Expression | None
        title: str | Expression
        body: str | Expression
        color: NoteColor | Expression
        tags: list[str] | Expression
        remind_at: datetime.datetime | Expression | None
        reminded: bool | Expression
        notebook_id: int | Expression | None
        notebook: Notebook | Expression | None
        owner_id: uuid.UUID | Expression | None
        created_at: datetime.datetime | Expression

    NoteField: TypeAlias = Literal[
        "pk",
        "id",
        "title",
        "body",
        "color",
        "tags",
        "remind_at",
        "reminded",
        "notebook_id",
        "notebook",
        "owner_id",
        "created_at",
        "notebook__id",
        "notebook__name",
        "notebook__owner_id",
        "notebook__created_at",
    ]

    NoteOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "title",
        "-title",
        "body",
        "-body",
        "color",
        "-color",
        "tags",
        "-tags",
        "remind_at",
        "-remind_at",
        "reminded",
        "-reminded",
        "notebook_id",
        "-notebook_id",
        "notebook",
        "-notebook",
        "owner_id",
        "-owner_id",
        "created_at",
        "-created_at",
        "notebook__id",
        "-notebook__id",
        "notebook__name",
        "-notebook__name",
        "notebook__owner_id",
        "-notebook__owner_id",
        "notebook__created_at",
        "-notebook__created_at",
        "?",
    ]

    NoteParent: TypeAlias = Literal["notebook"]

    NoteRelation: TypeAlias = Literal["notebook", "notebook__notes"]

    class NoteRelated(NoteQuerySet, RelatedObjects[Note]):
        """The Note objects related to another object."""

    class NotebookLookups(TypedDict, total=False):
        pk: int | Expression
        pk__in: Iterable[int] | Expression
        pk__isnull: bool
        id: int | Expression | None
        id__in: Iterable[int] | Expression
        id__isnull: bool
        id__gt: int | Expression
        id__gte: int | Expression
        id__lt: int | Expression
        id__lte: int | Expression
        id__range: tuple[int | Expression, int | Expression]
        name: str | Expression
        name__in: Iterable[str] | Expression
        name__isnull: bool
        name__gt: str | Expression
        name__gte: str | Expression
        name__lt: str | Expression
        name__lte: str | Expression
        name__range: tuple[str | Expression, str | Expression]
        name__iexact: str | Expression
        name__contains: str | Expression
        name__icontains: str | Expression
        name__startswith: str | Expression
        name__istartswith: str | Expression
        name__endswith: str | Expression
        name__iendswith: str | Expression
        name__regex: str | Expression
        name__iregex: str | Expression
        owner_id: uuid.UUID | str | Expression | None
        owner_id__in: Iterable[uuid.UUID | str] | Expression
        owner_id__isnull: bool
        owner_id__gt: uuid.UUID | str | Expression
        owner_id__gte: uuid.UUID | str | Expression
        owner_id__lt: uuid.UUID | str | Expression
        owner_id__lte: uuid.UUID | str | Expression
        owner_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        created_at: datetime.datetime | Expression
        created_at__in: Iterable[datetime.datetime] | Expression
        created_at__isnull: bool
        created_at__gt: datetime.datetime | Expression
        created_at__gte: datetime.datetime | Expression
        created_at__lt: datetime.datetime | Expression
        created_at__lte: datetime.datetime | Expression
        created_at__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        created_at__date: datetime.date | Expression
        created_at__date__gt: datetime.date | Expression
        created_at__date__gte: datetime.date | Expression
        created_at__date__lt: datetime.date | Expression
        created_at__date__lte: datetime.date | Expression
        created_at__year: int | Expression
        created_at__month: int | Expression
        created_at__day: int | Expression
        created_at__week_day: int | Expression
        created_at__hour: int | Expression
        created_at__minute: int | Expression
        notes: Note | Expression | None
        notes__in: Iterable[Note] | Expression
        notes__isnull: bool
        notes__pk: int | Expression
        notes__pk__in: Iterable[int] | Expression
        notes__pk__isnull: bool
        notes__id: int | Expression | None
        notes__id__in: Iterable[int] | Expression
        notes__id__isnull: bool
        notes__id__gt: int | Expression
        notes__id__gte: int | Expression
        notes__id__lt: int | Expression
        notes__id__lte: int | Expression
        notes__id__range: tuple[int | Expression, int | Expression]
        notes__title: str | Expression
        notes__title__in: Iterable[str] | Expression
        notes__title__isnull: bool
        notes__title__gt: str | Expression
        notes__title__gte: str | Expression
        notes__title__lt: str | Expression
        notes__title__lte: str | Expression
        notes__title__range: tuple[str | Expression, str | Expression]
        notes__title__iexact: str | Expression
        notes__title__contains: str | Expression
        notes__title__icontains: str | Expression
        notes__title__startswith: str | Expression
        notes__title__istartswith: str | Expression
        notes__title__endswith: str | Expression
        notes__title__iendswith: str | Expression
        notes__title__regex: str | Expression
        notes__title__iregex: str | Expression
        notes__body: str | Expression
        notes__body__in: Iterable[str] | Expression
        notes__body__isnull: bool
        notes__body__gt: str | Expression
        notes__body__gte: str | Expression
        notes__body__lt: str | Expression
        notes__body__lte: str | Expression
        notes__body__range: tuple[str | Expression, str | Expression]
        notes__body__iexact: str | Expression
        notes__body__contains: str | Expression
        notes__body__icontains: str | Expression
        notes__body__startswith: str | Expression
        notes__body__istartswith: str | Expression
        notes__body__endswith: str | Expression
        notes__body__iendswith: str | Expression
        notes__body__regex: str | Expression
        notes__body__iregex: str | Expression
        notes__color: NoteColor | Expression
        notes__color__in: Iterable[NoteColor] | Expression
        notes__color__isnull: bool
        notes__tags: Any
        notes__tags__isnull: bool
        notes__tags__contains: Any
        notes__tags__contained_by: Any
        notes__tags__has_key: str
        notes__tags__has_keys: Iterable[str]
        notes__tags__has_any_keys: Iterable[str]
        notes__remind_at: datetime.datetime | Expression | None
        notes__remind_at__in: Iterable[datetime.datetime] | Expression
        notes__remind_at__isnull: bool
        notes__remind_at__gt: datetime.datetime | Expression
        notes__remind_at__gte: datetime.datetime | Expression
        notes__remind_at__lt: datetime.datetime | Expression
        notes__remind_at__lte: datetime.datetime | Expression
        notes__remind_at__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        notes__remind_at__date: datetime.date | Expression
        notes__remind_at__date__gt: datetime.date | Expression
        notes__remind_at__date__gte: datetime.date | Expression
        notes__remind_at__date__lt: datetime.date | Expression
        notes__remind_at__date__lte: datetime.date | Expression
        notes__remind_at__year: int | Expression
        notes__remind_at__month: int | Expression
        notes__remind_at__day: int | Expression
        notes__remind_at__week_day: int | Expression
        notes__remind_at__hour: int | Expression
        notes__remind_at__minute: int | Expression
        notes__reminded: bool | Expression
        notes__reminded__in: Iterable[bool] | Expression
        notes__reminded__isnull: bool
        notes__notebook_id: int | Expression | None
        notes__notebook_id__in: Iterable[int] | Expression
        notes__notebook_id__isnull: bool
        notes__notebook_id__gt: int | Expression
        notes__notebook_id__gte: int | Expression
        notes__notebook_id__lt: int | Expression
        notes__notebook_id__lte: int | Expression
        notes__notebook_id__range: tuple[int | Expression, int | Expression]
        notes__owner_id: uuid.UUID | str | Expression | None
        notes__owner_id__in: Iterable[uuid.UUID | str] | Expression
        notes__owner_id__isnull: bool
        notes__owner_id__gt: uuid.UUID | str | Expression
        notes__owner_id__gte: uuid.UUID | str | Expression
        notes__owner_id__lt: uuid.UUID | str | Expression
        notes__owner_id__lte: uuid.UUID | str | Expression
        notes__owner_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        notes__created_at: datetime.datetime | Expression
        notes__created_at__in: Iterable[datetime.datetime] | Expression
        notes__created_at__isnull: bool
        notes__created_at__gt: datetime.datetime | Expression
        notes__created_at__gte: datetime.datetime | Expression
        notes__created_at__lt: datetime.datetime | Expression
        notes__created_at__lte: datetime.datetime | Expression
        notes__created_at__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        notes__created_at__date: datetime.date | Expression
        notes__created_at__date__gt: datetime.date | Expression
        notes__created_at__date__gte: datetime.date | Expression
        notes__created_at__date__lt: datetime.date | Expression
        notes__created_at__date__lte: datetime.date | Expression
        notes__created_at__year: int | Expression
        notes__created_at__month: int | Expression
        notes__created_at__day: int | Expression
        notes__created_at__week_day: int | Expression
        notes__created_at__hour: int | Expression
        notes__created_at__minute: int | Expression
        notes__notebook: Notebook | Expression | None
        notes__notebook__pk: int | Expression
        notes__notebook__id: int | Expression | None
        notes__notebook__name: str | Expression
        notes__notebook__owner_id: uuid.UUID | str | Expression | None
        notes__notebook__created_at: datetime.datetime | Expression

    class NotebookQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[NotebookLookups]) -> None: ...

    class NotebookValues(TypedDict, total=False):
        id: int | Expression | None
        name: str | Expression
        owner_id: uuid.UUID | Expression | None
        created_at: datetime.datetime | Expression

    NotebookField: TypeAlias = Literal[
        "pk",
        "id",
        "name",
        "owner_id",
        "created_at",
        "notes__id",
        "notes__title",
        "notes__body",
        "notes__color",
        "notes__tags",
        "notes__remind_at",
        "notes__reminded",
        "notes__notebook_id",
        "notes__notebook",
        "notes__owner_id",
        "notes__created_at",
    ]

    NotebookOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "name",
        "-name",
        "owner_id",
        "-owner_id",
        "created_at",
        "-created_at",
        "notes__id",
        "-notes__id",
        "notes__title",
        "-notes__title",
        "notes__body",
        "-notes__body",
        "notes__color",
        "-notes__color",
        "notes__tags",
        "-notes__tags",
        "notes__remind_at",
        "-notes__remind_at",
        "notes__reminded",
        "-notes__reminded",
        "notes__notebook_id",
        "-notes__notebook_id",
        "notes__notebook",
        "-notes__notebook",
        "notes__owner_id",
        "-notes__owner_id",
        "notes__created_at",
        "-notes__created_at",
        "?",
    ]

    NotebookParent: TypeAlias = Never

    NotebookRelation: TypeAlias = Literal["notes", "notes__notebook"]

    class NotebookRelated(NotebookQuerySet, RelatedObjects[Notebook]):
        """The Notebook objects related to another object."""
