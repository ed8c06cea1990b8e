"""The models of diary, generated from its model files by `python3 manage.py generate`. Do not edit."""

from __future__ import annotations

import datetime
import enum
import uuid
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from podium.core import clock
from podium.database import base, fields, indexes
from podium.database.constraints import ForeignKeyConstraint
from podium.database.fields import Column, Key
from podium.wire.classes import WireClass, WireEnum, WireField, register

from .protocol_types import CommentQuerySet, DiaryQuerySet, EntryQuerySet, ScanQuerySet

if TYPE_CHECKING:
    from accounts.models import User

    from .protocol_types import CommentQ, DiaryQ, EntryQ, EntryRelated, ScanQ

__all__ = [
    "Comment",
    "Diary",
    "Entry",
    "Scan",
    "Weather",
]


class Weather(enum.Enum):
    SUNNY = "sunny"
    RAINY = "rainy"


class Comment(base.Model):
    id: Key[int] = models.BigAutoField(primary_key=True)
    text: Column[str] = fields.TextField()
    entry_id: int
    entry: Column[Entry] = fields.ForeignKey("Entry", db_column="entryId", related_name="+")

    objects: ClassVar[CommentQuerySet] = CommentQuerySet.as_manager()
    Q: ClassVar[type[CommentQ]]

    class Meta:
        db_table = "diary_comment"
        constraints = [
            ForeignKeyConstraint(
                fields=["entry"], to="Entry", name="diary_comment_fk_0", on_delete="restrict"
            ),
        ]


class Diary(base.Model):
    id: Key[int] = models.BigAutoField(primary_key=True)
    name: Column[str] = fields.TextField()
    user_id: uuid.UUID | None
    user: Column[User | None] = fields.ForeignKey(
        "accounts.User", null=True, blank=True, db_column="userId", related_name="+"
    )
    created_at: Column[datetime.datetime] = fields.DateTimeField(
        default=clock.now, db_default=fields.Now(), db_column="createdAt"
    )
    entries: EntryRelated

    objects: ClassVar[DiaryQuerySet] = DiaryQuerySet.as_manager()
    Q: ClassVar[type[DiaryQ]]

    class Meta:
        db_table = "diary"
        constraints = [
            ForeignKeyConstraint(fields=["user"], to="accounts.User", name="diary_fk_0", on_delete="cascade"),
        ]
        indexes = [
            indexes.Index(fields=["created_at"], name="diary_created_idx"),
        ]


class Entry(base.Model):
    id: Key[int] = models.BigAutoField(primary_key=True)
    body: Column[str] = fields.TextField(default="", db_default="")
    title: Column[str] = fields.TextField()
    weather: Column[Weather] = fields.EnumField(Weather, default=Weather.SUNNY, db_default="sunny")
    is_public: Column[bool] = fields.BooleanField(default=False, db_default=False, db_column="isPublic")
    tags: Column[list[str]] = fields.JSONField("List<String>")
    day: Column[datetime.datetime | None] = fields.DateTimeField(null=True, blank=True)
    share_token: Column[str | None] = fields.TextField(null=True, blank=True, db_column="shareToken")
    photo: Column[bytes | None] = fields.BinaryField(null=True, blank=True)
    bits: Column[list[bool] | None] = fields.BitField(5, null=True, blank=True)
    diary_id: int | None
    diary: Column[Diary | None] = fields.ForeignKey(
        "Diary", null=True, blank=True, db_column="diaryId", related_name="entries"
    )
    owner_id: Column[uuid.UUID | None] = fields.UUIDField(null=True, blank=True, db_column="ownerId")
    created_at: Column[datetime.datetime] = fields.DateTimeField(
        default=clock.now, db_default=fields.Now(), db_column="createdAt"
    )

    objects: ClassVar[EntryQuerySet] = EntryQuerySet.as_manager()
    Q: ClassVar[type[EntryQ]]

    class Meta:
        db_table = "diary_entry"
        constraints = [
            ForeignKeyConstraint(fields=["diary"], to="Diary", name="diary_entry_fk_0", on_delete="cascade"),
        ]


class Scan(base.Model):
    """A table whose rows no form can make: the bytes have no input."""

    id: Key[int] = models.BigAutoField(primary_key=True)
    pages: Column[int] = fields.IntegerField()
    data: Column[bytes] = fields.BinaryField()

    objects: ClassVar[ScanQuerySet] = ScanQuerySet.as_manager()
    Q: ClassVar[type[ScanQ]]

    class Meta:
        db_table = "diary_scan"


register(
    [
        WireEnum("Weather", Weather, "byName"),
        WireClass(
            "Comment",
            Comment,
            [
                WireField("id", "id", "int?"),
                WireField("text", "text", "String"),
                WireField("entryId", "entry_id", "int"),
                WireField("entry", "entry", "Entry?", relation="one"),
            ],
        ),
        WireClass(
            "Diary",
            Diary,
            [
                WireField("id", "id", "int?"),
                WireField("name", "name", "String"),
                WireField("userId", "user_id", "UuidValue?"),
                WireField("user", "user", "module:serverpod_auth_core:AuthUser?", relation="one"),
                WireField("entries", "entries", "List<Entry>?", relation="many"),
                WireField("createdAt", "created_at", "DateTime", has_default=True),
            ],
        ),
        WireClass(
            "Entry",
            Entry,
            [
                WireField("id", "id", "int?"),
                WireField("body", "body", "String", has_default=True),
                WireField("title", "title", "String"),
                WireField("weather", "weather", "Weather", has_default=True),
                WireField("isPublic", "is_public", "bool", has_default=True),
                WireField("tags", "tags", "List<String>"),
                WireField("day", "day", "DateTime?"),
                WireField("shareToken", "share_token", "String?", scope="serverOnly"),
                WireField("photo", "photo", "ByteData?"),
                WireField("bits", "bits", "Bit(5)?"),
                WireField("diaryId", "diary_id", "int?"),
                WireField("diary", "diary", "Diary?", relation="one"),
                WireField("ownerId", "owner_id", "UuidValue?", scope="serverOnly"),
                WireField("createdAt", "created_at", "DateTime", has_default=True),
            ],
        ),
        WireClass(
            "Scan",
            Scan,
            [
                WireField("id", "id", "int?"),
                WireField("pages", "pages", "int"),
                WireField("data", "data", "ByteData"),
            ],
        ),
    ]
)
