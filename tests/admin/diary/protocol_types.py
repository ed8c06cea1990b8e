"""Typed queries of diary, generated from its model files by `python3 manage.py generate`. Do not edit."""

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
    from accounts.models import User
    from podium.reads.queries import Expression, RelatedObjects

    from .protocol import Comment, Diary, Entry, Scan, Weather


class CommentQuerySet(QuerySet["Comment"]):
    """Queries of Comment; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[CommentLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[CommentLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[CommentLookups]) -> Comment: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[CommentLookups]) -> Comment: ...
        def create(self, **values: Unpack[CommentValues]) -> Comment: ...
        async def acreate(self, **values: Unpack[CommentValues]) -> Comment: ...
        def update(self, **values: Unpack[CommentValues]) -> int: ...
        async def aupdate(self, **values: Unpack[CommentValues]) -> int: ...
        def order_by(self, *fields: CommentOrder | Expression) -> Self: ...
        def values(self, *fields: CommentField, **named: Expression) -> models.QuerySet[Comment, dict[str, Any]]: ...
        def values_list(
            self, *fields: CommentField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[Comment, Any]: ...
        def only(self, *fields: CommentField) -> Self: ...
        def defer(self, *fields: CommentField) -> Self: ...
        def select_related(self, *relations: CommentParent) -> Self: ...
        def prefetch_related(self, *relations: CommentRelation | models.Prefetch[Any]) -> Self: ...


class DiaryQuerySet(QuerySet["Diary"]):
    """Queries of Diary; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[DiaryLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[DiaryLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[DiaryLookups]) -> Diary: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[DiaryLookups]) -> Diary: ...
        def create(self, **values: Unpack[DiaryValues]) -> Diary: ...
        async def acreate(self, **values: Unpack[DiaryValues]) -> Diary: ...
        def update(self, **values: Unpack[DiaryValues]) -> int: ...
        async def aupdate(self, **values: Unpack[DiaryValues]) -> int: ...
        def order_by(self, *fields: DiaryOrder | Expression) -> Self: ...
        def values(self, *fields: DiaryField, **named: Expression) -> models.QuerySet[Diary, dict[str, Any]]: ...
        def values_list(
            self, *fields: DiaryField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[Diary, Any]: ...
        def only(self, *fields: DiaryField) -> Self: ...
        def defer(self, *fields: DiaryField) -> Self: ...
        def select_related(self, *relations: DiaryParent) -> Self: ...
        def prefetch_related(self, *relations: DiaryRelation | models.Prefetch[Any]) -> Self: ...


class EntryQuerySet(QuerySet["Entry"]):
    """Queries of Entry; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[EntryLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[EntryLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[EntryLookups]) -> Entry: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[EntryLookups]) -> Entry: ...
        def create(self, **values: Unpack[EntryValues]) -> Entry: ...
        async def acreate(self, **values: Unpack[EntryValues]) -> Entry: ...
        def update(self, **values: Unpack[EntryValues]) -> int: ...
        async def aupdate(self, **values: Unpack[EntryValues]) -> int: ...
        def order_by(self, *fields: EntryOrder | Expression) -> Self: ...
        def values(self, *fields: EntryField, **named: Expression) -> models.QuerySet[Entry, dict[str, Any]]: ...
        def values_list(
            self, *fields: EntryField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[Entry, Any]: ...
        def only(self, *fields: EntryField) -> Self: ...
        def defer(self, *fields: EntryField) -> Self: ...
        def select_related(self, *relations: EntryParent) -> Self: ...
        def prefetch_related(self, *relations: EntryRelation | models.Prefetch[Any]) -> Self: ...


class ScanQuerySet(QuerySet["Scan"]):
    """Queries of Scan; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[ScanLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[ScanLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[ScanLookups]) -> Scan: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[ScanLookups]) -> Scan: ...
        def create(self, **values: Unpack[ScanValues]) -> Scan: ...
        async def acreate(self, **values: Unpack[ScanValues]) -> Scan: ...
        def update(self, **values: Unpack[ScanValues]) -> int: ...
        async def aupdate(self, **values: Unpack[ScanValues]) -> int: ...
        def order_by(self, *fields: ScanOrder | Expression) -> Self: ...
        def values(self, *fields: ScanField, **named: Expression) -> models.QuerySet[Scan, dict[str, Any]]: ...
        def values_list(
            self, *fields: ScanField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[Scan, Any]: ...
        def only(self, *fields: ScanField) -> Self: ...
        def defer(self, *fields: ScanField) -> Self: ...
        def select_related(self, *relations: ScanParent) -> Self: ...
        def prefetch_related(self, *relations: ScanRelation | models.Prefetch[Any]) -> Self: ...


if TYPE_CHECKING:

    class CommentLookups(TypedDict, total=False):
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
        text: str | Expression
        text__in: Iterable[str] | Expression
        text__isnull: bool
        text__gt: str | Expression
        text__gte: str | Expression
        text__lt: str | Expression
        text__lte: str | Expression
        text__range: tuple[str | Expression, str | Expression]
        text__iexact: str | Expression
        text__contains: str | Expression
        text__icontains: str | Expression
        text__startswith: str | Expression
        text__istartswith: str | Expression
        text__endswith: str | Expression
        text__iendswith: str | Expression
        text__regex: str | Expression
        text__iregex: str | Expression
        entry_id: int | Expression
        entry_id__in: Iterable[int] | Expression
        entry_id__isnull: bool
        entry_id__gt: int | Expression
        entry_id__gte: int | Expression
        entry_id__lt: int | Expression
        entry_id__lte: int | Expression
        entry_id__range: tuple[int | Expression, int | Expression]
        entry: Entry | Expression | None
        entry__in: Iterable[Entry] | Expression
        entry__isnull: bool
        entry__pk: int | Expression
        entry__pk__in: Iterable[int] | Expression
        entry__pk__isnull: bool
        entry__id: int | Expression | None
        entry__id__in: Iterable[int] | Expression
        entry__id__isnull: bool
        entry__id__gt: int | Expression
        entry__id__gte: int | Expression
        entry__id__lt: int | Expression
        entry__id__lte: int | Expression
        entry__id__range: tuple[int | Expression, int | Expression]
        entry__body: str | Expression
        entry__body__in: Iterable[str] | Expression
        entry__body__isnull: bool
        entry__body__gt: str | Expression
        entry__body__gte: str | Expression
        entry__body__lt: str | Expression
        entry__body__lte: str | Expression
        entry__body__range: tuple[str | Expression, str | Expression]
        entry__body__iexact: str | Expression
        entry__body__contains: str | Expression
        entry__body__icontains: str | Expression
        entry__body__startswith: str | Expression
        entry__body__istartswith: str | Expression
        entry__body__endswith: str | Expression
        entry__body__iendswith: str | Expression
        entry__body__regex: str | Expression
        entry__body__iregex: str | Expression
        entry__title: str | Expression
        entry__title__in: Iterable[str] | Expression
        entry__title__isnull: bool
        entry__title__gt: str | Expression
        entry__title__gte: str | Expression
        entry__title__lt: str | Expression
        entry__title__lte: str | Expression
        entry__title__range: tuple[str | Expression, str | Expression]
        entry__title__iexact: str | Expression
        entry__title__contains: str | Expression
        entry__title__icontains: str | Expression
        entry__title__startswith: str | Expression
        entry__title__istartswith: str | Expression
        entry__title__endswith: str | Expression
        entry__title__iendswith: str | Expression
        entry__title__regex: str | Expression
        entry__title__iregex: str | Expression
        entry__weather: Weather | Expression
        entry__weather__in: Iterable[Weather] | Expression
        entry__weather__isnull: bool
        entry__is_public: bool | Expression
        entry__is_public__in: Iterable[bool] | Expression
        entry__is_public__isnull: bool
        entry__tags: Any
        entry__tags__isnull: bool
        entry__tags__contains: Any
        entry__tags__contained_by: Any
        entry__tags__has_key: str
        entry__tags__has_keys: Iterable[str]
        entry__tags__has_any_keys: Iterable[str]
        entry__day: datetime.datetime | Expression | None
        entry__day__in: Iterable[datetime.datetime] | Expression
        entry__day__isnull: bool
        entry__day__gt: datetime.datetime | Expression
        entry__day__gte: datetime.datetime | Expression
        entry__day__lt: datetime.datetime | Expression
        entry__day__lte: datetime.datetime | Expression
        entry__day__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        entry__day__date: datetime.date | Expression
        entry__day__date__gt: datetime.date | Expression
        entry__day__date__gte: datetime.date | Expression
        entry__day__date__lt: datetime.date | Expression
        entry__day__date__lte: datetime.date | Expression
        entry__day__year: int | Expression
        entry__day__month: int | Expression
        entry__day__day: int | Expression
        entry__day__week_day: int | Expression
        entry__day__hour: int | Expression
        entry__day__minute: int | Expression
        entry__share_token: str | Expression | None
        entry__share_token__in: Iterable[str] | Expression
        entry__share_token__isnull: bool
        entry__share_token__gt: str | Expression
        entry__share_token__gte: str | Expression
        entry__share_token__lt: str | Expression
        entry__share_token__lte: str | Expression
        entry__share_token__range: tuple[str | Expression, str | Expression]
        entry__share_token__iexact: str | Expression
        entry__share_token__contains: str | Expression
        entry__share_token__icontains: str | Expression
        entry__share_token__startswith: str | Expression
        entry__share_token__istartswith: str | Expression
        entry__share_token__endswith: str | Expression
        entry__share_token__iendswith: str | Expression
        entry__share_token__regex: str | Expression
        entry__share_token__iregex: str | Expression
        entry__photo: bytes | Expression | None
        entry__photo__in: Iterable[bytes] | Expression
        entry__photo__isnull: bool
        entry__bits: list[bool] | Expression | None
        entry__bits__in: Iterable[list[bool]] | Expression
        entry__bits__isnull: bool
        entry__diary_id: int | Expression | None
        entry__diary_id__in: Iterable[int] | Expression
        entry__diary_id__isnull: bool
        entry__diary_id__gt: int | Expression
        entry__diary_id__gte: int | Expression
        entry__diary_id__lt: int | Expression
        entry__diary_id__lte: int | Expression
        entry__diary_id__range: tuple[int | Expression, int | Expression]
        entry__owner_id: uuid.UUID | str | Expression | None
        entry__owner_id__in: Iterable[uuid.UUID | str] | Expression
        entry__owner_id__isnull: bool
        entry__owner_id__gt: uuid.UUID | str | Expression
        entry__owner_id__gte: uuid.UUID | str | Expression
        entry__owner_id__lt: uuid.UUID | str | Expression
        entry__owner_id__lte: uuid.UUID | str | Expression
        entry__owner_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        entry__created_at: datetime.datetime | Expression
        entry__created_at__in: Iterable[datetime.datetime] | Expression
        entry__created_at__isnull: bool
        entry__created_at__gt: datetime.datetime | Expression
        entry__created_at__gte: datetime.datetime | Expression
        entry__created_at__lt: datetime.datetime | Expression
        entry__created_at__lte: datetime.datetime | Expression
        entry__created_at__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        entry__created_at__date: datetime.date | Expression
        entry__created_at__date__gt: datetime.date | Expression
        entry__created_at__date__gte: datetime.date | Expression
        entry__created_at__date__lt: datetime.date | Expression
        entry__created_at__date__lte: datetime.date | Expression
        entry__created_at__year: int | Expression
        entry__created_at__month: int | Expression
        entry__created_at__day: int | Expression
        entry__created_at__week_day: int | Expression
        entry__created_at__hour: int | Expression
        entry__created_at__minute: int | Expression
        entry__diary: Diary | Expression | None
        entry__diary__pk: int | Expression
        entry__diary__id: int | Expression | None
        entry__diary__name: str | Expression
        entry__diary__user_id: uuid.UUID | str | Expression | None
        entry__diary__created_at: datetime.datetime | Expression

    class CommentQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[CommentLookups]) -> None: ...

    class CommentValues(TypedDict, total=False):
        id: int | Expression | None
        text: str | Expression
        entry_id: int | Expression
        entry: Entry | Expression

    CommentField: TypeAlias = Literal[
        "pk",
        "id",
        "text",
        "entry_id",
        "entry",
        "entry__id",
        "entry__body",
        "entry__title",
        "entry__weather",
        "entry__is_public",
        "entry__tags",
        "entry__day",
        "entry__share_token",
        "entry__photo",
        "entry__bits",
        "entry__diary_id",
        "entry__diary",
        "entry__owner_id",
        "entry__created_at",
    ]

    CommentOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "text",
        "-text",
        "entry_id",
        "-entry_id",
        "entry",
        "-entry",
        "entry__id",
        "-entry__id",
        "entry__body",
        "-entry__body",
        "entry__title",
        "-entry__title",
        "entry__weather",
        "-entry__weather",
        "entry__is_public",
        "-entry__is_public",
        "entry__tags",
        "-entry__tags",
        "entry__day",
        "-entry__day",
        "entry__share_token",
        "-entry__share_token",
        "entry__photo",
        "-entry__photo",
        "entry__bits",
        "-entry__bits",
        "entry__diary_id",
        "-entry__diary_id",
        "entry__diary",
        "-entry__diary",
        "entry__owner_id",
        "-entry__owner_id",
        "entry__created_at",
        "-entry__created_at",
        "?",
    ]

    CommentParent: TypeAlias = Literal["entry", "entry__diary"]

    CommentRelation: TypeAlias = Literal["entry", "entry__diary"]

    class CommentRelated(CommentQuerySet, RelatedObjects[Comment]):
        """The Comment objects related to another object."""

    class DiaryLookups(TypedDict, total=False):
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
        user_id: uuid.UUID | str | Expression | None
        user_id__in: Iterable[uuid.UUID | str] | Expression
        user_id__isnull: bool
        user_id__gt: uuid.UUID | str | Expression
        user_id__gte: uuid.UUID | str | Expression
        user_id__lt: uuid.UUID | str | Expression
        user_id__lte: uuid.UUID | str | Expression
        user_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
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
        user: User | Expression | None
        user__in: Iterable[User] | Expression
        user__isnull: bool
        user__pk: uuid.UUID | Expression
        user__pk__in: Iterable[uuid.UUID] | Expression
        user__pk__isnull: bool
        user__id: uuid.UUID | str | Expression | None
        user__id__in: Iterable[uuid.UUID | str] | Expression
        user__id__isnull: bool
        user__id__gt: uuid.UUID | str | Expression
        user__id__gte: uuid.UUID | str | Expression
        user__id__lt: uuid.UUID | str | Expression
        user__id__lte: uuid.UUID | str | Expression
        user__id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        user__created_at: datetime.datetime | Expression
        user__created_at__in: Iterable[datetime.datetime] | Expression
        user__created_at__isnull: bool
        user__created_at__gt: datetime.datetime | Expression
        user__created_at__gte: datetime.datetime | Expression
        user__created_at__lt: datetime.datetime | Expression
        user__created_at__lte: datetime.datetime | Expression
        user__created_at__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        user__created_at__date: datetime.date | Expression
        user__created_at__date__gt: datetime.date | Expression
        user__created_at__date__gte: datetime.date | Expression
        user__created_at__date__lt: datetime.date | Expression
        user__created_at__date__lte: datetime.date | Expression
        user__created_at__year: int | Expression
        user__created_at__month: int | Expression
        user__created_at__day: int | Expression
        user__created_at__week_day: int | Expression
        user__created_at__hour: int | Expression
        user__created_at__minute: int | Expression
        user__scope_names: Any
        user__scope_names__isnull: bool
        user__scope_names__contains: Any
        user__scope_names__contained_by: Any
        user__scope_names__has_key: str
        user__scope_names__has_keys: Iterable[str]
        user__scope_names__has_any_keys: Iterable[str]
        entries: Entry | Expression | None
        entries__in: Iterable[Entry] | Expression
        entries__isnull: bool
        entries__pk: int | Expression
        entries__pk__in: Iterable[int] | Expression
        entries__pk__isnull: bool
        entries__id: int | Expression | None
        entries__id__in: Iterable[int] | Expression
        entries__id__isnull: bool
        entries__id__gt: int | Expression
        entries__id__gte: int | Expression
        entries__id__lt: int | Expression
        entries__id__lte: int | Expression
        entries__id__range: tuple[int | Expression, int | Expression]
        entries__body: str | Expression
        entries__body__in: Iterable[str] | Expression
        entries__body__isnull: bool
        entries__body__gt: str | Expression
        entries__body__gte: str | Expression
        entries__body__lt: str | Expression
        entries__body__lte: str | Expression
        entries__body__range: tuple[str | Expression, str | Expression]
        entries__body__iexact: str | Expression
        entries__body__contains: str | Expression
        entries__body__icontains: str | Expression
        entries__body__startswith: str | Expression
        entries__body__istartswith: str | Expression
        entries__body__endswith: str | Expression
        entries__body__iendswith: str | Expression
        entries__body__regex: str | Expression
        entries__body__iregex: str | Expression
        entries__title: str | Expression
        entries__title__in: Iterable[str] | Expression
        entries__title__isnull: bool
        entries__title__gt: str | Expression
        entries__title__gte: str | Expression
        entries__title__lt: str | Expression
        entries__title__lte: str | Expression
        entries__title__range: tuple[str | Expression, str | Expression]
        entries__title__iexact: str | Expression
        entries__title__contains: str | Expression
        entries__title__icontains: str | Expression
        entries__title__startswith: str | Expression
        entries__title__istartswith: str | Expression
        entries__title__endswith: str | Expression
        entries__title__iendswith: str | Expression
        entries__title__regex: str | Expression
        entries__title__iregex: str | Expression
        entries__weather: Weather | Expression
        entries__weather__in: Iterable[Weather] | Expression
        entries__weather__isnull: bool
        entries__is_public: bool | Expression
        entries__is_public__in: Iterable[bool] | Expression
        entries__is_public__isnull: bool
        entries__tags: Any
        entries__tags__isnull: bool
        entries__tags__contains: Any
        entries__tags__contained_by: Any
        entries__tags__has_key: str
        entries__tags__has_keys: Iterable[str]
        entries__tags__has_any_keys: Iterable[str]
        entries__day: datetime.datetime | Expression | None
        entries__day__in: Iterable[datetime.datetime] | Expression
        entries__day__isnull: bool
        entries__day__gt: datetime.datetime | Expression
        entries__day__gte: datetime.datetime | Expression
        entries__day__lt: datetime.datetime | Expression
        entries__day__lte: datetime.datetime | Expression
        entries__day__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        entries__day__date: datetime.date | Expression
        entries__day__date__gt: datetime.date | Expression
        entries__day__date__gte: datetime.date | Expression
        entries__day__date__lt: datetime.date | Expression
        entries__day__date__lte: datetime.date | Expression
        entries__day__year: int | Expression
        entries__day__month: int | Expression
        entries__day__day: int | Expression
        entries__day__week_day: int | Expression
        entries__day__hour: int | Expression
        entries__day__minute: int | Expression
        entries__share_token: str | Expression | None
        entries__share_token__in: Iterable[str] | Expression
        entries__share_token__isnull: bool
        entries__share_token__gt: str | Expression
        entries__share_token__gte: str | Expression
        entries__share_token__lt: str | Expression
        entries__share_token__lte: str | Expression
        entries__share_token__range: tuple[str | Expression, str | Expression]
        entries__share_token__iexact: str | Expression
        entries__share_token__contains: str | Expression
        entries__share_token__icontains: str | Expression
        entries__share_token__startswith: str | Expression
        entries__share_token__istartswith: str | Expression
        entries__share_token__endswith: str | Expression
        entries__share_token__iendswith: str | Expression
        entries__share_token__regex: str | Expression
        entries__share_token__iregex: str | Expression
        entries__photo: bytes | Expression | None
        entries__photo__in: Iterable[bytes] | Expression
        entries__photo__isnull: bool
        entries__bits: list[bool] | Expression | None
        entries__bits__in: Iterable[list[bool]] | Expression
        entries__bits__isnull: bool
        entries__diary_id: int | Expression | None
        entries__diary_id__in: Iterable[int] | Expression
        entries__diary_id__isnull: bool
        entries__diary_id__gt: int | Expression
        entries__diary_id__gte: int | Expression
        entries__diary_id__lt: int | Expression
        entries__diary_id__lte: int | Expression
        entries__diary_id__range: tuple[int | Expression, int | Expression]
        entries__owner_id: uuid.UUID | str | Expression | None
        entries__owner_id__in: Iterable[uuid.UUID | str] | Expression
        entries__owner_id__isnull: bool
        entries__owner_id__gt: uuid.UUID | str | Expression
        entries__owner_id__gte: uuid.UUID | str | Expression
        entries__owner_id__lt: uuid.UUID | str | Expression
        entries__owner_id__lte: uuid.UUID | str | Expression
        entries__owner_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        entries__created_at: datetime.datetime | Expression
        entries__created_at__in: Iterable[datetime.datetime] | Expression
        entries__created_at__isnull: bool
        entries__created_at__gt: datetime.datetime | Expression
        entries__created_at__gte: datetime.datetime | Expression
        entries__created_at__lt: datetime.datetime | Expression
        entries__created_at__lte: datetime.datetime | Expression
        entries__created_at__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        entries__created_at__date: datetime.date | Expression
        entries__created_at__date__gt: datetime.date | Expression
        entries__created_at__date__gte: datetime.date | Expression
        entries__created_at__date__lt: datetime.date | Expression
        entries__created_at__date__lte: datetime.date | Expression
        entries__created_at__year: int | Expression
        entries__created_at__month: int | Expression
        entries__created_at__day: int | Expression
        entries__created_at__week_day: int | Expression
        entries__created_at__hour: int | Expression
        entries__created_at__minute: int | Expression
        entries__diary: Diary | Expression | None
        entries__diary__pk: int | Expression
        entries__diary__id: int | Expression | None
        entries__diary__name: str | Expression
        entries__diary__user_id: uuid.UUID | str | Expression | None
        entries__diary__created_at: datetime.datetime | Expression

    class DiaryQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[DiaryLookups]) -> None: ...

    class DiaryValues(TypedDict, total=False):
        id: int | Expression | None
        name: str | Expression
        user_id: uuid.UUID | Expression | None
        user: User | Expression | None
        created_at: datetime.datetime | Expression

    DiaryField: TypeAlias = Literal[
        "pk",
        "id",
        "name",
        "user_id",
        "user",
        "created_at",
        "user__id",
        "user__created_at",
        "user__scope_names",
        "entries__id",
        "entries__body",
        "entries__title",
        "entries__weather",
        "entries__is_public",
        "entries__tags",
        "entries__day",
        "entries__share_token",
        "entries__photo",
        "entries__bits",
        "entries__diary_id",
        "entries__diary",
        "entries__owner_id",
        "entries__created_at",
    ]

    DiaryOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "name",
        "-name",
        "user_id",
        "-user_id",
        "user",
        "-user",
        "created_at",
        "-created_at",
        "user__id",
        "-user__id",
        "user__created_at",
        "-user__created_at",
        "user__scope_names",
        "-user__scope_names",
        "entries__id",
        "-entries__id",
        "entries__body",
        "-entries__body",
        "entries__title",
        "-entries__title",
        "entries__weather",
        "-entries__weather",
        "entries__is_public",
        "-entries__is_public",
        "entries__tags",
        "-entries__tags",
        "entries__day",
        "-entries__day",
        "entries__share_token",
        "-entries__share_token",
        "entries__photo",
        "-entries__photo",
        "entries__bits",
        "-entries__bits",
        "entries__diary_id",
        "-entries__diary_id",
        "entries__diary",
        "-entries__diary",
        "entries__owner_id",
        "-entries__owner_id",
        "entries__created_at",
        "-entries__created_at",
        "?",
    ]

    DiaryParent: TypeAlias = Literal["user"]

    DiaryRelation: TypeAlias = Literal["user", "entries", "entries__diary"]

    class DiaryRelated(DiaryQuerySet, RelatedObjects[Diary]):
        """The Diary objects related to another object."""

    class EntryLookups(TypedDict, total=False):
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
        weather: Weather | Expression
        weather__in: Iterable[Weather] | Expression
        weather__isnull: bool
        is_public: bool | Expression
        is_public__in: Iterable[bool] | Expression
        is_public__isnull: bool
        tags: Any
        tags__isnull: bool
        tags__contains: Any
        tags__contained_by: Any
        tags__has_key: str
        tags__has_keys: Iterable[str]
        tags__has_any_keys: Iterable[str]
        day: datetime.datetime | Expression | None
        day__in: Iterable[datetime.datetime] | Expression
        day__isnull: bool
        day__gt: datetime.datetime | Expression
        day__gte: datetime.datetime | Expression
        day__lt: datetime.datetime | Expression
        day__lte: datetime.datetime | Expression
        day__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        day__date: datetime.date | Expression
        day__date__gt: datetime.date | Expression
        day__date__gte: datetime.date | Expression
        day__date__lt: datetime.date | Expression
        day__date__lte: datetime.date | Expression
        day__year: int | Expression
        day__month: int | Expression
        day__day: int | Expression
        day__week_day: int | Expression
        day__hour: int | Expression
        day__minute: int | Expression
        share_token: str | Expression | None
        share_token__in: Iterable[str] | Expression
        share_token__isnull: bool
        share_token__gt: str | Expression
        share_token__gte: str | Expression
        share_token__lt: str | Expression
        share_token__lte: str | Expression
        share_token__range: tuple[str | Expression, str | Expression]
        share_token__iexact: str | Expression
        share_token__contains: str | Expression
        share_token__icontains: str | Expression
        share_token__startswith: str | Expression
        share_token__istartswith: str | Expression
        share_token__endswith: str | Expression
        share_token__iendswith: str | Expression
        share_token__regex: str | Expression
        share_token__iregex: str | Expression
        photo: bytes | Expression | None
        photo__in: Iterable[bytes] | Expression
        photo__isnull: bool
        bits: list[bool] | Expression | None
        bits__in: Iterable[list[bool]] | Expression
        bits__isnull: bool
        diary_id: int | Expression | None
        diary_id__in: Iterable[int] | Expression
        diary_id__isnull: bool
        diary_id__gt: int | Expression
        diary_id__gte: int | Expression
        diary_id__lt: int | Expression
        diary_id__lte: int | Expression
        diary_id__range: tuple[int | Expression, int | Expression]
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
        diary: Diary | Expression | None
        diary__in: Iterable[Diary] | Expression
        diary__isnull: bool
        diary__pk: int | Expression
        diary__pk__in: Iterable[int] | Expression
        diary__pk__isnull: bool
        diary__id: int | Expression | None
        diary__id__in: Iterable[int] | Expression
        diary__id__isnull: bool
        diary__id__gt: int | Expression
        diary__id__gte: int | Expression
        diary__id__lt: int | Expression
        diary__id__lte: int | Expression
        diary__id__range: tuple[int | Expression, int | Expression]
        diary__name: str | Expression
        diary__name__in: Iterable[str] | Expression
        diary__name__isnull: bool
        diary__name__gt: str | Expression
        diary__name__gte: str | Expression
        diary__name__lt: str | Expression
        diary__name__lte: str | Expression
        diary__name__range: tuple[str | Expression, str | Expression]
        diary__name__iexact: str | Expression
        diary__name__contains: str | Expression
        diary__name__icontains: str | Expression
        diary__name__startswith: str | Expression
        diary__name__istartswith: str | Expression
        diary__name__endswith: str | Expression
        diary__name__iendswith: str | Expression
        diary__name__regex: str | Expression
        diary__name__iregex: str | Expression
        diary__user_id: uuid.UUID | str | Expression | None
        diary__user_id__in: Iterable[uuid.UUID | str] | Expression
        diary__user_id__isnull: bool
        diary__user_id__gt: uuid.UUID | str | Expression
        diary__user_id__gte: uuid.UUID | str | Expression
        diary__user_id__lt: uuid.UUID | str | Expression
        diary__user_id__lte: uuid.UUID | str | Expression
        diary__user_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        diary__created_at: datetime.datetime | Expression
        diary__created_at__in: Iterable[datetime.datetime] | Expression
        diary__created_at__isnull: bool
        diary__created_at__gt: datetime.datetime | Expression
        diary__created_at__gte: datetime.datetime | Expression
        diary__created_at__lt: datetime.datetime | Expression
        diary__created_at__lte: datetime.datetime | Expression
        diary__created_at__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        diary__created_at__date: datetime.date | Expression
        diary__created_at__date__gt: datetime.date | Expression
        diary__created_at__date__gte: datetime.date | Expression
        diary__created_at__date__lt: datetime.date | Expression
        diary__created_at__date__lte: datetime.date | Expression
        diary__created_at__year: int | Expression
        diary__created_at__month: int | Expression
        diary__created_at__day: int | Expression
        diary__created_at__week_day: int | Expression
        diary__created_at__hour: int | Expression
        diary__created_at__minute: int | Expression
        diary__user: User | Expression | None
        diary__user__pk: uuid.UUID | Expression
        diary__user__id: uuid.UUID | str | Expression | None
        diary__user__created_at: datetime.datetime | Expression
        diary__user__scope_names: Any
        diary__entries: Entry | Expression | None
        diary__entries__pk: int | Expression
        diary__entries__id: int | Expression | None
        diary__entries__body: str | Expression
        diary__entries__title: str | Expression
        diary__entries__weather: Weather | Expression
        diary__entries__is_public: bool | Expression
        diary__entries__tags: Any
        diary__entries__day: datetime.datetime | Expression | None
        diary__entries__share_token: str | Expression | None
        diary__entries__photo: bytes | Expression | None
        diary__entries__bits: list[bool] | Expression | None
        diary__entries__diary_id: int | Expression | None
        diary__entries__owner_id: uuid.UUID | str | Expression | None
        diary__entries__created_at: datetime.datetime | Expression

    class EntryQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[EntryLookups]) -> None: ...

    class EntryValues(TypedDict, total=False):
        id: int | Expression | None
        body: str | Expression
        title: str | Expression
        weather: Weather | Expression
        is_public: bool | Expression
        tags: list[str] | Expression
        day: datetime.datetime | Expression | None
        share_token: str | Expression | None
        photo: bytes | Expression | None
        bits: list[bool] | Expression | None
        diary_id: int | Expression | None
        diary: Diary | Expression | None
        owner_id: uuid.UUID | Expression | None
        created_at: datetime.datetime | Expression

    EntryField: TypeAlias = Literal[
        "pk",
        "id",
        "body",
        "title",
        "weather",
        "is_public",
        "tags",
        "day",
        "share_token",
        "photo",
        "bits",
        "diary_id",
        "diary",
        "owner_id",
        "created_at",
        "diary__id",
        "diary__name",
        "diary__user_id",
        "diary__user",
        "diary__created_at",
    ]

    EntryOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "body",
        "-body",
        "title",
        "-title",
        "weather",
        "-weather",
        "is_public",
        "-is_public",
        "tags",
        "-tags",
        "day",
        "-day",
        "share_token",
        "-share_token",
        "photo",
        "-photo",
        "bits",
        "-bits",
        "diary_id",
        "-diary_id",
        "diary",
        "-diary",
        "owner_id",
        "-owner_id",
        "created_at",
        "-created_at",
        "diary__id",
        "-diary__id",
        "diary__name",
        "-diary__name",
        "diary__user_id",
        "-diary__user_id",
        "diary__user",
        "-diary__user",
        "diary__created_at",
        "-diary__created_at",
        "?",
    ]

    EntryParent: TypeAlias = Literal["diary", "diary__user"]

    EntryRelation: TypeAlias = Literal["diary", "diary__user", "diary__entries"]

    class EntryRelated(EntryQuerySet, RelatedObjects[Entry]):
        """The Entry objects related to another object."""

    class ScanLookups(TypedDict, total=False):
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
        pages: int | Expression
        pages__in: Iterable[int] | Expression
        pages__isnull: bool
        pages__gt: int | Expression
        pages__gte: int | Expression
        pages__lt: int | Expression
        pages__lte: int | Expression
        pages__range: tuple[int | Expression, int | Expression]
        data: bytes | Expression
        data__in: Iterable[bytes] | Expression
        data__isnull: bool

    class ScanQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[ScanLookups]) -> None: ...

    class ScanValues(TypedDict, total=False):
        id: int | Expression | None
        pages: int | Expression
        data: bytes | Expression

    ScanField: TypeAlias = Literal["pk", "id", "pages", "data"]

    ScanOrder: TypeAlias = Literal["pk", "-pk", "id", "-id", "pages", "-pages", "data", "-data", "?"]

    ScanParent: TypeAlias = Never

    ScanRelation: TypeAlias = Never

    class ScanRelated(ScanQuerySet, RelatedObjects[Scan]):
        """The Scan objects related to another object."""
