"""The models of example, generated from its model files by `python3 manage.py generate`. Do not edit."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from podium.core import clock
from podium.database import base, fields, indexes
from podium.database.constraints import ForeignKeyConstraint
from podium.database.fields import Column, Key
from podium.wire.classes import SerializableException, WireClass, WireField, register

from .protocol_types import NoteQuerySet

if TYPE_CHECKING:
    from accounts.models import User

    from .protocol_types import NoteQ

__all__ = [
    "Note",
    "NoteNotFoundException",
]


class Note(base.Model):
    """A note of one user."""

    id: Key[int] = models.BigAutoField(primary_key=True)
    title: Column[str] = fields.TextField()
    body: Column[str] = fields.TextField(default="", db_default="")
    reminded: Column[bool] = fields.BooleanField(default=False, db_default=False)
    """Set once the reminder went out."""
    owner_id: uuid.UUID | None
    owner: Column[User | None] = fields.ForeignKey(
        "accounts.User", null=True, blank=True, db_column="ownerId", related_name="+"
    )
    """The server sets it; clients never see it."""
    created_at: Column[datetime.datetime] = fields.DateTimeField(
        default=clock.now, db_default=fields.Now(), db_column="createdAt"
    )

    objects: ClassVar[NoteQuerySet] = NoteQuerySet.as_manager()
    Q: ClassVar[type[NoteQ]]

    class Meta:
        db_table = "note"
        constraints = [
            ForeignKeyConstraint(fields=["owner"], to="accounts.User", name="note_fk_0", on_delete="cascade"),
        ]
        indexes = [
            indexes.Index(fields=["owner", "created_at"], name="note_owner_idx"),
        ]


@dataclass(kw_only=True, eq=False)
class NoteNotFoundException(SerializableException):
    """No note with this id, or it belongs to another user."""

    message: str
    note_id: int


register(
    [
        WireClass(
            "Note",
            Note,
            [
                WireField("id", "id", "int?"),
                WireField("title", "title", "String"),
                WireField("body", "body", "String", has_default=True),
                WireField("reminded", "reminded", "bool", has_default=True),
                WireField("ownerId", "owner_id", "UuidValue?", scope="serverOnly"),
                WireField(
                    "owner",
                    "owner",
                    "module:serverpod_auth_core:AuthUser?",
                    scope="serverOnly",
                    relation="one",
                ),
                WireField("createdAt", "created_at", "DateTime", has_default=True),
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
    ]
)
