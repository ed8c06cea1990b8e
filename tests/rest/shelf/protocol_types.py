"""Typed queries of shelf, generated from its model files by `python3 manage.py generate`. Do not edit."""

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

    from .protocol import Bookcase, ShelfBook, ShelfKind, ShelfPlace


class BookcaseQuerySet(QuerySet["Bookcase"]):
    """Queries of Bookcase; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[BookcaseLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[BookcaseLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[BookcaseLookups]) -> Bookcase: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[BookcaseLookups]) -> Bookcase: ...
        def create(self, **values: Unpack[BookcaseValues]) -> Bookcase: ...
        async def acreate(self, **values: Unpack[BookcaseValues]) -> Bookcase: ...
        def update(self, **values: Unpack[BookcaseValues]) -> int: ...
        async def aupdate(self, **values: Unpack[BookcaseValues]) -> int: ...
        def order_by(self, *fields: BookcaseOrder | Expression) -> Self: ...
        def values(self, *fields: BookcaseField, **named: Expression) -> models.QuerySet[Bookcase, dict[str, Any]]: ...
        def values_list(
            self, *fields: BookcaseField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[Bookcase, Any]: ...
        def only(self, *fields: BookcaseField) -> Self: ...
        def defer(self, *fields: BookcaseField) -> Self: ...
        def select_related(self, *relations: BookcaseParent) -> Self: ...
        def prefetch_related(self, *relations: BookcaseRelation | models.Prefetch[Any]) -> Self: ...


class ShelfBookQuerySet(QuerySet["ShelfBook"]):
    """Queries of ShelfBook; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[ShelfBookLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[ShelfBookLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[ShelfBookLookups]) -> ShelfBook: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[ShelfBookLookups]) -> ShelfBook: ...
        def create(self, **values: Unpack[ShelfBookValues]) -> ShelfBook: ...
        async def acreate(self, **values: Unpack[ShelfBookValues]) -> ShelfBook: ...
        def update(self, **values: Unpack[ShelfBookValues]) -> int: ...
        async def aupdate(self, **values: Unpack[ShelfBookValues]) -> int: ...
        def order_by(self, *fields: ShelfBookOrder | Expression) -> Self: ...
        def values(self, *fields: ShelfBookField, **named: Expression) -> models.QuerySet[ShelfBook, dict[str, Any]]: ...
        def values_list(
            self, *fields: ShelfBookField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[ShelfBook, Any]: ...
        def only(self, *fields: ShelfBookField) -> Self: ...
        def defer(self, *fields: ShelfBookField) -> Self: ...
        def select_related(self, *relations: ShelfBookParent) -> Self: ...
        def prefetch_related(self, *relations: ShelfBookRelation | models.Prefetch[Any]) -> Self: ...


if TYPE_CHECKING:

    class BookcaseLookups(TypedDict, total=False):
        pk: uuid.UUID | Expression
        pk__in: Iterable[uuid.UUID] | Expression
        pk__isnull: bool
        id: uuid.UUID | str | Expression
        id__in: Iterable[uuid.UUID | str] | Expression
        id__isnull: bool
        id__gt: uuid.UUID | str | Expression
        id__gte: uuid.UUID | str | Expression
        id__lt: uuid.UUID | str | Expression
        id__lte: uuid.UUID | str | Expression
        id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
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
        books: ShelfBook | Expression | None
        books__in: Iterable[ShelfBook] | Expression
        books__isnull: bool
        books__pk: int | Expression
        books__pk__in: Iterable[int] | Expression
        books__pk__isnull: bool
        books__id: int | Expression | None
        books__id__in: Iterable[int] | Expression
        books__id__isnull: bool
        books__id__gt: int | Expression
        books__id__gte: int | Expression
        books__id__lt: int | Expression
        books__id__lte: int | Expression
        books__id__range: tuple[int | Expression, int | Expression]
        books__shelf_id: uuid.UUID | str | Expression
        books__shelf_id__in: Iterable[uuid.UUID | str] | Expression
        books__shelf_id__isnull: bool
        books__shelf_id__gt: uuid.UUID | str | Expression
        books__shelf_id__gte: uuid.UUID | str | Expression
        books__shelf_id__lt: uuid.UUID | str | Expression
        books__shelf_id__lte: uuid.UUID | str | Expression
        books__shelf_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        books__title: str | Expression
        books__title__in: Iterable[str] | Expression
        books__title__isnull: bool
        books__title__gt: str | Expression
        books__title__gte: str | Expression
        books__title__lt: str | Expression
        books__title__lte: str | Expression
        books__title__range: tuple[str | Expression, str | Expression]
        books__title__iexact: str | Expression
        books__title__contains: str | Expression
        books__title__icontains: str | Expression
        books__title__startswith: str | Expression
        books__title__istartswith: str | Expression
        books__title__endswith: str | Expression
        books__title__iendswith: str | Expression
        books__title__regex: str | Expression
        books__title__iregex: str | Expression
        books__kind: ShelfKind | Expression
        books__kind__in: Iterable[ShelfKind] | Expression
        books__kind__isnull: bool
        books__order: int | Expression
        books__order__in: Iterable[int] | Expression
        books__order__isnull: bool
        books__order__gt: int | Expression
        books__order__gte: int | Expression
        books__order__lt: int | Expression
        books__order__lte: int | Expression
        books__order__range: tuple[int | Expression, int | Expression]
        books__price: float | Expression | None
        books__price__in: Iterable[float] | Expression
        books__price__isnull: bool
        books__price__gt: float | Expression
        books__price__gte: float | Expression
        books__price__lt: float | Expression
        books__price__lte: float | Expression
        books__price__range: tuple[float | Expression, float | Expression]
        books__isbn: int | Expression | None
        books__isbn__in: Iterable[int] | Expression
        books__isbn__isnull: bool
        books__link: str | Expression | None
        books__link__in: Iterable[str] | Expression
        books__link__isnull: bool
        books__link__iexact: str | Expression
        books__link__contains: str | Expression
        books__link__icontains: str | Expression
        books__link__startswith: str | Expression
        books__link__istartswith: str | Expression
        books__link__endswith: str | Expression
        books__link__iendswith: str | Expression
        books__link__regex: str | Expression
        books__link__iregex: str | Expression
        books__loan: datetime.timedelta | Expression | None
        books__loan__in: Iterable[datetime.timedelta] | Expression
        books__loan__isnull: bool
        books__loan__gt: datetime.timedelta | Expression
        books__loan__gte: datetime.timedelta | Expression
        books__loan__lt: datetime.timedelta | Expression
        books__loan__lte: datetime.timedelta | Expression
        books__loan__range: tuple[datetime.timedelta | Expression, datetime.timedelta | Expression]
        books__printed_at: datetime.datetime | Expression | None
        books__printed_at__in: Iterable[datetime.datetime] | Expression
        books__printed_at__isnull: bool
        books__printed_at__gt: datetime.datetime | Expression
        books__printed_at__gte: datetime.datetime | Expression
        books__printed_at__lt: datetime.datetime | Expression
        books__printed_at__lte: datetime.datetime | Expression
        books__printed_at__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        books__printed_at__date: datetime.date | Expression
        books__printed_at__date__gt: datetime.date | Expression
        books__printed_at__date__gte: datetime.date | Expression
        books__printed_at__date__lt: datetime.date | Expression
        books__printed_at__date__lte: datetime.date | Expression
        books__printed_at__year: int | Expression
        books__printed_at__month: int | Expression
        books__printed_at__day: int | Expression
        books__printed_at__week_day: int | Expression
        books__printed_at__hour: int | Expression
        books__printed_at__minute: int | Expression
        books__tags: Any
        books__tags__isnull: bool
        books__tags__contains: Any
        books__tags__contained_by: Any
        books__tags__has_key: str
        books__tags__has_keys: Iterable[str]
        books__tags__has_any_keys: Iterable[str]
        books__place: Any
        books__place__isnull: bool
        books__place__contains: Any
        books__place__contained_by: Any
        books__place__has_key: str
        books__place__has_keys: Iterable[str]
        books__place__has_any_keys: Iterable[str]
        books__cover: bytes | Expression | None
        books__cover__in: Iterable[bytes] | Expression
        books__cover__isnull: bool
        books__secret: str | Expression | None
        books__secret__in: Iterable[str] | Expression
        books__secret__isnull: bool
        books__secret__gt: str | Expression
        books__secret__gte: str | Expression
        books__secret__lt: str | Expression
        books__secret__lte: str | Expression
        books__secret__range: tuple[str | Expression, str | Expression]
        books__secret__iexact: str | Expression
        books__secret__contains: str | Expression
        books__secret__icontains: str | Expression
        books__secret__startswith: str | Expression
        books__secret__istartswith: str | Expression
        books__secret__endswith: str | Expression
        books__secret__iendswith: str | Expression
        books__secret__regex: str | Expression
        books__secret__iregex: str | Expression
        books__shelf: Bookcase | Expression | None
        books__shelf__pk: uuid.UUID | Expression
        books__shelf__id: uuid.UUID | str | Expression
        books__shelf__name: str | Expression

    class BookcaseQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[BookcaseLookups]) -> None: ...

    class BookcaseValues(TypedDict, total=False):
        id: uuid.UUID | Expression
        name: str | Expression

    BookcaseField: TypeAlias = Literal[
        "pk",
        "id",
        "name",
        "books__id",
        "books__shelf_id",
        "books__shelf",
        "books__title",
        "books__kind",
        "books__order",
        "books__price",
        "books__isbn",
        "books__link",
        "books__loan",
        "books__printed_at",
        "books__tags",
        "books__place",
        "books__cover",
        "books__secret",
    ]

    BookcaseOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "name",
        "-name",
        "books__id",
        "-books__id",
        "books__shelf_id",
        "-books__shelf_id",
        "books__shelf",
        "-books__shelf",
        "books__title",
        "-books__title",
        "books__kind",
        "-books__kind",
        "books__order",
        "-books__order",
        "books__price",
        "-books__price",
        "books__isbn",
        "-books__isbn",
        "books__link",
        "-books__link",
        "books__loan",
        "-books__loan",
        "books__printed_at",
        "-books__printed_at",
        "books__tags",
        "-books__tags",
        "books__place",
        "-books__place",
        "books__cover",
        "-books__cover",
        "books__secret",
        "-books__secret",
        "?",
    ]

    BookcaseParent: TypeAlias = Never

    BookcaseRelation: TypeAlias = Literal["books", "books__shelf"]

    class BookcaseRelated(BookcaseQuerySet, RelatedObjects[Bookcase]):
        """The Bookcase objects related to another object."""

    class ShelfBookLookups(TypedDict, total=False):
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
        shelf_id: uuid.UUID | str | Expression
        shelf_id__in: Iterable[uuid.UUID | str] | Expression
        shelf_id__isnull: bool
        shelf_id__gt: uuid.UUID | str | Expression
        shelf_id__gte: uuid.UUID | str | Expression
        shelf_id__lt: uuid.UUID | str | Expression
        shelf_id__lte: uuid.UUID | str | Expression
        shelf_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
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
        kind: ShelfKind | Expression
        kind__in: Iterable[ShelfKind] | Expression
        kind__isnull: bool
        order: int | Expression
        order__in: Iterable[int] | Expression
        order__isnull: bool
        order__gt: int | Expression
        order__gte: int | Expression
        order__lt: int | Expression
        order__lte: int | Expression
        order__range: tuple[int | Expression, int | Expression]
        price: float | Expression | None
        price__in: Iterable[float] | Expression
        price__isnull: bool
        price__gt: float | Expression
        price__gte: float | Expression
        price__lt: float | Expression
        price__lte: float | Expression
        price__range: tuple[float | Expression, float | Expression]
        isbn: int | Expression | None
        isbn__in: Iterable[int] | Expression
        isbn__isnull: bool
        link: str | Expression | None
        link__in: Iterable[str] | Expression
        link__isnull: bool
        link__iexact: str | Expression
        link__contains: str | Expression
        link__icontains: str | Expression
        link__startswith: str | Expression
        link__istartswith: str | Expression
        link__endswith: str | Expression
        link__iendswith: str | Expression
        link__regex: str | Expression
        link__iregex: str | Expression
        loan: datetime.timedelta | Expression | None
        loan__in: Iterable[datetime.timedelta] | Expression
        loan__isnull: bool
        loan__gt: datetime.timedelta | Expression
        loan__gte: datetime.timedelta | Expression
        loan__lt: datetime.timedelta | Expression
        loan__lte: datetime.timedelta | Expression
        loan__range: tuple[datetime.timedelta | Expression, datetime.timedelta | Expression]
        printed_at: datetime.datetime | Expression | None
        printed_at__in: Iterable[datetime.datetime] | Expression
        printed_at__isnull: bool
        printed_at__gt: datetime.datetime | Expression
        printed_at__gte: datetime.datetime | Expression
        printed_at__lt: datetime.datetime | Expression
        printed_at__lte: datetime.datetime | Expression
        printed_at__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        printed_at__date: datetime.date | Expression
        printed_at__date__gt: datetime.date | Expression
        printed_at__date__gte: datetime.date | Expression
        printed_at__date__lt: datetime.date | Expression
        printed_at__date__lte: datetime.date | Expression
        printed_at__year: int | Expression
        printed_at__month: int | Expression
        printed_at__day: int | Expression
        printed_at__week_day: int | Expression
        printed_at__hour: int | Expression
        printed_at__minute: int | Expression
        tags: Any
        tags__isnull: bool
        tags__contains: Any
        tags__contained_by: Any
        tags__has_key: str
        tags__has_keys: Iterable[str]
        tags__has_any_keys: Iterable[str]
        place: Any
        place__isnull: bool
        place__contains: Any
        place__contained_by: Any
        place__has_key: str
        place__has_keys: Iterable[str]
        place__has_any_keys: Iterable[str]
        cover: bytes | Expression | None
        cover__in: Iterable[bytes] | Expression
        cover__isnull: bool
        secret: str | Expression | None
        secret__in: Iterable[str] | Expression
        secret__isnull: bool
        secret__gt: str | Expression
        secret__gte: str | Expression
        secret__lt: str | Expression
        secret__lte: str | Expression
        secret__range: tuple[str | Expression, str | Expression]
        secret__iexact: str | Expression
        secret__contains: str | Expression
        secret__icontains: str | Expression
        secret__startswith: str | Expression
        secret__istartswith: str | Expression
        secret__endswith: str | Expression
        secret__iendswith: str | Expression
        secret__regex: str | Expression
        secret__iregex: str | Expression
        shelf: Bookcase | Expression | None
        shelf__in: Iterable[Bookcase] | Expression
        shelf__isnull: bool
        shelf__pk: uuid.UUID | Expression
        shelf__pk__in: Iterable[uuid.UUID] | Expression
        shelf__pk__isnull: bool
        shelf__id: uuid.UUID | str | Expression
        shelf__id__in: Iterable[uuid.UUID | str] | Expression
        shelf__id__isnull: bool
        shelf__id__gt: uuid.UUID | str | Expression
        shelf__id__gte: uuid.UUID | str | Expression
        shelf__id__lt: uuid.UUID | str | Expression
        shelf__id__lte: uuid.UUID | str | Expression
        shelf__id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        shelf__name: str | Expression
        shelf__name__in: Iterable[str] | Expression
        shelf__name__isnull: bool
        shelf__name__gt: str | Expression
        shelf__name__gte: str | Expression
        shelf__name__lt: str | Expression
        shelf__name__lte: str | Expression
        shelf__name__range: tuple[str | Expression, str | Expression]
        shelf__name__iexact: str | Expression
        shelf__name__contains: str | Expression
        shelf__name__icontains: str | Expression
        shelf__name__startswith: str | Expression
        shelf__name__istartswith: str | Expression
        shelf__name__endswith: str | Expression
        shelf__name__iendswith: str | Expression
        shelf__name__regex: str | Expression
        shelf__name__iregex: str | Expression
        shelf__books: ShelfBook | Expression | None
        shelf__books__pk: int | Expression
        shelf__books__id: int | Expression | None
        shelf__books__shelf_id: uuid.UUID | str | Expression
        shelf__books__title: str | Expression
        shelf__books__kind: ShelfKind | Expression
        shelf__books__order: int | Expression
        shelf__books__price: float | Expression | None
        shelf__books__isbn: int | Expression | None
        shelf__books__link: str | Expression | None
        shelf__books__loan: datetime.timedelta | Expression | None
        shelf__books__printed_at: datetime.datetime | Expression | None
        shelf__books__tags: Any
        shelf__books__place: Any
        shelf__books__cover: bytes | Expression | None
        shelf__books__secret: str | Expression | None

    class ShelfBookQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[ShelfBookLookups]) -> None: ...

    class ShelfBookValues(TypedDict, total=False):
        id: int | Expression | None
        shelf_id: uuid.UUID | Expression
        shelf: Bookcase | Expression
        title: str | Expression
        kind: ShelfKind | Expression
        order: int | Expression
        price: float | Expression | None
        isbn: int | Expression | None
        link: str | Expression | None
        loan: datetime.timedelta | Expression | None
        printed_at: datetime.datetime | Expression | None
        tags: set[str] | Expression | None
        place: ShelfPlace | Expression | None
        cover: bytes | Expression | None
        secret: str | Expression | None

    ShelfBookField: TypeAlias = Literal[
        "pk",
        "id",
        "shelf_id",
        "shelf",
        "title",
        "kind",
        "order",
        "price",
        "isbn",
        "link",
        "loan",
        "printed_at",
        "tags",
        "place",
        "cover",
        "secret",
        "shelf__id",
        "shelf__name",
    ]

    ShelfBookOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "shelf_id",
        "-shelf_id",
        "shelf",
        "-shelf",
        "title",
        "-title",
        "kind",
        "-kind",
        "order",
        "-order",
        "price",
        "-price",
        "isbn",
        "-isbn",
        "link",
        "-link",
        "loan",
        "-loan",
        "printed_at",
        "-printed_at",
        "tags",
        "-tags",
        "place",
        "-place",
        "cover",
        "-cover",
        "secret",
        "-secret",
        "shelf__id",
        "-shelf__id",
        "shelf__name",
        "-shelf__name",
        "?",
    ]

    ShelfBookParent: TypeAlias = Literal["shelf"]

    ShelfBookRelation: TypeAlias = Literal["shelf", "shelf__books"]

    class ShelfBookRelated(ShelfBookQuerySet, RelatedObjects[ShelfBook]):
        """The ShelfBook objects related to another object."""
