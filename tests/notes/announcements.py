"""The channel on which the notes of a user are announced to their devices."""

from __future__ import annotations

from realtime import messages
from tests.notes.models import Note


def channel(user_id: str) -> str:
    """The channel of one user's notes."""
    return f"notes.{user_id}"


def announce(note: Note) -> None:
    """Send a note to its owner's streams when the current transaction commits."""
    messages.publish_sync(channel(str(note.owner_id)), note)
