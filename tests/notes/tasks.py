"""Tasks run in a worker, later."""

from __future__ import annotations

from tasks.scheduling import task
from tests.notes.announcements import announce
from tests.notes.models import Note


@task
def remind(note_id: int) -> None:
    """Mark a note as reminded and announce it to its owner's streams; one deleted meanwhile needs no reminder."""
    note = Note.objects.filter(id=note_id).first()
    if note is not None:
        note.reminded = True
        note.save(update_fields=["reminded"])
        announce(note)
