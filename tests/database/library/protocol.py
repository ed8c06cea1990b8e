"""The models of library, generated from its model files by `python3 manage.py generate`. Do not edit."""

from __future__ import annotations

import datetime
import enum
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models

from podium.core.ids import uuid7
from podium.database import base, fields, indexes
from podium.database.constraints import ForeignKeyConstraint
from podium.database.fields import Column, Key
from podium.wire.classes import SerializableException, WireClass, WireEnum, WireField, register

from .mixins import AuthorMixin, BookMixin, BookQueries, GenreMixin, LibraryClosedExceptionMixin, ShapeMixin
from .protocol_types import (
    AuthorQuerySet,
    ChapterQuerySet,
    ContractQuerySet,
    SeriesQuerySet,
    ShelfQuerySet,
    SpecimenQuerySet,
)

if TYPE_CHECKING:
    from .protocol_types import (
        AuthorQ,
        BookQ,
        BookRelated,
        ChapterQ,
        ChapterRelated,
        ContractQ,
        SeriesQ,
        ShelfQ,
        SpecimenQ,
    )

__all__ = [
    "Author",
    "Book",
    "Chapter",
    "Circle",
    "Contract",
    "Genre",
    "LargePage",
    "LibraryClosedException",
    "Mood",
    "Page",
    "Series",
    "Shape",
    "Shelf",
    "Specimen",
    "Square",
]


class Genre(GenreMixin, enum.Enum):
    """The subject of a book."""

    NOVEL = "novel"
    REFERENCE = "reference"
    """Non-fiction."""

    @property
    def label(self) -> str:
        return {"novel": "A novel", "reference": 'A "reference" work'}[self.value]

    @property
    def fiction(self) -> bool:
        return {"novel": True, "reference": False}[self.value]


class Mood(enum.Enum):
    CALM = "calm"
    DARK_AND_STORMY = "darkAndStormy"


class Author(AuthorMixin, base.Model):
    id: Key[int] = models.BigAutoField(primary_key=True)
    name: Column[str] = fields.TextField()
    contract_id: uuid.UUID | None
    contract: Column[Contract | None] = fields.OneToOneField(
        "Contract", null=True, blank=True, db_column="contractId", related_name="signed_by"
    )
    books: BookRelated

    objects: ClassVar[AuthorQuerySet] = AuthorQuerySet.as_manager()
    Q: ClassVar[type[AuthorQ]]

    class Meta(AuthorMixin.Meta):
        db_table = "author"
        constraints = [
            ForeignKeyConstraint(fields=["contract"], to="Contract", name="author_fk_0"),
            models.UniqueConstraint(fields=["contract"], name="author_contract_unique_idx"),
        ]


class Book(BookMixin, base.Model):
    """Something to read,
    with pages.
    """

    id: Key[int] = models.BigAutoField(primary_key=True)
    title: Column[str] = fields.TextField()
    author_id: int
    author: Column[Author] = fields.ForeignKey("Author", db_column="authorId", related_name="books")
    series_id: uuid.UUID | None
    series: Column[Series | None] = fields.ForeignKey(
        "Series", null=True, blank=True, db_column="seriesId", related_name="+"
    )
    shelf_id: uuid.UUID | None
    shelf: Column[Shelf | None] = fields.ForeignKey(
        "Shelf", null=True, blank=True, db_column="shelfId", related_name="+"
    )
    """The book's shelf, which can't be deleted before the book."""
    sequel_to_id: int | None
    sequel_to: Column[Book | None] = fields.ForeignKey(
        "Book", null=True, blank=True, db_column="sequelToId", related_name="+"
    )
    genre: Column[Genre] = fields.EnumField(Genre, by_index=True, default=Genre.NOVEL, db_default=0)
    mood: Column[Mood | None] = fields.EnumField(Mood, null=True, blank=True)
    check_field: Column[bool] = fields.BooleanField(default=False, db_default=False, db_column="check")
    hint: str | None = fields.Transient()
    price: Column[float | None] = fields.FloatField(null=True, blank=True)
    """Only for staff."""
    chapters: ChapterRelated

    objects: ClassVar[BookQueries] = BookQueries.as_manager()
    Q: ClassVar[type[BookQ]]

    class Meta(BookMixin.Meta):
        db_table = "book"
        constraints = [
            *BookMixin.Meta.constraints,
            ForeignKeyConstraint(fields=["author"], to="Author", name="book_fk_0", on_delete="cascade"),
            ForeignKeyConstraint(fields=["series"], to="Series", name="book_fk_1", on_delete="set_null"),
            ForeignKeyConstraint(fields=["shelf"], to="Shelf", name="book_fk_2", on_delete="restrict"),
            ForeignKeyConstraint(fields=["sequel_to"], to="Book", name="book_fk_3", deferred=True),
        ]


