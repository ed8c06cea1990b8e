"""The settings of files, with unit and default. Where the bytes are kept is FILES_URL (files/storage.py)."""

from __future__ import annotations

from core.conf import AppSettings


class FilesSettings(AppSettings, prefix="FILES_"):
    MAX_BYTES: int = 50 * 1024 * 1024  # bytes, one file
    QUOTA_BYTES: int = 1024 * 1024 * 1024  # bytes, all files of one person, unfinished uploads too
    MAX_UNFINISHED: int = 100  # uploads that one person may have open at a time
    UPLOAD_MINUTES: int = 15  # how long an upload's address works
    DOWNLOAD_MINUTES: int = 60  # how long a download's address works
    TYPES: tuple[str, ...] = ()  # what may be uploaded: "image/png", "image/*"; empty: everything
    # What a browser may show rather than save. Nothing that can run code belongs here: no HTML, SVG, XML, PDF.
    INLINE_TYPES: tuple[str, ...] = (
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "image/avif",
        "audio/mpeg",
        "audio/mp4",
        "audio/ogg",
        "audio/wav",
        "video/mp4",
        "video/webm",
        "video/ogg",
        "text/plain",
    )


conf = FilesSettings()
