"""Notes of users who merge their accounts, delete them, or ask for their data.

Notes have their owner in `ownerId`, which is not a relation. Rows with a relation to AuthUser need no such code.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.dispatch import receiver

from accounts import signals
from accounts.data import export
from accounts.models import User
from tests.notes import access
from tests.notes.models import Note


@receiver(signals.users_merged)
def move(keep: User, gone: User, **_: Any) -> None:
    """Move notes and notebooks of the removed account to the other one."""
    access.notes_of(str(gone.pk)).update(owner_id=keep.pk)
    access.notebooks_of(str(gone.pk)).update(owner_id=keep.pk)


@receiver(signals.user_deleting)
def delete(user: User, **_: Any) -> None:
    """Delete notes and notebooks with their owner."""
    access.notes_of(str(user.pk)).delete()
    access.notebooks_of(str(user.pk)).delete()


@receiver(signals.exporting)
def add_notes(user: User, **_: Any) -> Iterator[export.Entry]:
    """notes.json and notebooks.json."""
    notes = access.notes_of(str(user.pk)).select_related("notebook")
    yield export.rows("notes", map(_readable, export.paged(notes)))
    yield export.table("notebooks", access.notebooks_of(str(user.pk)), "name", "created_at")


def _readable(note: Note) -> dict[str, Any]:
    return {
        "title": note.title,
        "body": note.body,
        "color": note.color.value,
        "tags": note.tags,
        "notebook": note.notebook.name if note.notebook else None,
        "remind_at": note.remind_at,
        "created_at": note.created_at,
    }