class Chapter(base.Model):
    id: Key[int] = models.BigAutoField(primary_key=True)
    title: Column[str] = fields.TextField()
    number: Column[int | None] = fields.IntegerField(
        null=True, blank=True, db_default=fields.Serial("chapter_number_seq")
    )
    book_chapters_book_id: int | None
    book_chapters_book: Column[Book | None] = fields.ForeignKey(
        "Book", null=True, blank=True, db_column="_bookChaptersBookId", related_name="chapters"
    )

    objects: ClassVar[ChapterQuerySet] = ChapterQuerySet.as_manager()
    Q: ClassVar[type[ChapterQ]]

    class Meta:
        db_table = "chapter"
        constraints = [
            ForeignKeyConstraint(fields=["book_chapters_book"], to="Book", name="chapter_fk_0"),
        ]


class Contract(base.Model):
    id: Key[uuid.UUID] = fields.UUIDField(primary_key=True, db_default=fields.RandomV7())
    terms: Column[str] = fields.TextField(default="None", db_default="None")
    signed_by: Author

    objects: ClassVar[ContractQuerySet] = ContractQuerySet.as_manager()
    Q: ClassVar[type[ContractQ]]

    class Meta:
        db_table = "contract"


class Series(base.Model):
    id: Key[uuid.UUID] = fields.UUIDField(primary_key=True, default=uuid.uuid4, db_default=fields.Random())
    title: Column[str] = fields.TextField()

    objects: ClassVar[SeriesQuerySet] = SeriesQuerySet.as_manager()
    Q: ClassVar[type[SeriesQ]]

    class Meta:
        db_table = "series"


class Shelf(base.Model):
    id: Key[uuid.UUID] = fields.UUIDField(primary_key=True, default=uuid7, db_default=fields.RandomV7())
    place: Column[str] = fields.TextField()

    objects: ClassVar[ShelfQuerySet] = ShelfQuerySet.as_manager()
    Q: ClassVar[type[ShelfQ]]

    class Meta:
        db_table = "shelf"


