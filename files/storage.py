"""Where the bytes of files are kept: one URL decides (FILES_URL). No Django settings here: config/settings.py reads it.

(nothing)                                          a folder of this machine, MEDIA_ROOT
s3://KEY:SECRET@/bucket?region=eu-west-1           Amazon S3
s3://KEY:SECRET@host:9000/bucket?tls=0&addressing=path    what speaks S3: MinIO, R2, Ceph, ...
s3:///bucket                                       Amazon S3 with the machine's own credentials
"""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import Storage, storages

FOLDER = "django.core.files.storage.FileSystemStorage"
S3 = "files.s3.S3FileStorage"
OPTIONS = {"region", "tls", "addressing", "prefix", "once"}


@runtime_checkable
class DirectStorage(Protocol):
    """A storage to which clients send bytes themselves, past this server."""

    def presign_upload(
        self, key: str, *, size: int, content_type: str, seconds: int
    ) -> tuple[str, dict[str, str]]:
        """The URL for a PUT of exactly these bytes, and the headers that go with it."""

    def presign_download(self, key: str, *, content_type: str, disposition: str, seconds: int) -> str:
        """The URL for a GET."""


def storage() -> Storage:
    """The storage that files are in."""
    return storages["default"]


def backend(url: str, *, folder: str) -> dict[str, Any]:
    """What STORAGES["default"] is for a FILES_URL; without one, the folder. Raises ImproperlyConfigured."""
    if not url:
        return {"BACKEND": FOLDER, "OPTIONS": {"location": folder}}
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise _wrong(str(error)) from None
    bucket = parts.path.strip("/")
    options = dict(parse_qsl(parts.query))
    if parts.scheme != "s3":
        raise _wrong(f'the scheme is "{parts.scheme}", known is "s3"')
    if not bucket or "/" in bucket:
        raise _wrong("the path is not the name of one bucket")
    if unknown := sorted(options.keys() - OPTIONS):
        raise _wrong(f"unknown: {', '.join(unknown)}; known are {', '.join(sorted(OPTIONS))}")
    if bool(parts.username) != bool(parts.password):
        raise _wrong("give both a key and a secret, or neither")
    addressing = options.get("addressing", "path" if host else "auto")
    if addressing not in ("path", "virtual", "auto"):
        raise _wrong('addressing is "path", "virtual" or "auto"')
    return {
        "BACKEND": S3,
        "OPTIONS": {
            "access_key": unquote(parts.username) if parts.username else None,
            "secret_key": unquote(parts.password) if parts.password else None,
            "bucket_name": bucket,
            "region_name": options.get("region") or ("us-east-1" if host else None),
            "endpoint_url": _endpoint(host, port, tls=_yes(options, "tls")) if host else None,
            "addressing_style": addressing,
            "signature_version": "s3v4",
            "location": options.get("prefix", ""),
            "once": _yes(options, "once"),
            "default_acl": None,
            "querystring_auth": True,
            "file_overwrite": False,
            "max_memory_size": 1024 * 1024,  # bytes of a file that this server reads; what is more is on disk
        },
    }


def _endpoint(host: str, port: int | None, *, tls: bool) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"{'https' if tls else 'http'}://{name}" + (f":{port}" if port else "")


def _yes(options: dict[str, str], name: str) -> bool:
    given = options.get(name, "1")
    if given not in ("0", "1"):
        raise _wrong(f"{name} is 0 or 1")
    return given == "1"


def _wrong(what: str) -> ImproperlyConfigured:
    """The URL itself is not shown: it holds a secret."""
    return ImproperlyConfigured(
        f"FILES_URL: {what}. Write s3://KEY:SECRET@host:port/bucket?region=eu-west-1, with %-escapes in key and secret."
    )
