"""The methods that clients may call."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import ClassVar

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from realtime import messages
from tasks.scheduling import schedule

from . import access, notes, tasks
from .models import Note


class GreetingEndpoint(Endpoint):
    """A first call to try, open to everyone."""

    async def hello(self, call: Call, name: str) -> str:
        """Return a greeting."""
        return f"Hello {name}"


class NotesEndpoint(Endpoint):
    """The notes of the signed-in user."""

    require_login: ClassVar[bool] = True

    def create_note(self, call: Call, note: Note) -> Note:
        """Store a new note; the result has its id."""
        return notes.create(call.user_id, note)

    def get_note(self, call: Call, note_id: int) -> Note:
        """One note. Throws NoteNotFoundException."""
        return notes.find(call.user_id, note_id)

    async def list_notes(self, call: Call, *, limit: int = 50) -> list[Note]:
        """The newest notes first, at most 100."""
        newest_first = access.notes_of(call.user_id).order_by("-created_at", "-id")
        return [note async for note in newest_first[: max(0, min(limit, 100))]]

    def update_note(self, call: Call, note: Note) -> Note:
        """Change title and body of a note. Throws NoteNotFoundException."""
        return notes.update(call.user_id, note)

    def delete_note(self, call: Call, note_id: int) -> None:
        """Delete a note. Throws NoteNotFoundException."""
        notes.find(call.user_id, note_id).delete()

    def remind_me(self, call: Call, note_id: int, after: timedelta) -> None:
        """Send the note to `watchNotes` after this time, as reminded. Throws NoteNotFoundException."""
        schedule(tasks.remind, after=after, note_id=notes.find(call.user_id, note_id).id)

    async def watch_notes(self, call: Call) -> AsyncIterator[Note]:
        """Notes as they are created, changed or due, from now on, until the client stops listening."""
        return messages.relay(notes.channel(call.user_id))
