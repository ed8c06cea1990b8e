"""Typed queries of example, generated from its model files by `python3 manage.py generate`. Do not edit."""

# mypy: disable-error-code=override
# pyright: reportIncompatibleMethodOverride=false

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias, TypedDict, Unpack

from django.db import models

from podium.reads.queries import QuerySet

if TYPE_CHECKING:
    from accounts.models import User
    from podium.reads.queries import Expression, RelatedObjects

    from .protocol import Note


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
        reminded: bool | Expression
        reminded__in: Iterable[bool] | Expression
        reminded__isnull: bool
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
        owner: User | Expression | None
        owner__in: Iterable[User] | Expression
        owner__isnull: bool
        owner__pk: uuid.UUID | Expression
        owner__pk__in: Iterable[uuid.UUID] | Expression
        owner__pk__isnull: bool
        owner__id: uuid.UUID | str | Expression | None
        owner__id__in: Iterable[uuid.UUID | str] | Expression
        owner__id__isnull: bool
        owner__id__gt: uuid.UUID | str | Expression
        owner__id__gte: uuid.UUID | str | Expression
        owner__id__lt: uuid.UUID | str | Expression
        owner__id__lte: uuid.UUID | str | Expression
        owner__id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        owner__created_at: datetime.datetime | Expression
        owner__created_at__in: Iterable[datetime.datetime] | Expression
        owner__created_at__isnull: bool
        owner__created_at__gt: datetime.datetime | Expression
        owner__created_at__gte: datetime.datetime | Expression
        owner__created_at__lt: datetime.datetime | Expression
        owner__created_at__lte: datetime.datetime | Expression
        owner__created_at__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        owner__created_at__date: datetime.date | Expression
        owner__created_at__date__gt: datetime.date | Expression
        owner__created_at__date__gte: datetime.date | Expression
        owner__created_at__date__lt: datetime.date | Expression
        owner__created_at__date__lte: datetime.date | Expression
        owner__created_at__year: int | Expression
        owner__created_at__month: int | Expression
        owner__created_at__day: int | Expression
        owner__created_at__week_day: int | Expression
        owner__created_at__hour: int | Expression
        owner__created_at__minute: int | Expression
        owner__scope_names: Any
        owner__scope_names__isnull: bool
        owner__scope_names__contains: Any
        owner__scope_names__contained_by: Any
        owner__scope_names__has_key: str
        owner__scope_names__has_keys: Iterable[str]
        owner__scope_names__has_any_keys: Iterable[str]

    class NoteQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[NoteLookups]) -> None: ...

    class NoteValues(TypedDict, total=False):
        id: int | Expression | None
        title: str | Expression
        body: str | Expression
        reminded: bool | Expression
        owner_id: uuid.UUID | Expression | None
        owner: User | Expression | None
        created_at: datetime.datetime | Expression

    NoteField: TypeAlias = Literal[
        "pk",
        "id",
        "title",
        "body",
        "reminded",
        "owner_id",
        "owner",
        "created_at",
        "owner__id",
        "owner__created_at",
        "owner__scope_names",
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
        "reminded",
        "-reminded",
        "owner_id",
        "-owner_id",
        "owner",
        "-owner",
        "created_at",
        "-created_at",
        "owner__id",
        "-owner__id",
        "owner__created_at",
        "-owner__created_at",
        "owner__scope_names",
        "-owner__scope_names",
        "?",
    ]

    NoteParent: TypeAlias = Literal["owner"]

    NoteRelation: TypeAlias = Literal["owner"]

    class NoteRelated(NoteQuerySet, RelatedObjects[Note]):
        """The Note objects related to another object."""
