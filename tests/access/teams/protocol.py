"""The models of teams, generated from its model files by `python3 manage.py generate`. Do not edit."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from podium.database import base, fields
from podium.database.constraints import ForeignKeyConstraint
from podium.database.fields import Column, Key
from podium.wire.classes import WireClass, WireField, register

from .protocol_types import (
    TeamMemberQuerySet,
    TeamNotebookMemberQuerySet,
    TeamNotebookQuerySet,
    TeamNoteQuerySet,
    TeamQuerySet,
)

if TYPE_CHECKING:
    from .protocol_types import (
        TeamMemberQ,
        TeamMemberRelated,
        TeamNotebookMemberQ,
        TeamNotebookMemberRelated,
        TeamNotebookQ,
        TeamNoteQ,
        TeamQ,
    )

__all__ = [
    "Team",
    "TeamMember",
    "TeamNote",
    "TeamNotebook",
    "TeamNotebookMember",
]


class Team(base.Model):
    """People who share notebooks."""

    id: Key[int] = models.BigAutoField(primary_key=True)
    name: Column[str] = fields.TextField(default="", db_default="")
    active: Column[bool] = fields.BooleanField(default=True, db_default=True)
    members: TeamMemberRelated

    objects: ClassVar[TeamQuerySet] = TeamQuerySet.as_manager()
    Q: ClassVar[type[TeamQ]]

    class Meta:
        db_table = "team"


class TeamMember(base.Model):
    """A user in a team."""

    id: Key[int] = models.BigAutoField(primary_key=True)
    team_id: int
    team: Column[Team] = fields.ForeignKey("Team", db_column="teamId", related_name="members")
    user_id: Column[uuid.UUID] = fields.UUIDField(db_column="userId")
    active: Column[bool] = fields.BooleanField(default=True, db_default=True)

    objects: ClassVar[TeamMemberQuerySet] = TeamMemberQuerySet.as_manager()
    Q: ClassVar[type[TeamMemberQ]]

    class Meta:
        db_table = "team_member"
        constraints = [
            ForeignKeyConstraint(fields=["team"], to="Team", name="team_member_fk_0", on_delete="cascade"),
        ]


class TeamNote(base.Model):
    """A note, optionally in a notebook."""

    id: Key[int] = models.BigAutoField(primary_key=True)
    title: Column[str] = fields.TextField(default="", db_default="")
    color: Column[str | None] = fields.TextField(null=True, blank=True)
    reminded: Column[bool] = fields.BooleanField(default=False, db_default=False)
    owner_id: Column[uuid.UUID | None] = fields.UUIDField(null=True, blank=True, db_column="ownerId")
    editor_id: Column[uuid.UUID | None] = fields.UUIDField(null=True, blank=True, db_column="editorId")
    notebook_id: int | None
    notebook: Column[TeamNotebook | None] = fields.ForeignKey(
        "TeamNotebook", null=True, blank=True, db_column="notebookId", related_name="+"
    )

    objects: ClassVar[TeamNoteQuerySet] = TeamNoteQuerySet.as_manager()
    Q: ClassVar[type[TeamNoteQ]]

    class Meta:
        db_table = "team_note"
        constraints = [
            ForeignKeyConstraint(
                fields=["notebook"], to="TeamNotebook", name="team_note_fk_0", on_delete="cascade"
            ),
        ]


class TeamNotebook(base.Model):
    """Notes that belong together."""

    id: Key[int] = models.BigAutoField(primary_key=True)
    name: Column[str] = fields.TextField(default="", db_default="")
    owner_id: Column[uuid.UUID | None] = fields.UUIDField(null=True, blank=True, db_column="ownerId")
    public: Column[bool] = fields.BooleanField(default=False, db_default=False)
    team_id: int | None
    team: Column[Team | None] = fields.ForeignKey(
        "Team", null=True, blank=True, db_column="teamId", related_name="+"
    )
    members: TeamNotebookMemberRelated

    objects: ClassVar[TeamNotebookQuerySet] = TeamNotebookQuerySet.as_manager()
    Q: ClassVar[type[TeamNotebookQ]]

    class Meta:
        db_table = "team_notebook"
        constraints = [
            ForeignKeyConstraint(fields=["team"], to="Team", name="team_notebook_fk_0", on_delete="set_null"),
        ]


class TeamNotebookMember(base.Model):
    """A user with whom a notebook is shared."""

    id: Key[int] = models.BigAutoField(primary_key=True)
    notebook_id: int
    notebook: Column[TeamNotebook] = fields.ForeignKey(
        "TeamNotebook", db_column="notebookId", related_name="members"
    )
    user_id: Column[uuid.UUID] = fields.UUIDField(db_column="userId")
    may_write: Column[bool] = fields.BooleanField(default=False, db_default=False, db_column="mayWrite")

    objects: ClassVar[TeamNotebookMemberQuerySet] = TeamNotebookMemberQuerySet.as_manager()
    Q: ClassVar[type[TeamNotebookMemberQ]]

    class Meta:
        db_table = "team_notebook_member"
        constraints = [
            ForeignKeyConstraint(
                fields=["notebook"], to="TeamNotebook", name="team_notebook_member_fk_0", on_delete="cascade"
            ),
        ]


register(
    [
        WireClass(
            "Team",
            Team,
            [
                WireField("id", "id", "int?"),
                WireField("name", "name", "String", has_default=True),
                WireField("active", "active", "bool", has_default=True),
                WireField("members", "members", "List<TeamMember>?", relation="many"),
            ],
        ),
        WireClass(
            "TeamMember",
            TeamMember,
            [
                WireField("id", "id", "int?"),
                WireField("teamId", "team_id", "int"),
                WireField("team", "team", "Team?", relation="one"),
                WireField("userId", "user_id", "UuidValue"),
                WireField("active", "active", "bool", has_default=True),
            ],
        ),
        WireClass(
            "TeamNote",
            TeamNote,
            [
                WireField("id", "id", "int?"),
                WireField("title", "title", "String", has_default=True),
                WireField("color", "color", "String?"),
                WireField("reminded", "reminded", "bool", has_default=True),
                WireField("ownerId", "owner_id", "UuidValue?"),
                WireField("editorId", "editor_id", "UuidValue?"),
                WireField("notebookId", "notebook_id", "int?"),
                WireField("notebook", "notebook", "TeamNotebook?", relation="one"),
            ],
        ),
        WireClass(
            "TeamNotebook",
            TeamNotebook,
            [
                WireField("id", "id", "int?"),
                WireField("name", "name", "String", has_default=True),
                WireField("ownerId", "owner_id", "UuidValue?"),
                WireField("public", "public", "bool", has_default=True),
                WireField("teamId", "team_id", "int?"),
                WireField("team", "team", "Team?", relation="one"),
                WireField("members", "members", "List<TeamNotebookMember>?", relation="many"),
            ],
        ),
        WireClass(
            "TeamNotebookMember",
            TeamNotebookMember,
            [
                WireField("id", "id", "int?"),
                WireField("notebookId", "notebook_id", "int"),
                WireField("notebook", "notebook", "TeamNotebook?", relation="one"),
                WireField("userId", "user_id", "UuidValue"),
                WireField("mayWrite", "may_write", "bool", has_default=True),
            ],
        ),
    ]
)
