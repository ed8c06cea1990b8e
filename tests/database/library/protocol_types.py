"""Typed queries of library, generated from its model files by `python3 manage.py generate`. Do not edit."""

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
    from podium.database.fields import Column, Key
    from podium.reads.queries import Expression, RelatedObjects

    from .protocol import Author, Book, Chapter, Contract, Genre, Mood, Page, Series, Shape, Shelf, Specimen


class AuthorQuerySet(QuerySet["Author"]):
    """Queries of Author; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[AuthorLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[AuthorLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[AuthorLookups]) -> Author: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[AuthorLookups]) -> Author: ...
        def create(self, **values: Unpack[AuthorValues]) -> Author: ...
        async def acreate(self, **values: Unpack[AuthorValues]) -> Author: ...
        def update(self, **values: Unpack[AuthorValues]) -> int: ...
        async def aupdate(self, **values: Unpack[AuthorValues]) -> int: ...
        def order_by(self, *fields: AuthorOrder | Expression) -> Self: ...
        def values(self, *fields: AuthorField, **named: Expression) -> models.QuerySet[Author, dict[str, Any]]: ...
        def values_list(
            self, *fields: AuthorField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[Author, Any]: ...
        def only(self, *fields: AuthorField) -> Self: ...
        def defer(self, *fields: AuthorField) -> Self: ...
        def select_related(self, *relations: AuthorParent) -> Self: ...
        def prefetch_related(self, *relations: AuthorRelation | models.Prefetch[Any]) -> Self: ...


class BookQuerySet(QuerySet["Book"]):
    """Queries of Book; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[BookLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[BookLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[BookLookups]) -> Book: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[BookLookups]) -> Book: ...
        def create(self, **values: Unpack[BookValues]) -> Book: ...
        async def acreate(self, **values: Unpack[BookValues]) -> Book: ...
        def update(self, **values: Unpack[BookValues]) -> int: ...
        async def aupdate(self, **values: Unpack[BookValues]) -> int: ...
        def order_by(self, *fields: BookOrder | Expression) -> Self: ...
        def values(self, *fields: BookField, **named: Expression) -> models.QuerySet[Book, dict[str, Any]]: ...
        def values_list(
            self, *fields: BookField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[Book, Any]: ...
        def only(self, *fields: BookField) -> Self: ...
        def defer(self, *fields: BookField) -> Self: ...
        def select_related(self, *relations: BookParent) -> Self: ...
        def prefetch_related(self, *relations: BookRelation | models.Prefetch[Any]) -> Self: ...


class ChapterQuerySet(QuerySet["Chapter"]):
    """Queries of Chapter; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[ChapterLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[ChapterLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[ChapterLookups]) -> Chapter: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[ChapterLookups]) -> Chapter: ...
        def create(self, **values: Unpack[ChapterValues]) -> Chapter: ...
        async def acreate(self, **values: Unpack[ChapterValues]) -> Chapter: ...
        def update(self, **values: Unpack[ChapterValues]) -> int: ...
        async def aupdate(self, **values: Unpack[ChapterValues]) -> int: ...
        def order_by(self, *fields: ChapterOrder | Expression) -> Self: ...
        def values(self, *fields: ChapterField, **named: Expression) -> models.QuerySet[Chapter, dict[str, Any]]: ...
        def values_list(
            self, *fields: ChapterField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[Chapter, Any]: ...
        def only(self, *fields: ChapterField) -> Self: ...
        def defer(self, *fields: ChapterField) -> Self: ...
        def select_related(self, *relations: ChapterParent) -> Self: ...
        def prefetch_related(self, *relations: ChapterRelation | models.Prefetch[Any]) -> Self: ...


class ContractQuerySet(QuerySet["Contract"]):
    """Queries of Contract; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[ContractLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[ContractLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[ContractLookups]) -> Contract: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[ContractLookups]) -> Contract: ...
        def create(self, **values: Unpack[ContractValues]) -> Contract: ...
        async def acreate(self, **values: Unpack[ContractValues]) -> Contract: ...
        def update(self, **values: Unpack[ContractValues]) -> int: ...
        async def aupdate(self, **values: Unpack[ContractValues]) -> int: ...
        def order_by(self, *fields: ContractOrder | Expression) -> Self: ...
        def values(self, *fields: ContractField, **named: Expression) -> models.QuerySet[Contract, dict[str, Any]]: ...
        def values_list(
            self, *fields: ContractField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[Contract, Any]: ...
        def only(self, *fields: ContractField) -> Self: ...
        def defer(self, *fields: ContractField) -> Self: ...
        def select_related(self, *relations: ContractParent) -> Self: ...
        def prefetch_related(self, *relations: ContractRelation | models.Prefetch[Any]) -> Self: ...


class SeriesQuerySet(QuerySet["Series"]):
    """Queries of Series; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[SeriesLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[SeriesLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[SeriesLookups]) -> Series: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[SeriesLookups]) -> Series: ...
        def create(self, **values: Unpack[SeriesValues]) -> Series: ...
        async def acreate(self, **values: Unpack[SeriesValues]) -> Series: ...
        def update(self, **values: Unpack[SeriesValues]) -> int: ...
        async def aupdate(self, **values: Unpack[SeriesValues]) -> int: ...
        def order_by(self, *fields: SeriesOrder | Expression) -> Self: ...
        def values(self, *fields: SeriesField, **named: Expression) -> models.QuerySet[Series, dict[str, Any]]: ...
        def values_list(
            self, *fields: SeriesField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[Series, Any]: ...
        def only(self, *fields: SeriesField) -> Self: ...
        def defer(self, *fields: SeriesField) -> Self: ...
        def select_related(self, *relations: SeriesParent) -> Self: ...
        def prefetch_related(self, *relations: SeriesRelation | models.Prefetch[Any]) -> Self: ...


class ShelfQuerySet(QuerySet["Shelf"]):
    """Queries of Shelf; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[ShelfLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[ShelfLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[ShelfLookups]) -> Shelf: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[ShelfLookups]) -> Shelf: ...
        def create(self, **values: Unpack[ShelfValues]) -> Shelf: ...
        async def acreate(self, **values: Unpack[ShelfValues]) -> Shelf: ...
        def update(self, **values: Unpack[ShelfValues]) -> int: ...
        async def aupdate(self, **values: Unpack[ShelfValues]) -> int: ...
        def order_by(self, *fields: ShelfOrder | Expression) -> Self: ...
        def values(self, *fields: ShelfField, **named: Expression) -> models.QuerySet[Shelf, dict[str, Any]]: ...
        def values_list(
            self, *fields: ShelfField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[Shelf, Any]: ...
        def only(self, *fields: ShelfField) -> Self: ...
        def defer(self, *fields: ShelfField) -> Self: ...
        def select_related(self, *relations: ShelfParent) -> Self: ...
        def prefetch_related(self, *relations: ShelfRelation | models.Prefetch[Any]) -> Self: ...


class SpecimenQuerySet(QuerySet["Specimen"]):
    """Queries of Specimen; type checkers refuse unknown fields."""

    if TYPE_CHECKING:

        def filter(self, *conditions: models.Q, **lookups: Unpack[SpecimenLookups]) -> Self: ...
        def exclude(self, *conditions: models.Q, **lookups: Unpack[SpecimenLookups]) -> Self: ...
        def get(self, *conditions: models.Q, **lookups: Unpack[SpecimenLookups]) -> Specimen: ...
        async def aget(self, *conditions: models.Q, **lookups: Unpack[SpecimenLookups]) -> Specimen: ...
        def create(self, **values: Unpack[SpecimenValues]) -> Specimen: ...
        async def acreate(self, **values: Unpack[SpecimenValues]) -> Specimen: ...
        def update(self, **values: Unpack[SpecimenValues]) -> int: ...
        async def aupdate(self, **values: Unpack[SpecimenValues]) -> int: ...
        def order_by(self, *fields: SpecimenOrder | Expression) -> Self: ...
        def values(self, *fields: SpecimenField, **named: Expression) -> models.QuerySet[Specimen, dict[str, Any]]: ...
        def values_list(
            self, *fields: SpecimenField | Expression, flat: bool = False, named: bool = False
        ) -> models.QuerySet[Specimen, Any]: ...
        def only(self, *fields: SpecimenField) -> Self: ...
        def defer(self, *fields: SpecimenField) -> Self: ...
        def select_related(self, *relations: SpecimenParent) -> Self: ...
        def prefetch_related(self, *relations: SpecimenRelation | models.Prefetch[Any]) -> Self: ...


if TYPE_CHECKING:

    class AuthorColumns(models.Model):
        """The fields of Author, for AuthorMixin."""

        id: Key[int]
        name: Column[str]
        books: BookRelated
        contract_id: uuid.UUID | None
        contract: Column[Contract | None]

    class BookColumns(models.Model):
        """The fields of Book, for BookMixin."""

        id: Key[int]
        title: Column[str]
        author_id: int
        author: Column[Author]
        series_id: uuid.UUID | None
        series: Column[Series | None]
        shelf_id: uuid.UUID | None
        shelf: Column[Shelf | None]
        sequel_to_id: int | None
        sequel_to: Column[Book | None]
        genre: Column[Genre]
        mood: Column[Mood | None]
        chapters: ChapterRelated
        check_field: Column[bool]
        hint: str | None
        price: Column[float | None]

    class LibraryClosedExceptionFields:
        """The fields of LibraryClosedException, for LibraryClosedExceptionMixin."""

        until: datetime.datetime | None

    class ShapeFields:
        """The fields of Shape, for ShapeMixin."""

        name: str

    class AuthorLookups(TypedDict, total=False):
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
        contract_id: uuid.UUID | str | Expression | None
        contract_id__in: Iterable[uuid.UUID | str] | Expression
        contract_id__isnull: bool
        contract_id__gt: uuid.UUID | str | Expression
        contract_id__gte: uuid.UUID | str | Expression
        contract_id__lt: uuid.UUID | str | Expression
        contract_id__lte: uuid.UUID | str | Expression
        contract_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        books: Book | Expression | None
        books__in: Iterable[Book] | Expression
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
        books__author_id: int | Expression
        books__author_id__in: Iterable[int] | Expression
        books__author_id__isnull: bool
        books__author_id__gt: int | Expression
        books__author_id__gte: int | Expression
        books__author_id__lt: int | Expression
        books__author_id__lte: int | Expression
        books__author_id__range: tuple[int | Expression, int | Expression]
        books__series_id: uuid.UUID | str | Expression | None
        books__series_id__in: Iterable[uuid.UUID | str] | Expression
        books__series_id__isnull: bool
        books__series_id__gt: uuid.UUID | str | Expression
        books__series_id__gte: uuid.UUID | str | Expression
        books__series_id__lt: uuid.UUID | str | Expression
        books__series_id__lte: uuid.UUID | str | Expression
        books__series_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        books__shelf_id: uuid.UUID | str | Expression | None
        books__shelf_id__in: Iterable[uuid.UUID | str] | Expression
        books__shelf_id__isnull: bool
        books__shelf_id__gt: uuid.UUID | str | Expression
        books__shelf_id__gte: uuid.UUID | str | Expression
        books__shelf_id__lt: uuid.UUID | str | Expression
        books__shelf_id__lte: uuid.UUID | str | Expression
        books__shelf_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        books__sequel_to_id: int | Expression | None
        books__sequel_to_id__in: Iterable[int] | Expression
        books__sequel_to_id__isnull: bool
        books__sequel_to_id__gt: int | Expression
        books__sequel_to_id__gte: int | Expression
        books__sequel_to_id__lt: int | Expression
        books__sequel_to_id__lte: int | Expression
        books__sequel_to_id__range: tuple[int | Expression, int | Expression]
        books__genre: Genre | Expression
        books__genre__in: Iterable[Genre] | Expression
        books__genre__isnull: bool
        books__mood: Mood | Expression | None
        books__mood__in: Iterable[Mood] | Expression
        books__mood__isnull: bool
        books__check_field: bool | Expression
        books__check_field__in: Iterable[bool] | Expression
        books__check_field__isnull: bool
        books__price: float | Expression | None
        books__price__in: Iterable[float] | Expression
        books__price__isnull: bool
        books__price__gt: float | Expression
        books__price__gte: float | Expression
        books__price__lt: float | Expression
        books__price__lte: float | Expression
        books__price__range: tuple[float | Expression, float | Expression]
        books__author: Author | Expression | None
        books__author__pk: int | Expression
        books__author__id: int | Expression | None
        books__author__name: str | Expression
        books__author__contract_id: uuid.UUID | str | Expression | None
        books__series: Series | Expression | None
        books__series__pk: uuid.UUID | Expression
        books__series__id: uuid.UUID | str | Expression
        books__series__title: str | Expression
        books__shelf: Shelf | Expression | None
        books__shelf__pk: uuid.UUID | Expression
        books__shelf__id: uuid.UUID | str | Expression
        books__shelf__place: str | Expression
        books__sequel_to: Book | Expression | None
        books__sequel_to__pk: int | Expression
        books__sequel_to__id: int | Expression | None
        books__sequel_to__title: str | Expression
        books__sequel_to__author_id: int | Expression
        books__sequel_to__series_id: uuid.UUID | str | Expression | None
        books__sequel_to__shelf_id: uuid.UUID | str | Expression | None
        books__sequel_to__sequel_to_id: int | Expression | None
        books__sequel_to__genre: Genre | Expression
        books__sequel_to__mood: Mood | Expression | None
        books__sequel_to__check_field: bool | Expression
        books__sequel_to__price: float | Expression | None
        books__chapters: Chapter | Expression | None
        books__chapters__pk: int | Expression
        books__chapters__id: int | Expression | None
        books__chapters__title: str | Expression
        books__chapters__number: int | Expression | None
        books__chapters__book_chapters_book_id: int | Expression | None
        contract: Contract | Expression | None
        contract__in: Iterable[Contract] | Expression
        contract__isnull: bool
        contract__pk: uuid.UUID | Expression
        contract__pk__in: Iterable[uuid.UUID] | Expression
        contract__pk__isnull: bool
        contract__id: uuid.UUID | str | Expression | None
        contract__id__in: Iterable[uuid.UUID | str] | Expression
        contract__id__isnull: bool
        contract__id__gt: uuid.UUID | str | Expression
        contract__id__gte: uuid.UUID | str | Expression
        contract__id__lt: uuid.UUID | str | Expression
        contract__id__lte: uuid.UUID | str | Expression
        contract__id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        contract__terms: str | Expression
        contract__terms__in: Iterable[str] | Expression
        contract__terms__isnull: bool
        contract__terms__gt: str | Expression
        contract__terms__gte: str | Expression
        contract__terms__lt: str | Expression
        contract__terms__lte: str | Expression
        contract__terms__range: tuple[str | Expression, str | Expression]
        contract__terms__iexact: str | Expression
        contract__terms__contains: str | Expression
        contract__terms__icontains: str | Expression
        contract__terms__startswith: str | Expression
        contract__terms__istartswith: str | Expression
        contract__terms__endswith: str | Expression
        contract__terms__iendswith: str | Expression
        contract__terms__regex: str | Expression
        contract__terms__iregex: str | Expression
        contract__signed_by: Author | Expression | None
        contract__signed_by__pk: int | Expression
        contract__signed_by__id: int | Expression | None
        contract__signed_by__name: str | Expression
        contract__signed_by__contract_id: uuid.UUID | str | Expression | None

    class AuthorQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[AuthorLookups]) -> None: ...

    class AuthorValues(TypedDict, total=False):
        id: int | Expression | None
        name: str | Expression
        contract_id: uuid.UUID | Expression | None
        contract: Contract | Expression | None

    AuthorField: TypeAlias = Literal[
        "pk",
        "id",
        "name",
        "contract_id",
        "contract",
        "books__id",
        "books__title",
        "books__author_id",
        "books__author",
        "books__series_id",
        "books__series",
        "books__shelf_id",
        "books__shelf",
        "books__sequel_to_id",
        "books__sequel_to",
        "books__genre",
        "books__mood",
        "books__check_field",
        "books__price",
        "contract__id",
        "contract__terms",
    ]

    AuthorOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "name",
        "-name",
        "contract_id",
        "-contract_id",
        "contract",
        "-contract",
        "books__id",
        "-books__id",
        "books__title",
        "-books__title",
        "books__author_id",
        "-books__author_id",
        "books__author",
        "-books__author",
        "books__series_id",
        "-books__series_id",
        "books__series",
        "-books__series",
        "books__shelf_id",
        "-books__shelf_id",
        "books__shelf",
        "-books__shelf",
        "books__sequel_to_id",
        "-books__sequel_to_id",
        "books__sequel_to",
        "-books__sequel_to",
        "books__genre",
        "-books__genre",
        "books__mood",
        "-books__mood",
        "books__check_field",
        "-books__check_field",
        "books__price",
        "-books__price",
        "contract__id",
        "-contract__id",
        "contract__terms",
        "-contract__terms",
        "?",
    ]

    AuthorParent: TypeAlias = Literal["contract", "contract__signed_by"]

    AuthorRelation: TypeAlias = Literal[
        "books",
        "books__author",
        "books__series",
        "books__shelf",
        "books__sequel_to",
        "books__chapters",
        "contract",
        "contract__signed_by",
    ]

    class AuthorRelated(AuthorQuerySet, RelatedObjects[Author]):
        """The Author objects related to another object."""

    class BookLookups(TypedDict, total=False):
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
        author_id: int | Expression
        author_id__in: Iterable[int] | Expression
        author_id__isnull: bool
        author_id__gt: int | Expression
        author_id__gte: int | Expression
        author_id__lt: int | Expression
        author_id__lte: int | Expression
        author_id__range: tuple[int | Expression, int | Expression]
        series_id: uuid.UUID | str | Expression | None
        series_id__in: Iterable[uuid.UUID | str] | Expression
        series_id__isnull: bool
        series_id__gt: uuid.UUID | str | Expression
        series_id__gte: uuid.UUID | str | Expression
        series_id__lt: uuid.UUID | str | Expression
        series_id__lte: uuid.UUID | str | Expression
        series_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        shelf_id: uuid.UUID | str | Expression | None
        shelf_id__in: Iterable[uuid.UUID | str] | Expression
        shelf_id__isnull: bool
        shelf_id__gt: uuid.UUID | str | Expression
        shelf_id__gte: uuid.UUID | str | Expression
        shelf_id__lt: uuid.UUID | str | Expression
        shelf_id__lte: uuid.UUID | str | Expression
        shelf_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        sequel_to_id: int | Expression | None
        sequel_to_id__in: Iterable[int] | Expression
        sequel_to_id__isnull: bool
        sequel_to_id__gt: int | Expression
        sequel_to_id__gte: int | Expression
        sequel_to_id__lt: int | Expression
        sequel_to_id__lte: int | Expression
        sequel_to_id__range: tuple[int | Expression, int | Expression]
        genre: Genre | Expression
        genre__in: Iterable[Genre] | Expression
        genre__isnull: bool
        mood: Mood | Expression | None
        mood__in: Iterable[Mood] | Expression
        mood__isnull: bool
        check_field: bool | Expression
        check_field__in: Iterable[bool] | Expression
        check_field__isnull: bool
        price: float | Expression | None
        price__in: Iterable[float] | Expression
        price__isnull: bool
        price__gt: float | Expression
        price__gte: float | Expression
        price__lt: float | Expression
        price__lte: float | Expression
        price__range: tuple[float | Expression, float | Expression]
        author: Author | Expression | None
        author__in: Iterable[Author] | Expression
        author__isnull: bool
        author__pk: int | Expression
        author__pk__in: Iterable[int] | Expression
        author__pk__isnull: bool
        author__id: int | Expression | None
        author__id__in: Iterable[int] | Expression
        author__id__isnull: bool
        author__id__gt: int | Expression
        author__id__gte: int | Expression
        author__id__lt: int | Expression
        author__id__lte: int | Expression
        author__id__range: tuple[int | Expression, int | Expression]
        author__name: str | Expression
        author__name__in: Iterable[str] | Expression
        author__name__isnull: bool
        author__name__gt: str | Expression
        author__name__gte: str | Expression
        author__name__lt: str | Expression
        author__name__lte: str | Expression
        author__name__range: tuple[str | Expression, str | Expression]
        author__name__iexact: str | Expression
        author__name__contains: str | Expression
        author__name__icontains: str | Expression
        author__name__startswith: str | Expression
        author__name__istartswith: str | Expression
        author__name__endswith: str | Expression
        author__name__iendswith: str | Expression
        author__name__regex: str | Expression
        author__name__iregex: str | Expression
        author__contract_id: uuid.UUID | str | Expression | None
        author__contract_id__in: Iterable[uuid.UUID | str] | Expression
        author__contract_id__isnull: bool
        author__contract_id__gt: uuid.UUID | str | Expression
        author__contract_id__gte: uuid.UUID | str | Expression
        author__contract_id__lt: uuid.UUID | str | Expression
        author__contract_id__lte: uuid.UUID | str | Expression
        author__contract_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        author__books: Book | Expression | None
        author__books__pk: int | Expression
        author__books__id: int | Expression | None
        author__books__title: str | Expression
        author__books__author_id: int | Expression
        author__books__series_id: uuid.UUID | str | Expression | None
        author__books__shelf_id: uuid.UUID | str | Expression | None
        author__books__sequel_to_id: int | Expression | None
        author__books__genre: Genre | Expression
        author__books__mood: Mood | Expression | None
        author__books__check_field: bool | Expression
        author__books__price: float | Expression | None
        author__contract: Contract | Expression | None
        author__contract__pk: uuid.UUID | Expression
        author__contract__id: uuid.UUID | str | Expression | None
        author__contract__terms: str | Expression
        series: Series | Expression | None
        series__in: Iterable[Series] | Expression
        series__isnull: bool
        series__pk: uuid.UUID | Expression
        series__pk__in: Iterable[uuid.UUID] | Expression
        series__pk__isnull: bool
        series__id: uuid.UUID | str | Expression
        series__id__in: Iterable[uuid.UUID | str] | Expression
        series__id__isnull: bool
        series__id__gt: uuid.UUID | str | Expression
        series__id__gte: uuid.UUID | str | Expression
        series__id__lt: uuid.UUID | str | Expression
        series__id__lte: uuid.UUID | str | Expression
        series__id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        series__title: str | Expression
        series__title__in: Iterable[str] | Expression
        series__title__isnull: bool
        series__title__gt: str | Expression
        series__title__gte: str | Expression
        series__title__lt: str | Expression
        series__title__lte: str | Expression
        series__title__range: tuple[str | Expression, str | Expression]
        series__title__iexact: str | Expression
        series__title__contains: str | Expression
        series__title__icontains: str | Expression
        series__title__startswith: str | Expression
        series__title__istartswith: str | Expression
        series__title__endswith: str | Expression
        series__title__iendswith: str | Expression
        series__title__regex: str | Expression
        series__title__iregex: str | Expression
        shelf: Shelf | Expression | None
        shelf__in: Iterable[Shelf] | Expression
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
        shelf__place: str | Expression
        shelf__place__in: Iterable[str] | Expression
        shelf__place__isnull: bool
        shelf__place__gt: str | Expression
        shelf__place__gte: str | Expression
        shelf__place__lt: str | Expression
        shelf__place__lte: str | Expression
        shelf__place__range: tuple[str | Expression, str | Expression]
        shelf__place__iexact: str | Expression
        shelf__place__contains: str | Expression
        shelf__place__icontains: str | Expression
        shelf__place__startswith: str | Expression
        shelf__place__istartswith: str | Expression
        shelf__place__endswith: str | Expression
        shelf__place__iendswith: str | Expression
        shelf__place__regex: str | Expression
        shelf__place__iregex: str | Expression
        sequel_to: Book | Expression | None
        sequel_to__in: Iterable[Book] | Expression
        sequel_to__isnull: bool
        sequel_to__pk: int | Expression
        sequel_to__pk__in: Iterable[int] | Expression
        sequel_to__pk__isnull: bool
        sequel_to__id: int | Expression | None
        sequel_to__id__in: Iterable[int] | Expression
        sequel_to__id__isnull: bool
        sequel_to__id__gt: int | Expression
        sequel_to__id__gte: int | Expression
        sequel_to__id__lt: int | Expression
        sequel_to__id__lte: int | Expression
        sequel_to__id__range: tuple[int | Expression, int | Expression]
        sequel_to__title: str | Expression
        sequel_to__title__in: Iterable[str] | Expression
        sequel_to__title__isnull: bool
        sequel_to__title__gt: str | Expression
        sequel_to__title__gte: str | Expression
        sequel_to__title__lt: str | Expression
        sequel_to__title__lte: str | Expression
        sequel_to__title__range: tuple[str | Expression, str | Expression]
        sequel_to__title__iexact: str | Expression
        sequel_to__title__contains: str | Expression
        sequel_to__title__icontains: str | Expression
        sequel_to__title__startswith: str | Expression
        sequel_to__title__istartswith: str | Expression
        sequel_to__title__endswith: str | Expression
        sequel_to__title__iendswith: str | Expression
        sequel_to__title__regex: str | Expression
        sequel_to__title__iregex: str | Expression
        sequel_to__author_id: int | Expression
        sequel_to__author_id__in: Iterable[int] | Expression
        sequel_to__author_id__isnull: bool
        sequel_to__author_id__gt: int | Expression
        sequel_to__author_id__gte: int | Expression
        sequel_to__author_id__lt: int | Expression
        sequel_to__author_id__lte: int | Expression
        sequel_to__author_id__range: tuple[int | Expression, int | Expression]
        sequel_to__series_id: uuid.UUID | str | Expression | None
        sequel_to__series_id__in: Iterable[uuid.UUID | str] | Expression
        sequel_to__series_id__isnull: bool
        sequel_to__series_id__gt: uuid.UUID | str | Expression
        sequel_to__series_id__gte: uuid.UUID | str | Expression
        sequel_to__series_id__lt: uuid.UUID | str | Expression
        sequel_to__series_id__lte: uuid.UUID | str | Expression
        sequel_to__series_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        sequel_to__shelf_id: uuid.UUID | str | Expression | None
        sequel_to__shelf_id__in: Iterable[uuid.UUID | str] | Expression
        sequel_to__shelf_id__isnull: bool
        sequel_to__shelf_id__gt: uuid.UUID | str | Expression
        sequel_to__shelf_id__gte: uuid.UUID | str | Expression
        sequel_to__shelf_id__lt: uuid.UUID | str | Expression
        sequel_to__shelf_id__lte: uuid.UUID | str | Expression
        sequel_to__shelf_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        sequel_to__sequel_to_id: int | Expression | None
        sequel_to__sequel_to_id__in: Iterable[int] | Expression
        sequel_to__sequel_to_id__isnull: bool
        sequel_to__sequel_to_id__gt: int | Expression
        sequel_to__sequel_to_id__gte: int | Expression
        sequel_to__sequel_to_id__lt: int | Expression
        sequel_to__sequel_to_id__lte: int | Expression
        sequel_to__sequel_to_id__range: tuple[int | Expression, int | Expression]
        sequel_to__genre: Genre | Expression
        sequel_to__genre__in: Iterable[Genre] | Expression
        sequel_to__genre__isnull: bool
        sequel_to__mood: Mood | Expression | None
        sequel_to__mood__in: Iterable[Mood] | Expression
        sequel_to__mood__isnull: bool
        sequel_to__check_field: bool | Expression
        sequel_to__check_field__in: Iterable[bool] | Expression
        sequel_to__check_field__isnull: bool
        sequel_to__price: float | Expression | None
        sequel_to__price__in: Iterable[float] | Expression
        sequel_to__price__isnull: bool
        sequel_to__price__gt: float | Expression
        sequel_to__price__gte: float | Expression
        sequel_to__price__lt: float | Expression
        sequel_to__price__lte: float | Expression
        sequel_to__price__range: tuple[float | Expression, float | Expression]
        sequel_to__author: Author | Expression | None
        sequel_to__author__pk: int | Expression
        sequel_to__author__id: int | Expression | None
        sequel_to__author__name: str | Expression
        sequel_to__author__contract_id: uuid.UUID | str | Expression | None
        sequel_to__series: Series | Expression | None
        sequel_to__series__pk: uuid.UUID | Expression
        sequel_to__series__id: uuid.UUID | str | Expression
        sequel_to__series__title: str | Expression
        sequel_to__shelf: Shelf | Expression | None
        sequel_to__shelf__pk: uuid.UUID | Expression
        sequel_to__shelf__id: uuid.UUID | str | Expression
        sequel_to__shelf__place: str | Expression
        sequel_to__sequel_to: Book | Expression | None
        sequel_to__sequel_to__pk: int | Expression
        sequel_to__sequel_to__id: int | Expression | None
        sequel_to__sequel_to__title: str | Expression
        sequel_to__sequel_to__author_id: int | Expression
        sequel_to__sequel_to__series_id: uuid.UUID | str | Expression | None
        sequel_to__sequel_to__shelf_id: uuid.UUID | str | Expression | None
        sequel_to__sequel_to__sequel_to_id: int | Expression | None
        sequel_to__sequel_to__genre: Genre | Expression
        sequel_to__sequel_to__mood: Mood | Expression | None
        sequel_to__sequel_to__check_field: bool | Expression
        sequel_to__sequel_to__price: float | Expression | None
        sequel_to__chapters: Chapter | Expression | None
        sequel_to__chapters__pk: int | Expression
        sequel_to__chapters__id: int | Expression | None
        sequel_to__chapters__title: str | Expression
        sequel_to__chapters__number: int | Expression | None
        sequel_to__chapters__book_chapters_book_id: int | Expression | None
        chapters: Chapter | Expression | None
        chapters__in: Iterable[Chapter] | Expression
        chapters__isnull: bool
        chapters__pk: int | Expression
        chapters__pk__in: Iterable[int] | Expression
        chapters__pk__isnull: bool
        chapters__id: int | Expression | None
        chapters__id__in: Iterable[int] | Expression
        chapters__id__isnull: bool
        chapters__id__gt: int | Expression
        chapters__id__gte: int | Expression
        chapters__id__lt: int | Expression
        chapters__id__lte: int | Expression
        chapters__id__range: tuple[int | Expression, int | Expression]
        chapters__title: str | Expression
        chapters__title__in: Iterable[str] | Expression
        chapters__title__isnull: bool
        chapters__title__gt: str | Expression
        chapters__title__gte: str | Expression
        chapters__title__lt: str | Expression
        chapters__title__lte: str | Expression
        chapters__title__range: tuple[str | Expression, str | Expression]
        chapters__title__iexact: str | Expression
        chapters__title__contains: str | Expression
        chapters__title__icontains: str | Expression
        chapters__title__startswith: str | Expression
        chapters__title__istartswith: str | Expression
        chapters__title__endswith: str | Expression
        chapters__title__iendswith: str | Expression
        chapters__title__regex: str | Expression
        chapters__title__iregex: str | Expression
        chapters__number: int | Expression | None
        chapters__number__in: Iterable[int] | Expression
        chapters__number__isnull: bool
        chapters__number__gt: int | Expression
        chapters__number__gte: int | Expression
        chapters__number__lt: int | Expression
        chapters__number__lte: int | Expression
        chapters__number__range: tuple[int | Expression, int | Expression]
        chapters__book_chapters_book_id: int | Expression | None
        chapters__book_chapters_book_id__in: Iterable[int] | Expression
        chapters__book_chapters_book_id__isnull: bool
        chapters__book_chapters_book_id__gt: int | Expression
        chapters__book_chapters_book_id__gte: int | Expression
        chapters__book_chapters_book_id__lt: int | Expression
        chapters__book_chapters_book_id__lte: int | Expression
        chapters__book_chapters_book_id__range: tuple[int | Expression, int | Expression]
        chapters__book_chapters_book: Book | Expression | None
        chapters__book_chapters_book__pk: int | Expression
        chapters__book_chapters_book__id: int | Expression | None
        chapters__book_chapters_book__title: str | Expression
        chapters__book_chapters_book__author_id: int | Expression
        chapters__book_chapters_book__series_id: uuid.UUID | str | Expression | None
        chapters__book_chapters_book__shelf_id: uuid.UUID | str | Expression | None
        chapters__book_chapters_book__sequel_to_id: int | Expression | None
        chapters__book_chapters_book__genre: Genre | Expression
        chapters__book_chapters_book__mood: Mood | Expression | None
        chapters__book_chapters_book__check_field: bool | Expression
        chapters__book_chapters_book__price: float | Expression | None

    class BookQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[BookLookups]) -> None: ...

    class BookValues(TypedDict, total=False):
        id: int | Expression | None
        title: str | Expression
        author_id: int | Expression
        author: Author | Expression
        series_id: uuid.UUID | Expression | None
        series: Series | Expression | None
        shelf_id: uuid.UUID | Expression | None
        shelf: Shelf | Expression | None
        sequel_to_id: int | Expression | None
        sequel_to: Book | Expression | None
        genre: Genre | Expression
        mood: Mood | Expression | None
        check_field: bool | Expression
        price: float | Expression | None

    BookField: TypeAlias = Literal[
        "pk",
        "id",
        "title",
        "author_id",
        "author",
        "series_id",
        "series",
        "shelf_id",
        "shelf",
        "sequel_to_id",
        "sequel_to",
        "genre",
        "mood",
        "check_field",
        "price",
        "author__id",
        "author__name",
        "author__contract_id",
        "author__contract",
        "series__id",
        "series__title",
        "shelf__id",
        "shelf__place",
        "sequel_to__id",
        "sequel_to__title",
        "sequel_to__author_id",
        "sequel_to__author",
        "sequel_to__series_id",
        "sequel_to__series",
        "sequel_to__shelf_id",
        "sequel_to__shelf",
        "sequel_to__sequel_to_id",
        "sequel_to__sequel_to",
        "sequel_to__genre",
        "sequel_to__mood",
        "sequel_to__check_field",
        "sequel_to__price",
        "chapters__id",
        "chapters__title",
        "chapters__number",
        "chapters__book_chapters_book_id",
        "chapters__book_chapters_book",
    ]

    BookOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "title",
        "-title",
        "author_id",
        "-author_id",
        "author",
        "-author",
        "series_id",
        "-series_id",
        "series",
        "-series",
        "shelf_id",
        "-shelf_id",
        "shelf",
        "-shelf",
        "sequel_to_id",
        "-sequel_to_id",
        "sequel_to",
        "-sequel_to",
        "genre",
        "-genre",
        "mood",
        "-mood",
        "check_field",
        "-check_field",
        "price",
        "-price",
        "author__id",
        "-author__id",
        "author__name",
        "-author__name",
        "author__contract_id",
        "-author__contract_id",
        "author__contract",
        "-author__contract",
        "series__id",
        "-series__id",
        "series__title",
        "-series__title",
        "shelf__id",
        "-shelf__id",
        "shelf__place",
        "-shelf__place",
        "sequel_to__id",
        "-sequel_to__id",
        "sequel_to__title",
        "-sequel_to__title",
        "sequel_to__author_id",
        "-sequel_to__author_id",
        "sequel_to__author",
        "-sequel_to__author",
        "sequel_to__series_id",
        "-sequel_to__series_id",
        "sequel_to__series",
        "-sequel_to__series",
        "sequel_to__shelf_id",
        "-sequel_to__shelf_id",
        "sequel_to__shelf",
        "-sequel_to__shelf",
        "sequel_to__sequel_to_id",
        "-sequel_to__sequel_to_id",
        "sequel_to__sequel_to",
        "-sequel_to__sequel_to",
        "sequel_to__genre",
        "-sequel_to__genre",
        "sequel_to__mood",
        "-sequel_to__mood",
        "sequel_to__check_field",
        "-sequel_to__check_field",
        "sequel_to__price",
        "-sequel_to__price",
        "chapters__id",
        "-chapters__id",
        "chapters__title",
        "-chapters__title",
        "chapters__number",
        "-chapters__number",
        "chapters__book_chapters_book_id",
        "-chapters__book_chapters_book_id",
        "chapters__book_chapters_book",
        "-chapters__book_chapters_book",
        "?",
    ]

    BookParent: TypeAlias = Literal[
        "author",
        "author__contract",
        "series",
        "shelf",
        "sequel_to",
        "sequel_to__author",
        "sequel_to__series",
        "sequel_to__shelf",
        "sequel_to__sequel_to",
    ]

    BookRelation: TypeAlias = Literal[
        "author",
        "author__books",
        "author__contract",
        "series",
        "shelf",
        "sequel_to",
        "sequel_to__author",
        "sequel_to__series",
        "sequel_to__shelf",
        "sequel_to__sequel_to",
        "sequel_to__chapters",
        "chapters",
        "chapters__book_chapters_book",
    ]

    class BookRelated(BookQuerySet, RelatedObjects[Book]):
        """The Book objects related to another object."""

    class ChapterLookups(TypedDict, total=False):
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
        number: int | Expression | None
        number__in: Iterable[int] | Expression
        number__isnull: bool
        number__gt: int | Expression
        number__gte: int | Expression
        number__lt: int | Expression
        number__lte: int | Expression
        number__range: tuple[int | Expression, int | Expression]
        book_chapters_book_id: int | Expression | None
        book_chapters_book_id__in: Iterable[int] | Expression
        book_chapters_book_id__isnull: bool
        book_chapters_book_id__gt: int | Expression
        book_chapters_book_id__gte: int | Expression
        book_chapters_book_id__lt: int | Expression
        book_chapters_book_id__lte: int | Expression
        book_chapters_book_id__range: tuple[int | Expression, int | Expression]
        book_chapters_book: Book | Expression | None
        book_chapters_book__in: Iterable[Book] | Expression
        book_chapters_book__isnull: bool
        book_chapters_book__pk: int | Expression
        book_chapters_book__pk__in: Iterable[int] | Expression
        book_chapters_book__pk__isnull: bool
        book_chapters_book__id: int | Expression | None
        book_chapters_book__id__in: Iterable[int] | Expression
        book_chapters_book__id__isnull: bool
        book_chapters_book__id__gt: int | Expression
        book_chapters_book__id__gte: int | Expression
        book_chapters_book__id__lt: int | Expression
        book_chapters_book__id__lte: int | Expression
        book_chapters_book__id__range: tuple[int | Expression, int | Expression]
        book_chapters_book__title: str | Expression
        book_chapters_book__title__in: Iterable[str] | Expression
        book_chapters_book__title__isnull: bool
        book_chapters_book__title__gt: str | Expression
        book_chapters_book__title__gte: str | Expression
        book_chapters_book__title__lt: str | Expression
        book_chapters_book__title__lte: str | Expression
        book_chapters_book__title__range: tuple[str | Expression, str | Expression]
        book_chapters_book__title__iexact: str | Expression
        book_chapters_book__title__contains: str | Expression
        book_chapters_book__title__icontains: str | Expression
        book_chapters_book__title__startswith: str | Expression
        book_chapters_book__title__istartswith: str | Expression
        book_chapters_book__title__endswith: str | Expression
        book_chapters_book__title__iendswith: str | Expression
        book_chapters_book__title__regex: str | Expression
        book_chapters_book__title__iregex: str | Expression
        book_chapters_book__author_id: int | Expression
        book_chapters_book__author_id__in: Iterable[int] | Expression
        book_chapters_book__author_id__isnull: bool
        book_chapters_book__author_id__gt: int | Expression
        book_chapters_book__author_id__gte: int | Expression
        book_chapters_book__author_id__lt: int | Expression
        book_chapters_book__author_id__lte: int | Expression
        book_chapters_book__author_id__range: tuple[int | Expression, int | Expression]
        book_chapters_book__series_id: uuid.UUID | str | Expression | None
        book_chapters_book__series_id__in: Iterable[uuid.UUID | str] | Expression
        book_chapters_book__series_id__isnull: bool
        book_chapters_book__series_id__gt: uuid.UUID | str | Expression
        book_chapters_book__series_id__gte: uuid.UUID | str | Expression
        book_chapters_book__series_id__lt: uuid.UUID | str | Expression
        book_chapters_book__series_id__lte: uuid.UUID | str | Expression
        book_chapters_book__series_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        book_chapters_book__shelf_id: uuid.UUID | str | Expression | None
        book_chapters_book__shelf_id__in: Iterable[uuid.UUID | str] | Expression
        book_chapters_book__shelf_id__isnull: bool
        book_chapters_book__shelf_id__gt: uuid.UUID | str | Expression
        book_chapters_book__shelf_id__gte: uuid.UUID | str | Expression
        book_chapters_book__shelf_id__lt: uuid.UUID | str | Expression
        book_chapters_book__shelf_id__lte: uuid.UUID | str | Expression
        book_chapters_book__shelf_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        book_chapters_book__sequel_to_id: int | Expression | None
        book_chapters_book__sequel_to_id__in: Iterable[int] | Expression
        book_chapters_book__sequel_to_id__isnull: bool
        book_chapters_book__sequel_to_id__gt: int | Expression
        book_chapters_book__sequel_to_id__gte: int | Expression
        book_chapters_book__sequel_to_id__lt: int | Expression
        book_chapters_book__sequel_to_id__lte: int | Expression
        book_chapters_book__sequel_to_id__range: tuple[int | Expression, int | Expression]
        book_chapters_book__genre: Genre | Expression
        book_chapters_book__genre__in: Iterable[Genre] | Expression
        book_chapters_book__genre__isnull: bool
        book_chapters_book__mood: Mood | Expression | None
        book_chapters_book__mood__in: Iterable[Mood] | Expression
        book_chapters_book__mood__isnull: bool
        book_chapters_book__check_field: bool | Expression
        book_chapters_book__check_field__in: Iterable[bool] | Expression
        book_chapters_book__check_field__isnull: bool
        book_chapters_book__price: float | Expression | None
        book_chapters_book__price__in: Iterable[float] | Expression
        book_chapters_book__price__isnull: bool
        book_chapters_book__price__gt: float | Expression
        book_chapters_book__price__gte: float | Expression
        book_chapters_book__price__lt: float | Expression
        book_chapters_book__price__lte: float | Expression
        book_chapters_book__price__range: tuple[float | Expression, float | Expression]
        book_chapters_book__author: Author | Expression | None
        book_chapters_book__author__pk: int | Expression
        book_chapters_book__author__id: int | Expression | None
        book_chapters_book__author__name: str | Expression
        book_chapters_book__author__contract_id: uuid.UUID | str | Expression | None
        book_chapters_book__series: Series | Expression | None
        book_chapters_book__series__pk: uuid.UUID | Expression
        book_chapters_book__series__id: uuid.UUID | str | Expression
        book_chapters_book__series__title: str | Expression
        book_chapters_book__shelf: Shelf | Expression | None
        book_chapters_book__shelf__pk: uuid.UUID | Expression
        book_chapters_book__shelf__id: uuid.UUID | str | Expression
        book_chapters_book__shelf__place: str | Expression
        book_chapters_book__sequel_to: Book | Expression | None
        book_chapters_book__sequel_to__pk: int | Expression
        book_chapters_book__sequel_to__id: int | Expression | None
        book_chapters_book__sequel_to__title: str | Expression
        book_chapters_book__sequel_to__author_id: int | Expression
        book_chapters_book__sequel_to__series_id: uuid.UUID | str | Expression | None
        book_chapters_book__sequel_to__shelf_id: uuid.UUID | str | Expression | None
        book_chapters_book__sequel_to__sequel_to_id: int | Expression | None
        book_chapters_book__sequel_to__genre: Genre | Expression
        book_chapters_book__sequel_to__mood: Mood | Expression | None
        book_chapters_book__sequel_to__check_field: bool | Expression
        book_chapters_book__sequel_to__price: float | Expression | None
        book_chapters_book__chapters: Chapter | Expression | None
        book_chapters_book__chapters__pk: int | Expression
        book_chapters_book__chapters__id: int | Expression | None
        book_chapters_book__chapters__title: str | Expression
        book_chapters_book__chapters__number: int | Expression | None
        book_chapters_book__chapters__book_chapters_book_id: int | Expression | None

    class ChapterQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[ChapterLookups]) -> None: ...

    class ChapterValues(TypedDict, total=False):
        id: int | Expression | None
        title: str | Expression
        number: int | Expression | None
        book_chapters_book_id: int | Expression | None
        book_chapters_book: Book | Expression | None

    ChapterField: TypeAlias = Literal[
        "pk",
        "id",
        "title",
        "number",
        "book_chapters_book_id",
        "book_chapters_book",
        "book_chapters_book__id",
        "book_chapters_book__title",
        "book_chapters_book__author_id",
        "book_chapters_book__author",
        "book_chapters_book__series_id",
        "book_chapters_book__series",
        "book_chapters_book__shelf_id",
        "book_chapters_book__shelf",
        "book_chapters_book__sequel_to_id",
        "book_chapters_book__sequel_to",
        "book_chapters_book__genre",
        "book_chapters_book__mood",
        "book_chapters_book__check_field",
        "book_chapters_book__price",
    ]

    ChapterOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "title",
        "-title",
        "number",
        "-number",
        "book_chapters_book_id",
        "-book_chapters_book_id",
        "book_chapters_book",
        "-book_chapters_book",
        "book_chapters_book__id",
        "-book_chapters_book__id",
        "book_chapters_book__title",
        "-book_chapters_book__title",
        "book_chapters_book__author_id",
        "-book_chapters_book__author_id",
        "book_chapters_book__author",
        "-book_chapters_book__author",
        "book_chapters_book__series_id",
        "-book_chapters_book__series_id",
        "book_chapters_book__series",
        "-book_chapters_book__series",
        "book_chapters_book__shelf_id",
        "-book_chapters_book__shelf_id",
        "book_chapters_book__shelf",
        "-book_chapters_book__shelf",
        "book_chapters_book__sequel_to_id",
        "-book_chapters_book__sequel_to_id",
        "book_chapters_book__sequel_to",
        "-book_chapters_book__sequel_to",
        "book_chapters_book__genre",
        "-book_chapters_book__genre",
        "book_chapters_book__mood",
        "-book_chapters_book__mood",
        "book_chapters_book__check_field",
        "-book_chapters_book__check_field",
        "book_chapters_book__price",
        "-book_chapters_book__price",
        "?",
    ]

    ChapterParent: TypeAlias = Literal[
        "book_chapters_book",
        "book_chapters_book__author",
        "book_chapters_book__series",
        "book_chapters_book__shelf",
        "book_chapters_book__sequel_to",
    ]

    ChapterRelation: TypeAlias = Literal[
        "book_chapters_book",
        "book_chapters_book__author",
        "book_chapters_book__series",
        "book_chapters_book__shelf",
        "book_chapters_book__sequel_to",
        "book_chapters_book__chapters",
    ]

    class ChapterRelated(ChapterQuerySet, RelatedObjects[Chapter]):
        """The Chapter objects related to another object."""

    class ContractLookups(TypedDict, total=False):
        pk: uuid.UUID | Expression
        pk__in: Iterable[uuid.UUID] | Expression
        pk__isnull: bool
        id: uuid.UUID | str | Expression | None
        id__in: Iterable[uuid.UUID | str] | Expression
        id__isnull: bool
        id__gt: uuid.UUID | str | Expression
        id__gte: uuid.UUID | str | Expression
        id__lt: uuid.UUID | str | Expression
        id__lte: uuid.UUID | str | Expression
        id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        terms: str | Expression
        terms__in: Iterable[str] | Expression
        terms__isnull: bool
        terms__gt: str | Expression
        terms__gte: str | Expression
        terms__lt: str | Expression
        terms__lte: str | Expression
        terms__range: tuple[str | Expression, str | Expression]
        terms__iexact: str | Expression
        terms__contains: str | Expression
        terms__icontains: str | Expression
        terms__startswith: str | Expression
        terms__istartswith: str | Expression
        terms__endswith: str | Expression
        terms__iendswith: str | Expression
        terms__regex: str | Expression
        terms__iregex: str | Expression
        signed_by: Author | Expression | None
        signed_by__in: Iterable[Author] | Expression
        signed_by__isnull: bool
        signed_by__pk: int | Expression
        signed_by__pk__in: Iterable[int] | Expression
        signed_by__pk__isnull: bool
        signed_by__id: int | Expression | None
        signed_by__id__in: Iterable[int] | Expression
        signed_by__id__isnull: bool
        signed_by__id__gt: int | Expression
        signed_by__id__gte: int | Expression
        signed_by__id__lt: int | Expression
        signed_by__id__lte: int | Expression
        signed_by__id__range: tuple[int | Expression, int | Expression]
        signed_by__name: str | Expression
        signed_by__name__in: Iterable[str] | Expression
        signed_by__name__isnull: bool
        signed_by__name__gt: str | Expression
        signed_by__name__gte: str | Expression
        signed_by__name__lt: str | Expression
        signed_by__name__lte: str | Expression
        signed_by__name__range: tuple[str | Expression, str | Expression]
        signed_by__name__iexact: str | Expression
        signed_by__name__contains: str | Expression
        signed_by__name__icontains: str | Expression
        signed_by__name__startswith: str | Expression
        signed_by__name__istartswith: str | Expression
        signed_by__name__endswith: str | Expression
        signed_by__name__iendswith: str | Expression
        signed_by__name__regex: str | Expression
        signed_by__name__iregex: str | Expression
        signed_by__contract_id: uuid.UUID | str | Expression | None
        signed_by__contract_id__in: Iterable[uuid.UUID | str] | Expression
        signed_by__contract_id__isnull: bool
        signed_by__contract_id__gt: uuid.UUID | str | Expression
        signed_by__contract_id__gte: uuid.UUID | str | Expression
        signed_by__contract_id__lt: uuid.UUID | str | Expression
        signed_by__contract_id__lte: uuid.UUID | str | Expression
        signed_by__contract_id__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        signed_by__books: Book | Expression | None
        signed_by__books__pk: int | Expression
        signed_by__books__id: int | Expression | None
        signed_by__books__title: str | Expression
        signed_by__books__author_id: int | Expression
        signed_by__books__series_id: uuid.UUID | str | Expression | None
        signed_by__books__shelf_id: uuid.UUID | str | Expression | None
        signed_by__books__sequel_to_id: int | Expression | None
        signed_by__books__genre: Genre | Expression
        signed_by__books__mood: Mood | Expression | None
        signed_by__books__check_field: bool | Expression
        signed_by__books__price: float | Expression | None
        signed_by__contract: Contract | Expression | None
        signed_by__contract__pk: uuid.UUID | Expression
        signed_by__contract__id: uuid.UUID | str | Expression | None
        signed_by__contract__terms: str | Expression

    class ContractQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[ContractLookups]) -> None: ...

    class ContractValues(TypedDict, total=False):
        id: uuid.UUID | Expression | None
        terms: str | Expression

    ContractField: TypeAlias = Literal[
        "pk",
        "id",
        "terms",
        "signed_by__id",
        "signed_by__name",
        "signed_by__contract_id",
        "signed_by__contract",
    ]

    ContractOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "terms",
        "-terms",
        "signed_by__id",
        "-signed_by__id",
        "signed_by__name",
        "-signed_by__name",
        "signed_by__contract_id",
        "-signed_by__contract_id",
        "signed_by__contract",
        "-signed_by__contract",
        "?",
    ]

    ContractParent: TypeAlias = Literal["signed_by", "signed_by__contract"]

    ContractRelation: TypeAlias = Literal["signed_by", "signed_by__books", "signed_by__contract"]

    class ContractRelated(ContractQuerySet, RelatedObjects[Contract]):
        """The Contract objects related to another object."""

    class SeriesLookups(TypedDict, total=False):
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

    class SeriesQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[SeriesLookups]) -> None: ...

    class SeriesValues(TypedDict, total=False):
        id: uuid.UUID | Expression
        title: str | Expression

    SeriesField: TypeAlias = Literal["pk", "id", "title"]

    SeriesOrder: TypeAlias = Literal["pk", "-pk", "id", "-id", "title", "-title", "?"]

    SeriesParent: TypeAlias = Never

    SeriesRelation: TypeAlias = Never

    class SeriesRelated(SeriesQuerySet, RelatedObjects[Series]):
        """The Series objects related to another object."""

    class ShelfLookups(TypedDict, total=False):
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
        place: str | Expression
        place__in: Iterable[str] | Expression
        place__isnull: bool
        place__gt: str | Expression
        place__gte: str | Expression
        place__lt: str | Expression
        place__lte: str | Expression
        place__range: tuple[str | Expression, str | Expression]
        place__iexact: str | Expression
        place__contains: str | Expression
        place__icontains: str | Expression
        place__startswith: str | Expression
        place__istartswith: str | Expression
        place__endswith: str | Expression
        place__iendswith: str | Expression
        place__regex: str | Expression
        place__iregex: str | Expression

    class ShelfQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[ShelfLookups]) -> None: ...

    class ShelfValues(TypedDict, total=False):
        id: uuid.UUID | Expression
        place: str | Expression

    ShelfField: TypeAlias = Literal["pk", "id", "place"]

    ShelfOrder: TypeAlias = Literal["pk", "-pk", "id", "-id", "place", "-place", "?"]

    ShelfParent: TypeAlias = Never

    ShelfRelation: TypeAlias = Never

    class ShelfRelated(ShelfQuerySet, RelatedObjects[Shelf]):
        """The Shelf objects related to another object."""

    class SpecimenLookups(TypedDict, total=False):
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
        number: int | Expression | None
        number__in: Iterable[int] | Expression
        number__isnull: bool
        number__gt: int | Expression
        number__gte: int | Expression
        number__lt: int | Expression
        number__lte: int | Expression
        number__range: tuple[int | Expression, int | Expression]
        ratio: float | Expression | None
        ratio__in: Iterable[float] | Expression
        ratio__isnull: bool
        ratio__gt: float | Expression
        ratio__gte: float | Expression
        ratio__lt: float | Expression
        ratio__lte: float | Expression
        ratio__range: tuple[float | Expression, float | Expression]
        flag: bool | Expression | None
        flag__in: Iterable[bool] | Expression
        flag__isnull: bool
        words: str | Expression | None
        words__in: Iterable[str] | Expression
        words__isnull: bool
        words__gt: str | Expression
        words__gte: str | Expression
        words__lt: str | Expression
        words__lte: str | Expression
        words__range: tuple[str | Expression, str | Expression]
        words__iexact: str | Expression
        words__contains: str | Expression
        words__icontains: str | Expression
        words__startswith: str | Expression
        words__istartswith: str | Expression
        words__endswith: str | Expression
        words__iendswith: str | Expression
        words__regex: str | Expression
        words__iregex: str | Expression
        moment: datetime.datetime | Expression | None
        moment__in: Iterable[datetime.datetime] | Expression
        moment__isnull: bool
        moment__gt: datetime.datetime | Expression
        moment__gte: datetime.datetime | Expression
        moment__lt: datetime.datetime | Expression
        moment__lte: datetime.datetime | Expression
        moment__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        moment__date: datetime.date | Expression
        moment__date__gt: datetime.date | Expression
        moment__date__gte: datetime.date | Expression
        moment__date__lt: datetime.date | Expression
        moment__date__lte: datetime.date | Expression
        moment__year: int | Expression
        moment__month: int | Expression
        moment__day: int | Expression
        moment__week_day: int | Expression
        moment__hour: int | Expression
        moment__minute: int | Expression
        span: datetime.timedelta | Expression | None
        span__in: Iterable[datetime.timedelta] | Expression
        span__isnull: bool
        span__gt: datetime.timedelta | Expression
        span__gte: datetime.timedelta | Expression
        span__lt: datetime.timedelta | Expression
        span__lte: datetime.timedelta | Expression
        span__range: tuple[datetime.timedelta | Expression, datetime.timedelta | Expression]
        key: uuid.UUID | str | Expression | None
        key__in: Iterable[uuid.UUID | str] | Expression
        key__isnull: bool
        key__gt: uuid.UUID | str | Expression
        key__gte: uuid.UUID | str | Expression
        key__lt: uuid.UUID | str | Expression
        key__lte: uuid.UUID | str | Expression
        key__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        address: str | Expression | None
        address__in: Iterable[str] | Expression
        address__isnull: bool
        address__iexact: str | Expression
        address__contains: str | Expression
        address__icontains: str | Expression
        address__startswith: str | Expression
        address__istartswith: str | Expression
        address__endswith: str | Expression
        address__iendswith: str | Expression
        address__regex: str | Expression
        address__iregex: str | Expression
        large: int | Expression | None
        large__in: Iterable[int] | Expression
        large__isnull: bool
        bytes_field: bytes | Expression | None
        bytes_field__in: Iterable[bytes] | Expression
        bytes_field__isnull: bool
        mood: Mood | Expression | None
        mood__in: Iterable[Mood] | Expression
        mood__isnull: bool
        genre: Genre | Expression | None
        genre__in: Iterable[Genre] | Expression
        genre__isnull: bool
        bits: list[bool] | Expression | None
        bits__in: Iterable[list[bool]] | Expression
        bits__isnull: bool
        texts: Any
        texts__isnull: bool
        texts__contains: Any
        texts__contained_by: Any
        texts__has_key: str
        texts__has_keys: Iterable[str]
        texts__has_any_keys: Iterable[str]
        texts2: Any
        texts2__isnull: bool
        texts2__contains: Any
        texts2__contained_by: Any
        texts2__has_key: str
        texts2__has_keys: Iterable[str]
        texts2__has_any_keys: Iterable[str]
        moments: Any
        moments__isnull: bool
        moments__contains: Any
        moments__contained_by: Any
        moments__has_key: str
        moments__has_keys: Iterable[str]
        moments__has_any_keys: Iterable[str]
        counts: Any
        counts__isnull: bool
        counts__contains: Any
        counts__contained_by: Any
        counts__has_key: str
        counts__has_keys: Iterable[str]
        counts__has_any_keys: Iterable[str]
        by_genre: Any
        by_genre__isnull: bool
        by_genre__contains: Any
        by_genre__contained_by: Any
        by_genre__has_key: str
        by_genre__has_keys: Iterable[str]
        by_genre__has_any_keys: Iterable[str]
        pair: Any
        pair__isnull: bool
        pair__contains: Any
        pair__contained_by: Any
        pair__has_key: str
        pair__has_keys: Iterable[str]
        pair__has_any_keys: Iterable[str]
        page: Any
        page__isnull: bool
        page__contains: Any
        page__contained_by: Any
        page__has_key: str
        page__has_keys: Iterable[str]
        page__has_any_keys: Iterable[str]
        shapes: Any
        shapes__isnull: bool
        shapes__contains: Any
        shapes__contained_by: Any
        shapes__has_key: str
        shapes__has_keys: Iterable[str]
        shapes__has_any_keys: Iterable[str]
        anything: Any
        anything__isnull: bool
        anything__contains: Any
        anything__contained_by: Any
        anything__has_key: str
        anything__has_keys: Iterable[str]
        anything__has_any_keys: Iterable[str]
        made: datetime.datetime | Expression | None
        made__in: Iterable[datetime.datetime] | Expression
        made__isnull: bool
        made__gt: datetime.datetime | Expression
        made__gte: datetime.datetime | Expression
        made__lt: datetime.datetime | Expression
        made__lte: datetime.datetime | Expression
        made__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        made__date: datetime.date | Expression
        made__date__gt: datetime.date | Expression
        made__date__gte: datetime.date | Expression
        made__date__lt: datetime.date | Expression
        made__date__lte: datetime.date | Expression
        made__year: int | Expression
        made__month: int | Expression
        made__day: int | Expression
        made__week_day: int | Expression
        made__hour: int | Expression
        made__minute: int | Expression
        agreed: datetime.datetime | Expression
        agreed__in: Iterable[datetime.datetime] | Expression
        agreed__isnull: bool
        agreed__gt: datetime.datetime | Expression
        agreed__gte: datetime.datetime | Expression
        agreed__lt: datetime.datetime | Expression
        agreed__lte: datetime.datetime | Expression
        agreed__range: tuple[datetime.datetime | Expression, datetime.datetime | Expression]
        agreed__date: datetime.date | Expression
        agreed__date__gt: datetime.date | Expression
        agreed__date__gte: datetime.date | Expression
        agreed__date__lt: datetime.date | Expression
        agreed__date__lte: datetime.date | Expression
        agreed__year: int | Expression
        agreed__month: int | Expression
        agreed__day: int | Expression
        agreed__week_day: int | Expression
        agreed__hour: int | Expression
        agreed__minute: int | Expression
        pause: datetime.timedelta | Expression
        pause__in: Iterable[datetime.timedelta] | Expression
        pause__isnull: bool
        pause__gt: datetime.timedelta | Expression
        pause__gte: datetime.timedelta | Expression
        pause__lt: datetime.timedelta | Expression
        pause__lte: datetime.timedelta | Expression
        pause__range: tuple[datetime.timedelta | Expression, datetime.timedelta | Expression]
        home: str | Expression
        home__in: Iterable[str] | Expression
        home__isnull: bool
        home__iexact: str | Expression
        home__contains: str | Expression
        home__icontains: str | Expression
        home__startswith: str | Expression
        home__istartswith: str | Expression
        home__endswith: str | Expression
        home__iendswith: str | Expression
        home__regex: str | Expression
        home__iregex: str | Expression
        huge: int | Expression
        huge__in: Iterable[int] | Expression
        huge__isnull: bool
        ticket: uuid.UUID | str | Expression
        ticket__in: Iterable[uuid.UUID | str] | Expression
        ticket__isnull: bool
        ticket__gt: uuid.UUID | str | Expression
        ticket__gte: uuid.UUID | str | Expression
        ticket__lt: uuid.UUID | str | Expression
        ticket__lte: uuid.UUID | str | Expression
        ticket__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        other: uuid.UUID | str | Expression
        other__in: Iterable[uuid.UUID | str] | Expression
        other__isnull: bool
        other__gt: uuid.UUID | str | Expression
        other__gte: uuid.UUID | str | Expression
        other__lt: uuid.UUID | str | Expression
        other__lte: uuid.UUID | str | Expression
        other__range: tuple[uuid.UUID | str | Expression, uuid.UUID | str | Expression]
        quote: str | Expression
        quote__in: Iterable[str] | Expression
        quote__isnull: bool
        quote__gt: str | Expression
        quote__gte: str | Expression
        quote__lt: str | Expression
        quote__lte: str | Expression
        quote__range: tuple[str | Expression, str | Expression]
        quote__iexact: str | Expression
        quote__contains: str | Expression
        quote__icontains: str | Expression
        quote__startswith: str | Expression
        quote__istartswith: str | Expression
        quote__endswith: str | Expression
        quote__iendswith: str | Expression
        quote__regex: str | Expression
        quote__iregex: str | Expression

    class SpecimenQ(models.Q):
        def __init__(self, *conditions: models.Q, **lookups: Unpack[SpecimenLookups]) -> None: ...

    class SpecimenValues(TypedDict, total=False):
        id: int | Expression | None
        number: int | Expression | None
        ratio: float | Expression | None
        flag: bool | Expression | None
        words: str | Expression | None
        moment: datetime.datetime | Expression | None
        span: datetime.timedelta | Expression | None
        key: uuid.UUID | Expression | None
        address: str | Expression | None
        large: int | Expression | None
        bytes_field: bytes | Expression | None
        mood: Mood | Expression | None
        genre: Genre | Expression | None
        bits: list[bool] | Expression | None
        texts: list[str] | Expression | None
        texts2: list[str | None] | Expression | None
        moments: set[datetime.datetime] | Expression | None
        counts: dict[str, int] | Expression | None
        by_genre: dict[Genre, datetime.timedelta] | Expression | None
        pair: tuple[int, str] | Expression | None
        page: Page | Expression | None
        shapes: list[Shape] | Expression | None
        anything: Any
        made: datetime.datetime | Expression | None
        agreed: datetime.datetime | Expression
        pause: datetime.timedelta | Expression
        home: str | Expression
        huge: int | Expression
        ticket: uuid.UUID | Expression
        other: uuid.UUID | Expression
        quote: str | Expression

    SpecimenField: TypeAlias = Literal[
        "pk",
        "id",
        "number",
        "ratio",
        "flag",
        "words",
        "moment",
        "span",
        "key",
        "address",
        "large",
        "bytes_field",
        "mood",
        "genre",
        "bits",
        "texts",
        "texts2",
        "moments",
        "counts",
        "by_genre",
        "pair",
        "page",
        "shapes",
        "anything",
        "made",
        "agreed",
        "pause",
        "home",
        "huge",
        "ticket",
        "other",
        "quote",
    ]

    SpecimenOrder: TypeAlias = Literal[
        "pk",
        "-pk",
        "id",
        "-id",
        "number",
        "-number",
        "ratio",
        "-ratio",
        "flag",
        "-flag",
        "words",
        "-words",
        "moment",
        "-moment",
        "span",
        "-span",
        "key",
        "-key",
        "address",
        "-address",
        "large",
        "-large",
        "bytes_field",
        "-bytes_field",
        "mood",
        "-mood",
        "genre",
        "-genre",
        "bits",
        "-bits",
        "texts",
        "-texts",
        "texts2",
        "-texts2",
        "moments",
        "-moments",
        "counts",
        "-counts",
        "by_genre",
        "-by_genre",
        "pair",
        "-pair",
        "page",
        "-page",
        "shapes",
        "-shapes",
        "anything",
        "-anything",
        "made",
        "-made",
        "agreed",
        "-agreed",
        "pause",
        "-pause",
        "home",
        "-home",
        "huge",
        "-huge",
        "ticket",
        "-ticket",
        "other",
        "-other",
        "quote",
        "-quote",
        "?",
    ]

    SpecimenParent: TypeAlias = Never

    SpecimenRelation: TypeAlias = Never

    class SpecimenRelated(SpecimenQuerySet, RelatedObjects[Specimen]):
        """The Specimen objects related to another object."""
else:
    AuthorColumns = models.Model
    BookColumns = models.Model
    LibraryClosedExceptionFields = object
    ShapeFields = object
