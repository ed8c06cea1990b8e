"""What clients of the example may call."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from accounts.endpoints.core import RefreshJwtTokensEndpoint as RefreshJwtTokensBase
from accounts.endpoints.core import UserProfileEditBaseEndpoint
from accounts.endpoints.idp_email import AnonymousIdpBaseEndpoint, EmailIdpBaseEndpoint
from endpoints.calls import Call
from endpoints.endpoint import Endpoint, allow_impersonation
from example import access, notes
from example.announcements import channel
from example.models import Note, Notebook, NoteStatistics
from realtime import messages


class GreetingEndpoint(Endpoint):
    """Open to everyone: the first call to try."""

    @allow_impersonation
    async def hello(self, call: Call, name: str) -> str:
        """Greet somebody."""
        return f"Hello {name}"


class EmailIdpEndpoint(EmailIdpBaseEndpoint):
    """Signing up and in with an e-mail address. docs/accounts.md has the other ways in."""


class AnonymousIdpEndpoint(AnonymousIdpBaseEndpoint):
    """An account at a tap, without a name, which a way in of its owner's can be added to."""


class RefreshJwtTokensEndpoint(RefreshJwtTokensBase):
    """The next access token, where ACCOUNTS_TOKENS is "jwt"."""


class NotesEndpoint(Endpoint):
    """A person's notes. Methods with `async` run on the event loop, the others on a thread, with Django's plain ORM."""

    require_login: ClassVar[bool] = True

    def create_note(self, call: Call, note: Note) -> Note:
        """Store a new note; what comes back has its id. Throws NotebookNotFoundException."""
        return notes.create(call.user_id, note)

    @allow_impersonation  # so that support can see what the person sees
    def get_note(self, call: Call, note_id: int) -> Note:
        """One note. Throws NoteNotFoundException if there is none with that id, or it is someone else's."""
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
        """How many notes there are, by color."""
        return notes.statistics(call.user_id)

    def remind_me(self, call: Call, note_id: int, after: timedelta) -> None:
        """Have the note come again on `watchNotes`, as reminded, after that time. Throws NoteNotFoundException."""
        notes.remind(call.user_id, note_id, after)

    @allow_impersonation
    async def watch_notes(self, call: Call) -> AsyncIterator[Note]:
        """Notes as they are created, changed or come due, from now on, until the client stops listening."""
        return messages.relay(channel(call.user_id))


class UserProfileEditEndpoint(UserProfileEditBaseEndpoint):
    """People may change their names and picture."""


class NotebooksEndpoint(Endpoint):
    """A person's notebooks."""

    require_login: ClassVar[bool] = True

    def create_notebook(self, call: Call, name: str) -> Notebook:
        """Make a notebook."""
        return Notebook.objects.create(name=name, owner_id=UUID(call.user_id))

    @allow_impersonation
    def list_notebooks(self, call: Call) -> list[Notebook]:
        """All notebooks with their notes."""
        return list(access.notebooks_of(call.user_id).order_by("name").prefetch_related("notes"))


class NotesAdminEndpoint(Endpoint):
    """For people with the scope "admin" only."""

    required_scopes: ClassVar[frozenset[str]] = frozenset({"admin"})

    async def count_all_notes(self, call: Call) -> int:
        """How many notes there are on this server."""
        return await Note.objects.acount()
