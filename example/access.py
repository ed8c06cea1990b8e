"""Who may touch which note: asked here once, by calls, streams, REST and the admin's actions alike."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from example.models import Note, Notebook


def notes_of(user_id: UUID | str) -> QuerySet[Note]:
    """The notes a person may read and change: their own."""
    return Note.objects.filter(owner_id=user_id)


def notebooks_of(user_id: UUID | str) -> QuerySet[Notebook]:
    """The notebooks a person may read and change: their own."""
    return Notebook.objects.filter(owner_id=user_id)
