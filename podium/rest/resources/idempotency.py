"""Idempotency-Key: a change that a client sends again is made once, and answered as the first time.

https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/

The answer is stored in the transaction of the change. So if the server fails, both are stored or neither is.
Refusals are not stored: nothing was changed, and the same request may succeed later.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta

from django.db import connection

from podium.core import clock
from podium.endpoints.errors import NotSignedIn
from podium.rest.models import StoredAnswer
from podium.rest.resources.errors import HeaderRefused, KeyReused, StillRunning
from podium.rest.resources.messages import Answer, Request

HEADER = "idempotency-key"
KEEP = timedelta(hours=24)
"""The time for which an answer is sent again."""
KEY = re.compile(r"[\x21-\x7e]{1,255}")


def once(request: Request, change: Callable[[], Answer]) -> Answer:
    """Make a change, or return the answer of the first time. Call it in a transaction.

    Raises HeaderRefused (400), NotSignedIn (401), KeyReused (422), StillRunning (409), and what the change raises.
    """
    if HEADER not in request.headers:
        return change()
    if request.call.identity is None:
        raise NotSignedIn(
            text="An Idempotency-Key needs a signed-in user."
        )  # a key of nobody would be everybody's
    id, fingerprint = _id(request), _fingerprint(request)
    _lock(id)
    stored = StoredAnswer.objects.filter(pk=id).first()
    if stored is not None and stored.created_at <= clock.now() - KEEP:
        stored.delete()
        stored = None
    if stored is not None:
        if stored.fingerprint != fingerprint:
            raise KeyReused
        return Answer(stored.status, bytes(stored.body), {**stored.headers, "Idempotency-Replayed": "true"})
    found = change()
    StoredAnswer(
        id=id, fingerprint=fingerprint, status=found.status, headers=dict(found.headers), body=found.body
    ).save(force_insert=True)
    return found


def delete_expired() -> int:
    """Delete answers that are no longer sent again. Returns their number."""
    count, _ = StoredAnswer.objects.filter(created_at__lte=clock.now() - KEEP).delete()
    return count


def _id(request: Request) -> str:
    key = request.headers[HEADER].strip()
    if len(key) > 1 and key[0] == key[-1] == '"':  # the draft has quotes, most clients have none
        key = key[1:-1]
    if not KEY.fullmatch(key):
        raise HeaderRefused(text="Idempotency-Key: expected 1 to 255 printable characters, such as a UUID.")
    return hashlib.sha256(f"{request.call.user_id}\0{key}".encode()).hexdigest()


def _fingerprint(request: Request) -> str:
    head = f"{request.method}\0{request.path.rstrip('/')}\0{request.headers.get('if-match', '')}\0".encode()
    return hashlib.sha256(head + request.query + b"\0" + request.body).hexdigest()


def _lock(id: str) -> None:
    """Hold the key until the transaction ends. Raises StillRunning (409) if another request holds it."""
    number = int.from_bytes(bytes.fromhex(id)[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise StillRunning(retry_after=1)
