"""The models of shelf, generated from its model files by `python3 manage.py generate`. Do not edit."""

from __future__ import annotations

import datetime
import enum
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from podium.database import base, fields
from podium.database.constraints import ForeignKeyConstraint, RuleConstraint
from podium.database.fields import Column, Key
from podium.wire import validation
from podium.wire.classes import WireClass, WireEnum, WireField, register

from .protocol_types import BookcaseQuerySet, ShelfBookQuerySet

if TYPE_CHECKING:
    from .protocol_types import BookcaseQ, ShelfBookQ, ShelfBookRelated

__all__ = [
    "Bookcase",
    "ShelfBook",
    "ShelfKind",
    "ShelfPlace",
]


class ShelfKind(enum.Enum):
    NOVEL = "novel"
    ATLAS = "atlas"


class Bookcase(base.Model):
    """A shelf. Its key is made by the client."""

    id: Key[uuid.UUID] = fields.UUIDField(primary_key=True, default=uuid.uuid4, db_default=fields.Random())
    name: Column[str] = fields.TextField()
    books: ShelfBookRelated

    objects: ClassVar[BookcaseQuerySet] = BookcaseQuerySet.as_manager()
    Q: ClassVar[type[BookcaseQ]]

    class Meta:
        db_table = "bookcase"
        constraints = [
            models.UniqueConstraint(fields=["name"], name="bookcase_name_idx"),
        ]


class ShelfBook(base.Model):
    """A book, with a column of each type."""

    id: Key[int] = models.BigAutoField(primary_key=True)
    shelf_id: uuid.UUID
    shelf: Column[Bookcase] = fields.ForeignKey("Bookcase", db_column="shelfId", related_name="books")
    title: Column[str] = fields.TextField()
    kind: Column[ShelfKind] = fields.EnumField(
        ShelfKind, by_index=True, default=ShelfKind.NOVEL, db_default=0
    )
    order: Column[int] = fields.IntegerField(default=0, db_default=0)
    """A field with the name of a parameter."""
    price: Column[float | None] = fields.FloatField(null=True, blank=True)
    isbn: Column[int | None] = fields.BigIntField(null=True, blank=True)
    link: Column[str | None] = fields.UriField(null=True, blank=True)
    loan: Column[datetime.timedelta | None] = fields.DurationField(null=True, blank=True)
    printed_at: Column[datetime.datetime | None] = fields.DateTimeField(
        null=True, blank=True, db_column="printedAt"
    )
    tags: Column[set[str] | None] = fields.JSONField("Set<String>", null=True, blank=True)
    place: Column[ShelfPlace | None] = fields.JSONField("ShelfPlace", null=True, blank=True)
    cover: Column[bytes | None] = fields.BinaryField(null=True, blank=True)
    secret: Column[str | None] = fields.TextField(null=True, blank=True)

    objects: ClassVar[ShelfBookQuerySet] = ShelfBookQuerySet.as_manager()
    Q: ClassVar[type[ShelfBookQ]]

    class Meta:
        db_table = "shelf_book"
        constraints = [
            ForeignKeyConstraint(
                fields=["shelf"], to="Bookcase", name="shelf_book_fk_0", on_delete="restrict"
            ),
            models.UniqueConstraint(fields=["isbn"], name="shelf_book_isbn_idx"),
            RuleConstraint(
                fields=["title"],
                rule=validation.Length(min=1, max=40),
                name="shelf_book__title__length_check",
            ),
            RuleConstraint(
                fields=["price"], rule=validation.Range(min=0), name="shelf_book__price__range_check"
            ),
        ]


@dataclass(kw_only=True)
class ShelfPlace:
    """A place in a room."""

    room: str
    row: int = 1


register(
    [
        WireEnum("ShelfKind", ShelfKind, "byIndex"),
        WireClass(
            "Bookcase",
            Bookcase,
            [
                WireField("id", "id", "UuidValue", has_default=True),
                WireField("name", "name", "String"),
                WireField("books", "books", "List<ShelfBook>?", relation="many"),
            ],
        ),
        WireClass(
            "ShelfBook",
            ShelfBook,
            [
                WireField("id", "id", "int?"),
                WireField("shelfId", "shelf_id", "UuidValue"),
                WireField("shelf", "shelf", "Bookcase?", relation="one"),
                WireField("title", "title", "String", rules=[validation.Length(min=1, max=40)]),
                WireField("kind", "kind", "ShelfKind", has_default=True),
                WireField("order", "order", "int", has_default=True),
                WireField("price", "price", "double?", rules=[validation.Range(min=0)]),
                WireField("isbn", "isbn", "BigInt?"),
                WireField("link", "link", "Uri?"),
                WireField("loan", "loan", "Duration?"),
                WireField("printedAt", "printed_at", "DateTime?"),
                WireField("tags", "tags", "Set<String>?"),
                WireField("place", "place", "ShelfPlace?"),
                WireField("cover", "cover", "ByteData?"),
                WireField("secret", "secret", "String?", scope="serverOnly"),
            ],
        ),
        WireClass(
            "ShelfPlace",
            ShelfPlace,
            [
                WireField("room", "room", "String"),
                WireField("row", "row", "int", has_default=True),
            ],
        ),
    ]
)
