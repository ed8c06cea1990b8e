"""The models of notes, generated from its model files by `python3 manage.py generate`. Do not edit."""

from __future__ import annotations

import datetime
import enum
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from podium.core import clock
from podium.database import base, fields, indexes
from podium.database.constraints import ForeignKeyConstraint
from podium.database.fields import Column, Key
from podium.wire.classes import SerializableException, WireClass, WireEnum, WireField, register

from .protocol_types import NotebookQuerySet, NoteQuerySet

if TYPE_CHECKING:
    from .protocol_types import NotebookQ, NoteQ, NoteRelated

__all__ = [
    "Note",
    "NoteColor",
    "NoteNotFoundException",
    "NoteStatistics",
    "Notebook",
    "NotebookNotFoundException",
]


class NoteColor(enum.Enum):
    """The colors a note can have."""

    YELLOW = "yellow"
    BLUE = "blue"
    RED = "red"
    """For important notes."""


class Note(base.Model):
    """A note, optionally in a notebook."""

    id: Key[int] = models.BigAutoField(primary_key=True)
    title: Column[str] = fields.TextField()
    """The first line, as lists show it."""
    body: Column[str] = fields.TextField(default="", db_default="")
    color: Column[NoteColor] = fields.EnumField(NoteColor, default=NoteColor.YELLOW, db_default="yellow")
    tags: Column[list[str]] = fields.JSONField("List<String>")
    remind_at: Column[datetime.datetime | None] = fields.DateTimeField(
        null=True, blank=True, db_column="remindAt"
    )
    """The time to remind the owner, if any."""
    reminded: Column[bool] = fields.BooleanField(default=False, db_default=False)
    """Set by the server when the reminder was sent."""
    notebook_id: int | None
    notebook: Column[Notebook | None] = fields.ForeignKey(
        "Notebook", null=True, blank=True, db_column="notebookId", related_name="notes"
    )
    """The notebook of the note."""
    owner_id: Column[uuid.UUID | None] = fields.UUIDField(null=True, blank=True, db_column="ownerId")
    """The owner, set by the server; clients never see it."""
    created_at: Column[datetime.datetime] = fields.DateTimeField(
        default=clock.now, db_default=fields.Now(), db_column="createdAt"
    )

    objects: ClassVar[NoteQuerySet] = NoteQuerySet.as_manager()
    Q: ClassVar[type[NoteQ]]

    class Meta:
        db_table = "note"
        constraints = [
            ForeignKeyConstraint(fields=["notebook"], to="Notebook", name="note_fk_0", on_delete="cascade"),
        ]
        indexes = [
            indexes.Index(fields=["owner_id", "created_at"], name="note_owner_created_idx"),
        ]


class Notebook(base.Model):
    """A user's collection of notes."""

    id: Key[int] = models.BigAutoField(primary_key=True)
    name: Column[str] = fields.TextField()
    """The name that the user gives it."""
    owner_id: Column[uuid.UUID | None] = fields.UUIDField(null=True, blank=True, db_column="ownerId")
    """The owner, set by the server; clients never see it."""
    created_at: Column[datetime.datetime] = fields.DateTimeField(
        default=clock.now, db_default=fields.Now(), db_column="createdAt"
    )
    notes: NoteRelated

    objects: ClassVar[NotebookQuerySet] = NotebookQuerySet.as_manager()
    Q: ClassVar[type[NotebookQ]]

    class Meta:
        db_table = "notebook"
        indexes = [
            indexes.Index(fields=["owner_id"], name="notebook_owner_idx"),
        ]


@dataclass(kw_only=True)
class NoteStatistics:
    """The number of a user's notes."""

    total: int
    by_color: dict[NoteColor, int]
    newest: datetime.datetime | None = None


@dataclass(kw_only=True, eq=False)
class NoteNotFoundException(SerializableException):
    """There is no such note, or it belongs to another user."""

    message: str
    note_id: int


@dataclass(kw_only=True, eq=False)
class NotebookNotFoundException(SerializableException):
    """There is no such notebook, or it belongs to another user."""

    message: str
    notebook_id: int


register(
    [
        WireEnum("NoteColor", NoteColor, "byName"),
        WireClass(
            "Note",
            Note,
            [
                WireField("id", "id", "int?"),
                WireField("title", "title", "String"),
                WireField("body", "body", "String", has_default=True),
                WireField("color", "color", "NoteColor", has_default=True),
                WireField("tags", "tags", "List<String>"),
                WireField("remindAt", "remind_at", "DateTime?"),
                WireField("reminded", "reminded", "bool", has_default=True),
                WireField("notebookId", "notebook_id", "int?"),
                WireField("notebook", "notebook", "Notebook?", relation="one"),
                WireField("ownerId", "owner_id", "UuidValue?", scope="serverOnly"),
                WireField("createdAt", "created_at", "DateTime", has_default=True),
            ],
        ),
        WireClass(
            "Notebook",
            Notebook,
            [
                WireField("id", "id", "int?"),
                WireField("name", "name", "String"),
                WireField("ownerId", "owner_id", "UuidValue?", scope="serverOnly"),
                WireField("notes", "notes", "List<Note>?", relation="many"),
                WireField("createdAt", "created_at", "DateTime", has_default=True),
            ],
        ),
        WireClass(
            "NoteStatistics",
            NoteStatistics,
            [
                WireField("total", "total", "int"),
                WireField("byColor", "by_color", "Map<NoteColor, int>"),
                WireField("newest", "newest", "DateTime?"),
            ],
        ),
        WireClass(
            "NoteNotFoundException",
            NoteNotFoundException,
            [
                WireField("message", "message", "String"),
                WireField("noteId", "note_id", "int"),
            ],
        ),
        WireClass(
            "NotebookNotFoundException",
            NotebookNotFoundException,
            [
                WireField("message", "message", "String"),
                WireField("notebookId", "notebook_id", "int"),
            ],
        ),
    ]
)
