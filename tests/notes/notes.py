"""Operations on notes, which only this module writes. Access is checked in access.py."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from uuid import UUID

from tasks import scheduling
from tests.notes import access, tasks
from tests.notes.announcements import announce
from tests.notes.models import Note, NoteColor, NoteNotFoundException, NoteStatistics


def find(user_id: str, note_id: int) -> Note:
    """One note. Raises NoteNotFoundException, also for another user's."""
    note = access.notes_of(user_id).filter(id=note_id).first()
    if note is None:
        raise NoteNotFoundException(message="There is no such note.", note_id=note_id)
    return note


def create(user_id: str, note: Note) -> Note:
    """Store a note as new, as this user's, and announce it. Raises NotebookNotFoundException."""
    note.id = None
    note.reminded = False
    return _store(user_id, note)


def update(user_id: str, note: Note) -> Note:
    """Store a changed note and announce it. Raises NoteNotFoundException, NotebookNotFoundException."""
    stored = find(user_id, note.id or 0)  # without an id it was never stored
    note.created_at, note.reminded = stored.created_at, stored.reminded
    return _store(user_id, note)


def _store(user_id: str, note: Note) -> Note:
    if note.notebook_id is not None:
        access.check_notebook(user_id, note.notebook_id)
    else:
        note.notebook = (
            None  # a client may send one that was never stored, which Django refuses to save with the note
        )
    note.owner_id = UUID(user_id)
    note.save()
    announce(note)
    return note


def delete(user_id: str, note_id: int) -> None:
    """Remove a note. Raises NoteNotFoundException."""
    find(user_id, note_id).delete()


def remind(user_id: str, note_id: int, after: timedelta) -> None:
    """Schedule another announcement of the note, marked as reminded. Raises NoteNotFoundException."""
    scheduling.schedule(tasks.remind, after=after, note_id=find(user_id, note_id).id)


def statistics(user_id: str) -> NoteStatistics:
    """Count a user's notes."""
    notes = list(access.notes_of(user_id).values_list("color", "created_at"))
    return NoteStatistics(
        total=len(notes),
        by_color=dict(Counter(NoteColor(color) for color, _ in notes)),
        newest=max((created_at for _, created_at in notes), default=None),
    )
