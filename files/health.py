"""The health check of file storage: write, read and delete a small file; a folder also needs free space."""

from __future__ import annotations

import secrets
import shutil

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from podium.core import health
from podium.core.storages import storage


@health.check(
    "storage",
    hint="Check FILES_URL or MEDIA_ROOT: permissions, credentials, free space.",
    every=lambda: health.conf.STORAGE_EVERY_SECONDS,
)
def check_storage() -> str:
    place, content = storage(), secrets.token_bytes(16)
    name = place.save(f"health/{secrets.token_hex(8)}", ContentFile(content))
    try:
        with place.open(name) as file:
            if file.read() != content:
                return "a file's content changed between writing and reading"
    finally:
        place.delete(name)
    if isinstance(place, FileSystemStorage):
        free = shutil.disk_usage(place.location).free
        if free < health.conf.FREE_BYTES:
            return f"{free // 1024**2} MB are free (MONITORING_FREE_BYTES)"
    return ""
