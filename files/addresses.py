"""Signed addresses, valid for a limited time: where to send the bytes of an upload and read those of a file."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.http import content_disposition_header

from files import uploads
from files.conf import conf
from files.errors import not_found
from files.models import State, StoredFile
from podium.core import clock
from podium.core.storages import DirectStorage, storage

_signer = signing.TimestampSigner(salt="files.download")


def upload_description(file: StoredFile) -> str:
    """Instructions for sending the bytes, as JSON that clients' uploaders read (docs/reference/wire.md, Uploads)."""
    target = storage()
    if isinstance(target, DirectStorage):
        url, headers = target.presign_upload(
            file.key, size=file.size, content_type=file.content_type, seconds=conf.UPLOAD_MINUTES * 60
        )
    else:
        url = settings.PUBLIC_URL + reverse("files:upload", args=[uploads.token(file)])
        headers = {"Content-Type": file.content_type}
    return json.dumps({"type": "binary", "url": url, "method": "PUT", "headers": headers})


def download(file: StoredFile) -> tuple[str, datetime]:
    """Return a file's address and its expiry. Anyone with the address can read the file: check the caller first."""
    lifetime = timedelta(minutes=conf.DOWNLOAD_MINUTES)
    expires_at = clock.now() + lifetime
    source = storage()
    if isinstance(source, DirectStorage):
        url = source.presign_download(
            file.key,
            content_type=file.content_type,
            disposition=disposition(file),
            seconds=int(lifetime.total_seconds()),
        )
    else:
        url = settings.PUBLIC_URL + reverse("files:download", args=[_signer.sign(str(file.pk))])
    return url, expires_at


def readable(signed: str) -> StoredFile:
    """Return the file of an address of download(). Raises FileException (NOT_FOUND), also if it has expired."""
    try:
        file_id = uuid.UUID(_signer.unsign(signed, max_age=timedelta(minutes=conf.DOWNLOAD_MINUTES)))
    except (signing.BadSignature, ValueError):
        raise not_found() from None
    file = StoredFile.objects.filter(pk=file_id, state=State.READY, owner__is_active=True).first()
    if file is None:
        raise not_found()
    return file


def disposition(file: StoredFile) -> str:
    """Content-Disposition: a browser may show only types that can't run code, and saves all others."""
    value = content_disposition_header(file.content_type not in conf.INLINE_TYPES, file.name)
    return value or "attachment"
