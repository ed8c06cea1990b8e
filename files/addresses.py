"""Addresses of bytes: where to send those of an upload, where to read those of a file. Signed, for a while."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.http import content_disposition_header

from core import clock
from files import uploads
from files.conf import conf
from files.errors import not_found
from files.models import State, StoredFile
from files.storage import DirectStorage, storage

_signer = signing.TimestampSigner(salt="files.download")


def upload_description(file: StoredFile) -> str:
    """How to send the bytes, as the JSON that clients' uploaders read (docs/wire.md, Uploads)."""
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
    """Where to read a file, and until when. Whoever has the address can read it: hand it to its owner only."""
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
    """The file that an address of download() stands for. Raises FileException (NOT_FOUND), also for one out of date."""
    try:
        file_id = uuid.UUID(_signer.unsign(signed, max_age=timedelta(minutes=conf.DOWNLOAD_MINUTES)))
    except (signing.BadSignature, ValueError):
        raise not_found() from None
    file = StoredFile.objects.filter(pk=file_id, state=State.READY, owner__is_active=True).first()
    if file is None:
        raise not_found()
    return file


def disposition(file: StoredFile) -> str:
    """Content-Disposition: only what can't run code may be shown in the browser, all else is saved."""
    value = content_disposition_header(file.content_type not in conf.INLINE_TYPES, file.name)
    return value or "attachment"
