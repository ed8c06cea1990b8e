"""Files on Amazon S3 and compatible services.

s3://KEY:SECRET@/bucket?region=eu-west-1           Amazon S3
s3://KEY:SECRET@host:9000/bucket?tls=0&addressing=path    MinIO, R2, Ceph, ...
s3:///bucket                                       Amazon S3 with the machine's own credentials
"""

from __future__ import annotations

import importlib.util
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote

from django.core.exceptions import ImproperlyConfigured

from podium.core.storages import HINT, register

BACKEND = "podium.core.storages.s3.storage.S3FileStorage"
OPTIONS = {"region", "tls", "addressing", "prefix", "once"}


@register("s3")
def read(parts: SplitResult) -> dict[str, Any]:
    """The entry of STORAGES for an S3 address. Raises ImproperlyConfigured."""
    host, port = parts.hostname, parts.port
    bucket = parts.path.strip("/")
    options = dict(parse_qsl(parts.query))
    if not bucket or "/" in bucket:
        raise _wrong("the path is not the name of one bucket")
    if unknown := sorted(options.keys() - OPTIONS):
        raise _wrong(f"unknown: {', '.join(unknown)}; known are {', '.join(sorted(OPTIONS))}")
    if bool(parts.username) != bool(parts.password):
        raise _wrong("give both a key and a secret, or neither")
    addressing = options.get("addressing", "path" if host else "auto")
    if addressing not in ("path", "virtual", "auto"):
        raise _wrong('addressing is "path", "virtual" or "auto"')
    if importlib.util.find_spec("boto3") is None:
        raise ImproperlyConfigured(
            "FILES_URL is an s3:// address, which needs boto3. Add podium[s3] to requirements.txt"
        )
    return {
        "BACKEND": BACKEND,
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
            "max_memory_size": 1024 * 1024,  # bytes of a file in memory; the rest is on disk
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
    """Return the error. It does not show the URL, which contains a secret."""
    return ImproperlyConfigured(f"FILES_URL: {what}. {HINT}")
