"""Where a person's notes are announced to the person's devices."""

from __future__ import annotations

from example.models import Note
from realtime import messages


def channel(user_id: str) -> str:
    """The channel of one person's notes."""
    return f"notes.{user_id}"


def announce(note: Note) -> None:
    """Hand a note to its owner's streams, when the transaction that is open here commits."""
    messages.publish_sync(channel(str(note.owner_id)), note)