class Specimen(base.Model):
    """One of every kind."""

    id: Key[int] = models.BigAutoField(primary_key=True)
    number: Column[int | None] = fields.IntegerField(null=True, blank=True)
    ratio: Column[float | None] = fields.FloatField(null=True, blank=True)
    flag: Column[bool | None] = fields.BooleanField(null=True, blank=True)
    words: Column[str | None] = fields.TextField(null=True, blank=True)
    moment: Column[datetime.datetime | None] = fields.DateTimeField(null=True, blank=True)
    span: Column[datetime.timedelta | None] = fields.DurationField(null=True, blank=True)
    key: Column[uuid.UUID | None] = fields.UUIDField(null=True, blank=True)
    address: Column[str | None] = fields.UriField(null=True, blank=True)
    large: Column[int | None] = fields.BigIntField(null=True, blank=True)
    bytes_field: Column[bytes | None] = fields.BinaryField(null=True, blank=True, db_column="bytes")
    mood: Column[Mood | None] = fields.EnumField(Mood, null=True, blank=True)
    genre: Column[Genre | None] = fields.EnumField(Genre, by_index=True, null=True, blank=True)
    bits: Column[list[bool] | None] = fields.BitField(5, null=True, blank=True)
    texts: Column[list[str] | None] = fields.JSONField("List<String>", null=True, blank=True)
    texts2: Column[list[str | None] | None] = fields.JSONField(
        "List<String?>", jsonb=True, null=True, blank=True
    )
    moments: Column[set[datetime.datetime] | None] = fields.JSONField("Set<DateTime>", null=True, blank=True)
    counts: Column[dict[str, int] | None] = fields.JSONField(
        "Map<String, int>", jsonb=True, null=True, blank=True
    )
    by_genre: Column[dict[Genre, datetime.timedelta] | None] = fields.JSONField(
        "Map<Genre, Duration>", null=True, blank=True, db_column="byGenre"
    )
    pair: Column[tuple[int, str] | None] = fields.JSONField("(int, {String name})", null=True, blank=True)
    page: Column[Page | None] = fields.JSONField("Page", jsonb=True, null=True, blank=True)
    shapes: Column[list[Shape] | None] = fields.JSONField("List<Shape>", null=True, blank=True)
    anything: Column[Any] = fields.JSONField("dynamic")
    made: Column[datetime.datetime | None] = fields.DateTimeField(
        null=True, blank=True, db_default=fields.Now()
    )
    agreed: Column[datetime.datetime] = fields.DateTimeField(
        default=datetime.datetime(2024, 5, 24, 22, tzinfo=datetime.UTC),
        db_default=datetime.datetime(2024, 5, 24, 22, tzinfo=datetime.UTC),
    )
    pause: Column[datetime.timedelta] = fields.DurationField(
        default=datetime.timedelta(milliseconds=93600000),
        db_default=datetime.timedelta(milliseconds=93600000),
    )
    home: Column[str] = fields.UriField(default="https://example.org/a", db_default="https://example.org/a")
    huge: Column[int] = fields.BigIntField(
        default=123456789012345678901234567890, db_default=123456789012345678901234567890
    )
    ticket: Column[uuid.UUID] = fields.UUIDField(
        default=uuid.UUID("3f2504e0-4f89-11d3-9a0c-0305e82c3301"),
        db_default=uuid.UUID("3f2504e0-4f89-11d3-9a0c-0305e82c3301"),
    )
    other: Column[uuid.UUID] = fields.UUIDField(default=uuid7, db_default=fields.RandomV7())
    quote: Column[str] = fields.TextField(default='it\'s "so"', db_default='it\'s "so"')

    objects: ClassVar[SpecimenQuerySet] = SpecimenQuerySet.as_manager()
    Q: ClassVar[type[SpecimenQ]]

    class Meta:
        db_table = "specimen"
        indexes = [
            indexes.GinIndex(
                fields=["counts"], name="specimen_counts_which_has_a_name_of_more_than_thirty_idx"
            ),
        ]


@dataclass(kw_only=True)
class Shape(ShapeMixin):
    name: str


@dataclass(kw_only=True)
class Circle(Shape):
    radius: float


@dataclass(kw_only=True, frozen=True)
class Page:
    """A part of a catalogue."""

    number: int
    words: list[str]
    next: Page | None = None


@dataclass(kw_only=True, frozen=True)
class LargePage(Page):
    fold: bool = True


@dataclass(kw_only=True)
class Square(Shape):
    side: float
    secret: str | None = None


@dataclass(kw_only=True, eq=False)
class LibraryClosedException(LibraryClosedExceptionMixin, SerializableException):
    until: datetime.datetime | None = None


