"""The greeting, and what clients may do with notes and notebooks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint, allow_impersonation
from realtime import messages
from tests.notes import access, notes
from tests.notes.announcements import channel
from tests.notes.models import Note, Notebook, NoteStatistics


class GreetingEndpoint(Endpoint):
    """Open to everyone: the first call to try."""

    @allow_impersonation
    async def hello(self, call: Call, name: str) -> str:
        """Return a greeting."""
        return f"Hello {name}"


class NotesEndpoint(Endpoint):
    """A user's notes. Methods with `async` run on the event loop, the others on a thread, with Django's plain ORM."""

    require_login: ClassVar[bool] = True

    def create_note(self, call: Call, note: Note) -> Note:
        """Store a new note; what comes back has its id. Throws NotebookNotFoundException."""
        return notes.create(call.user_id, note)

    @allow_impersonation  # so that support can see what the user sees
    def get_note(self, call: Call, note_id: int) -> Note:
        """One note. Throws NoteNotFoundException if there is none with that id, or it belongs to another user."""
        return notes.find(call.user_id, note_id)

    @allow_impersonation
    async def list_notes(self, call: Call, *, limit: int = 50) -> list[Note]:
        """The newest notes first, 100 at most."""
        newest_first = access.notes_of(call.user_id).order_by("-created_at", "-id")
        return [note async for note in newest_first[: max(0, min(limit, 100))]]

    def update_note(self, call: Call, note: Note) -> Note:
        """Change a note. Throws NoteNotFoundException and NotebookNotFoundException."""
        return notes.update(call.user_id, note)

    def delete_note(self, call: Call, note_id: int) -> None:
        """Remove a note. Throws NoteNotFoundException."""
        notes.delete(call.user_id, note_id)

    @allow_impersonation
    def statistics(self, call: Call) -> NoteStatistics:
        """Count the user's notes, by color."""
        return notes.statistics(call.user_id)

    def remind_me(self, call: Call, note_id: int, after: timedelta) -> None:
        """Have the note come again on `watchNotes`, as reminded, after that time. Throws NoteNotFoundException."""
        notes.remind(call.user_id, note_id, after)

    @allow_impersonation
    async def watch_notes(self, call: Call) -> AsyncIterator[Note]:
        """Notes as they are created, changed or come due, from now on, until the client stops listening."""
        return messages.relay(channel(call.user_id))


class NotebooksEndpoint(Endpoint):
    """A user's notebooks."""

    require_login: ClassVar[bool] = True

    def create_notebook(self, call: Call, name: str) -> Notebook:
        """Make a notebook."""
        return Notebook.objects.create(name=name, owner_id=UUID(call.user_id))

    @allow_impersonation
    def list_notebooks(self, call: Call) -> list[Notebook]:
        """All notebooks with their notes."""
        return list(access.notebooks_of(call.user_id).order_by("name").prefetch_related("notes"))


class NotesAdminEndpoint(Endpoint):
    """For users with the scope "admin" only."""

    required_scopes: ClassVar[frozenset[str]] = frozenset({"admin"})

    async def count_all_notes(self, call: Call) -> int:
        """Count the notes on this server."""
        return await Note.objects.acount()
