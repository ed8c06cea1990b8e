"""The storage of files: FILES_URL chooses it by its scheme. No Django settings here: podium/settings.py reads them.

Without FILES_URL, files are in a folder of this machine, MEDIA_ROOT. Each module of this folder registers the scheme of
its URLs, and none needs to be listed. So can `<app>/storages.py` in a project: docs/how-to/files.md.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, Protocol, runtime_checkable
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import Storage, storages

FOLDER = "django.core.files.storage.FileSystemStorage"
HINT = "Write s3://KEY:SECRET@host:port/bucket?region=eu-west-1, with %-escapes in key and secret."

Reader = Callable[[SplitResult], dict[str, Any]]
"""Makes an entry of STORAGES of a URL. Raises ImproperlyConfigured, without the URL's secrets."""
_readers: dict[str, Reader] = {}


def register(scheme: str) -> Callable[[Reader], Reader]:
    """Register the reader of URLs with a scheme. Raises ValueError if another one is registered."""

    def decorate(read: Reader) -> Reader:
        other = _readers.setdefault(scheme, read)
        if (other.__module__, other.__qualname__) != (read.__module__, read.__qualname__):
            raise ValueError(f"{read.__module__}: {other.__module__} registers the scheme {scheme!r}, too.")
        _readers[scheme] = read
        return read

    return decorate


@runtime_checkable
class DirectStorage(Protocol):
    """A storage that clients send bytes to directly, not through this server."""

    def presign_upload(
        self, key: str, *, size: int, content_type: str, seconds: int
    ) -> tuple[str, dict[str, str]]:
        """The URL for a PUT of exactly these bytes, and its headers."""

    def presign_download(self, key: str, *, content_type: str, disposition: str, seconds: int) -> str:
        """The URL for a GET."""


def storage() -> Storage:
    """The storage of files."""
    return storages["default"]


def backend(url: str, *, folder: str, modules: Iterable[str] = ()) -> dict[str, Any]:
    """The entry STORAGES["default"] for a FILES_URL; without one, the folder. Raises ImproperlyConfigured.

    modules   the project's own, which may register further schemes: `shop.storages`
    """
    if not url:
        return {"BACKEND": FOLDER, "OPTIONS": {"location": folder}}
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"FILES_URL: {error}. {HINT}") from None
    for each in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{each.name}")
    for module in modules:
        import_module(module)
    if parts.scheme not in _readers:
        known = ", ".join(f'"{scheme}"' for scheme in sorted(_readers))
        raise ImproperlyConfigured(f'FILES_URL: the scheme is "{parts.scheme}", known is {known}. {HINT}')
    return _readers[parts.scheme](parts)