register(
    [
        WireEnum("Genre", Genre, "byIndex"),
        WireEnum("Mood", Mood, "byName", default=Mood.CALM),
        WireClass(
            "Author",
            Author,
            [
                WireField("id", "id", "int?"),
                WireField("name", "name", "String"),
                WireField("books", "books", "List<Book>?", relation="many"),
                WireField("contract", "contract", "Contract?", relation="one"),
                WireField("contractId", "contract_id", "UuidValue?"),
            ],
        ),
        WireClass(
            "Book",
            Book,
            [
                WireField("id", "id", "int?"),
                WireField("title", "title", "String"),
                WireField("authorId", "author_id", "int"),
                WireField("author", "author", "Author?", relation="one"),
                WireField("seriesId", "series_id", "UuidValue?"),
                WireField("series", "series", "Series?", relation="one"),
                WireField("shelfId", "shelf_id", "UuidValue?"),
                WireField("sequelToId", "sequel_to_id", "int?"),
                WireField("sequelTo", "sequel_to", "Book?", relation="one"),
                WireField("genre", "genre", "Genre", has_default=True),
                WireField("mood", "mood", "Mood?"),
                WireField("chapters", "chapters", "List<Chapter>?", relation="many"),
                WireField("check", "check_field", "bool", has_default=True),
                WireField("hint", "hint", "String?"),
                WireField("price", "price", "double?", scope="serverOnly"),
            ],
        ),
        WireClass(
            "Chapter",
            Chapter,
            [
                WireField("id", "id", "int?"),
                WireField("title", "title", "String"),
                WireField("number", "number", "int?"),
                WireField("_bookChaptersBookId", "book_chapters_book_id", "int?", scope="none"),
            ],
        ),
        WireClass(
            "Contract",
            Contract,
            [
                WireField("id", "id", "UuidValue?"),
                WireField("signedBy", "signed_by", "Author?", relation="one"),
                WireField("terms", "terms", "String", has_default=True),
            ],
        ),
        WireClass(
            "Series",
            Series,
            [
                WireField("id", "id", "UuidValue", has_default=True),
                WireField("title", "title", "String"),
            ],
        ),
        WireClass(
            "Shelf",
            Shelf,
            [
                WireField("id", "id", "UuidValue", has_default=True),
                WireField("place", "place", "String"),
            ],
        ),
        WireClass(
            "Specimen",
            Specimen,
            [
                WireField("id", "id", "int?"),
                WireField("number", "number", "int?"),
                WireField("ratio", "ratio", "double?"),
                WireField("flag", "flag", "bool?"),
                WireField("words", "words", "String?"),
                WireField("moment", "moment", "DateTime?"),
                WireField("span", "span", "Duration?"),
                WireField("key", "key", "UuidValue?"),
                WireField("address", "address", "Uri?"),
                WireField("large", "large", "BigInt?"),
                WireField("bytes", "bytes_field", "ByteData?"),
                WireField("mood", "mood", "Mood?"),
                WireField("genre", "genre", "Genre?"),
                WireField("bits", "bits", "Bit(5)?"),
                WireField("texts", "texts", "List<String>?"),
                WireField("texts2", "texts2", "List<String?>?"),
                WireField("moments", "moments", "Set<DateTime>?"),
                WireField("counts", "counts", "Map<String, int>?"),
                WireField("byGenre", "by_genre", "Map<Genre, Duration>?"),
                WireField("pair", "pair", "(int, {String name})?"),
                WireField("page", "page", "Page?"),
                WireField("shapes", "shapes", "List<Shape>?"),
                WireField("anything", "anything", "dynamic"),
                WireField("made", "made", "DateTime?"),
                WireField("agreed", "agreed", "DateTime", has_default=True),
                WireField("pause", "pause", "Duration", has_default=True),
                WireField("home", "home", "Uri", has_default=True),
                WireField("huge", "huge", "BigInt", has_default=True),
                WireField("ticket", "ticket", "UuidValue", has_default=True),
                WireField("other", "other", "UuidValue", has_default=True),
                WireField("quote", "quote", "String", has_default=True),
            ],
        ),
        WireClass(
            "Shape",
            Shape,
            [
                WireField("name", "name", "String"),
            ],
            sealed=True,
        ),
        WireClass(
            "Circle",
            Circle,
            [
                WireField("name", "name", "String"),
                WireField("radius", "radius", "double"),
            ],
            parent="Shape",
        ),
        WireClass(
            "Page",
            Page,
            [
                WireField("number", "number", "int"),
                WireField("words", "words", "List<String>"),
                WireField("next", "next", "Page?"),
            ],
        ),
        WireClass(
            "LargePage",
            LargePage,
            [
                WireField("number", "number", "int"),
                WireField("words", "words", "List<String>"),
                WireField("next", "next", "Page?"),
                WireField("fold", "fold", "bool", has_default=True),
            ],
            parent="Page",
        ),
        WireClass(
            "Square",
            Square,
            [
                WireField("name", "name", "String"),
                WireField("side", "side", "double"),
                WireField("secret", "secret", "String?", scope="serverOnly"),
            ],
            parent="Shape",
        ),
        WireClass(
            "LibraryClosedException",
            LibraryClosedException,
            [
                WireField("until", "until", "DateTime?"),
            ],
        ),
    ]
)
