"""What the example runs later, in a worker."""

from __future__ import annotations

from example.announcements import announce
from example.models import Note
from tasks.scheduling import task


@task
def remind(note_id: int) -> None:
    """Mark a note as reminded and announce it to its owner's streams; one deleted meanwhile needs no reminder."""
    note = Note.objects.filter(id=note_id).first()
    if note is not None:
        note.reminded = True
        note.save(update_fields=["reminded"])
        announce(note)
