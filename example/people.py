"""What becomes of notes when people merge their accounts, have them deleted, or ask for their data.

Notes say whose they are by `ownerId`, which is no relation. Rows with a relation to AuthUser need no such care.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.dispatch import receiver

from accounts import export, signals
from accounts.models import User
from example import access
from example.models import Note


@receiver(signals.users_merged)
def move(keep: User, gone: User, **_: Any) -> None:
    """Notes and notebooks of the account that goes are the other one's."""
    access.notes_of(str(gone.pk)).update(owner_id=keep.pk)
    access.notebooks_of(str(gone.pk)).update(owner_id=keep.pk)


@receiver(signals.user_deleting)
def delete(user: User, **_: Any) -> None:
    """Notes and notebooks go with their owner."""
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
