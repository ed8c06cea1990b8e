"""Access to notes: the rows that a user may read and change. Endpoints, REST, streams and tasks start from here."""

from __future__ import annotations

from django.db.models import QuerySet

from .models import Note


def notes_of(user_id: str) -> QuerySet[Note]:
    """The notes of a user, which only this user may read and change."""
    return Note.objects.filter(owner_id=user_id)
