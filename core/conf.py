"""Settings of one app: names, units and defaults stand in the app's conf.py, values come from Django's settings."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings


class AppSettings:
    """The base of an app's settings.

    class FilesSettings(AppSettings, prefix="FILES_"):
        MAX_BYTES: int = 50 * 1024 * 1024  # bytes, one file

    `FilesSettings().MAX_BYTES` is `settings.FILES_MAX_BYTES` where that is set, else the default.
    Read at each use, so that a test's override holds.
    """

    _prefix: ClassVar[str]

    def __init_subclass__(cls, prefix: str) -> None:
        cls._prefix = prefix

    def __getattribute__(self, name: str) -> Any:
        default = object.__getattribute__(self, name)
        if not name.isupper():
            return default
        return getattr(settings, object.__getattribute__(self, "_prefix") + name, default)
