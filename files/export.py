"""What files add to the export of a person's data: their list, and the files themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.dispatch import receiver

from accounts import export, signals
from accounts.models import User
from files import uploads


@receiver(signals.exporting)
def add_files(user: User, **_: Any) -> Iterator[export.Entry]:
    """files.json, and each finished file below files/, under its id so that two of one name do not meet."""
    finished = uploads.files_of(user)
    yield export.table("files", finished, "id", "name", "size", "content_type", "created_at")
    for file in export.paged(finished):
        yield export.file(f"files/{file.pk}/{file.name}", file.key)
