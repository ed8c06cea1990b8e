"""Access to notes and notebooks: one place for calls, streams and REST. The rules are those of row methods."""

from __future__ import annotations

from django.db.models import QuerySet

from podium.access import Me, Rules
from tests.notes.models import Note, Notebook, NotebookNotFoundException


def notes_of(user_id: str) -> QuerySet[Note]:
    """The notes a user may read and change: their own."""
    return Note.objects.filter(owner_id=user_id)


def notebooks_of(user_id: str) -> QuerySet[Notebook]:
    """The notebooks a user may read and change: their own."""
    return Notebook.objects.filter(owner_id=user_id)


def check_notebook(user_id: str, notebook_id: int) -> None:
    """Raise NotebookNotFoundException if the notebook is not this user's."""
    if not notebooks_of(user_id).filter(id=notebook_id).exists():
        raise NotebookNotFoundException(message="There is no such notebook.", notebook_id=notebook_id)


class NotebookRules(Rules[Notebook]):
    read = create = update = delete = Notebook.Q(owner_id=Me)
    fill = {"owner_id": Me}
    fixed = ["created_at"]
    filter = ["name", "created_at"]
    expand = ["notes"]


class NoteRules(Rules[Note]):
    read = delete = Note.Q(owner_id=Me)
    create = update = Note.Q(owner_id=Me, notebook=None) | Note.Q(owner_id=Me, notebook__owner_id=Me)
    fill = {"owner_id": Me}
    fixed = ["reminded", "created_at"]
    filter = ["title", "color", "remind_at", "reminded", "notebook", "created_at"]
    expand = ["notebook"]
