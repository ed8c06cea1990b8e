"""Settings of files, with unit and default. Where the bytes are kept is FILES_URL (podium/core/storages/)."""

from __future__ import annotations

from podium.core.conf import AppSettings


class FilesSettings(AppSettings, prefix="FILES_"):
    MAX_BYTES: int = 50 * 1024 * 1024
    """The largest file, in bytes."""
    QUOTA_BYTES: int = 1024 * 1024 * 1024
    """Bytes of all files of one user, including unfinished uploads."""
    MAX_UNFINISHED: int = 100
    """Uploads that one user may have open at a time."""
    UPLOAD_MINUTES: int = 15
    """Minutes for which an upload's address works."""
    DOWNLOAD_MINUTES: int = 60
    """Minutes for which a download's address works."""
    TYPES: tuple[str, ...] = ()
    """Types that may be uploaded: "image/png", "image/*"; empty: all."""
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
    """Types that a browser may show instead of saving. Never add one that can run code: HTML, SVG, XML, PDF."""


conf = FilesSettings()
