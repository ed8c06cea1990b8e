"""Tasks that a worker runs later or repeatedly."""

from __future__ import annotations

from tasks.scheduling import task

from . import notes
from .models import Note


@task
def remind(note_id: int) -> None:
    """Mark a note as reminded and send it to its owner's streams, unless it was deleted meanwhile."""
    note = Note.objects.filter(id=note_id).first()
    if note is not None:
        note.reminded = True
        note.save(update_fields=["reminded"])
        notes.announce(note)
