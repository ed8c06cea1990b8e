"""What can be done with notes: the only writer of them. Who may do it is asked in access.py."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from uuid import UUID

from example import access, tasks
from example.models import Note, NoteColor, NoteNotFoundException, NoteStatistics
from realtime import messages
from tasks import scheduling


def channel(user_id: str) -> str:
    """Where a person's new and changed notes are announced."""
    return f"notes.{user_id}"


async def find(user_id: str, note_id: int) -> Note:
    """One note. Raises NoteNotFoundException, also for another person's."""
    note = await access.notes_of(user_id).filter(id=note_id).afirst()
    if note is None:
        raise NoteNotFoundException(message="There is no such note.", note_id=note_id)
    return note


async def create(user_id: str, note: Note) -> Note:
    """Store a note as new, as this person's, and announce it."""
    note.id = None
    await _store(user_id, note)
    return note


async def update(user_id: str, note: Note) -> Note:
    """Store a changed note and announce it. Raises NoteNotFoundException."""
    stored = await find(user_id, note.id)
    note.created_at, note.reminded = stored.created_at, stored.reminded
    await _store(user_id, note)
    return note


async def _store(user_id: str, note: Note) -> None:
    if note.notebook_id is not None:
        await access.notebooks_of(user_id).aget(id=note.notebook_id)
    note.owner_id = UUID(user_id)
    await note.asave()
    await messages.publish(channel(user_id), note)


async def delete(user_id: str, note_id: int) -> None:
    """Remove a note. Raises NoteNotFoundException."""
    await (await find(user_id, note_id)).adelete()


async def remind(user_id: str, note_id: int, after: timedelta) -> None:
    """Have the worker announce the note again, marked as reminded, after that time. Raises NoteNotFoundException."""
    note = await find(user_id, note_id)
    await scheduling.aschedule(tasks.remind, after=after, note_id=note.id)


def statistics(user_id: str) -> NoteStatistics:
    """Count a person's notes."""
    notes = list(access.notes_of(user_id).values_list("color", "created_at"))
    return NoteStatistics(
        total=len(notes),
        by_color=dict(Counter(NoteColor(color) for color, _ in notes)),
        newest=max((created_at for _, created_at in notes), default=None),
    )
