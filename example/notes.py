"""Operations on notes. Endpoints and tasks call these, so that the rules are in one place."""

from __future__ import annotations

from uuid import UUID

from realtime import messages

from . import access
from .models import Note, NoteNotFoundException


def find(user_id: str, note_id: int) -> Note:
    """Return one note. Raises NoteNotFoundException, also if it belongs to another user."""
    note = access.notes_of(user_id).filter(id=note_id).first()
    if note is None:
        raise NoteNotFoundException(message="Not found.", note_id=note_id)
    return note


def create(user_id: str, note: Note) -> Note:
    """Store a new note of this user. The server decides on the id, the owner and the reminder."""
    stored = Note.objects.create(title=note.title, body=note.body, owner_id=UUID(user_id))
    announce(stored)
    return stored


def update(user_id: str, note: Note) -> Note:
    """Store the title and body of a changed note. Raises NoteNotFoundException."""
    stored = find(user_id, note.id or 0)
    stored.title, stored.body = note.title, note.body
    stored.save(update_fields=["title", "body"])
    announce(stored)
    return stored


def channel(user_id: str) -> str:
    """The channel on which a user's notes are announced."""
    return f"notes.{user_id}"


def announce(note: Note) -> None:
    """Send a note to its owner's streams once the current transaction commits."""
    messages.publish_sync(channel(str(note.owner_id)), note)
