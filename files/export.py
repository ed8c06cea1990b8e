"""Files in the export of a user's data: their list, and the files themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.dispatch import receiver

from accounts import signals
from accounts.data import export
from accounts.models import User
from files import uploads


@receiver(signals.exporting)
def add_files(user: User, **_: Any) -> Iterator[export.Entry]:
    """Add files.json, and each finished file below files/, under its id so that equal names do not collide."""
    finished = uploads.files_of(user)
    yield export.table("files", finished, "id", "name", "size", "content_type", "created_at")
    for file in export.paged(finished):
        yield export.file(f"files/{file.pk}/{file.name}", file.key)
