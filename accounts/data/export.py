"""Export of all data of a user: a ZIP of JSON files and the user's own files, created while it is sent.

Apps add their data: receivers of `signals.exporting` return entries. Memory holds one page of rows and one piece of
a file at a time. No database connection is held while the client reads.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core import signing
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import close_old_connections
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from accounts import signals
from accounts.audit import audit
from accounts.conf import conf
from accounts.data import consents
from accounts.models import ApiKey, SecurityEvent, Session, User
from accounts.profile import profile
from podium.core import clock
from podium.endpoints.calls import Call

PIECE_BYTES = 256 * 1024
PAGE_ROWS = 500
PACKED = frozenset({"jpg", "jpeg", "png", "webp", "gif", "mp4", "mov", "mp3", "m4a", "zip", "gz"})
"""Suffixes of files that are already compressed."""
BOUND_LENGTH = 16  # hexadecimal characters of a hash
M = TypeVar("M", bound=Model)
_signer = signing.TimestampSigner(salt="accounts.export")


@dataclass(frozen=True)
class Entry:
    """A file of the ZIP: its name, with folders, and its bytes in pieces."""

    name: str
    pieces: Iterable[bytes]


def rows(name: str, values: Iterable[Any]) -> Entry:
    """Return an entry with a list of values as JSON.

    name    without a suffix: "notes"
    values  values that DjangoJSONEncoder supports: dicts, strings, numbers, times, UUIDs. For a query set, pass paged()
            \t            or table(), not its iterator(), whose cursor would end with the connection
    """
    return Entry(f"{name}.json", _list(values))


def table(name: str, found: QuerySet[Any], *fields: str) -> Entry:
    """Return an entry with these fields of all rows of a query set, in the order of their keys."""
    return rows(
        name, ({field: row[field] for field in fields} for row in _paged(found.values("pk", *fields)))
    )


def paged(found: QuerySet[M]) -> Iterator[M]:
    """Yield all rows of a query set in the order of their keys, a page at a time. One SELECT for each PAGE_ROWS."""
    return _paged(found)


def file(name: str, path: str) -> Entry:
    """Return an entry with a file from Django's default storage; empty if the file is missing."""
    return Entry(name, _stored(path))


def stream(user: User) -> Iterator[bytes]:
    """Yield the ZIP in pieces."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as archive:
        for entry in entries(user):
            packed = entry.name.rpartition(".")[2].lower() in PACKED
            info = zipfile.ZipInfo(entry.name, clock.now().timetuple()[:6])
            info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            with archive.open(info, "w", force_zip64=True) as target:
                for piece in entry.pieces:
                    target.write(piece)
                    if len(sink.written) >= PIECE_BYTES:
                        close_old_connections()  # returned to the pool: the client may be slow
                        yield sink.taken()
    yield sink.taken()


def entries(user: User) -> Iterator[Entry]:
    """All files of the ZIP: those of accounts, then those of each app."""
    yield rows("account", [_account(user)])
    yield table("email_addresses", EmailAddress.objects.filter(user=user), "email", "verified", "primary")
    yield rows("identities", map(_identity, paged(SocialAccount.objects.filter(user=user))))
    factors = Authenticator.objects.filter(user=user)  # without their secrets
    yield table("second_factors", factors, "type", "created_at", "last_used_at")
    device = ("user_agent", "address", "method", "created_at", "last_used_at", "expires_at")
    yield table("devices", user.sessions.all(), *device)
    yield rows("api_keys", map(_api_key, paged(user.api_keys.all())))  # without their digests
    sessions = UserSession.objects.filter(user=user)
    yield table("browsers", sessions, "user_agent", "ip", "created_at", "last_seen_at")
    events = SecurityEvent.objects.filter(user=user)
    yield table("security_events", events, "at", "event", "address", "user_agent", "details")
    given = ("document", "version", "given_at", "withdrawn_at", "address")
    yield table("consents", consents.of(user), *given)
    for path in profile.picture_paths(user):
        yield file("picture.webp", path)
    given_by_apps: list[tuple[object, Iterable[Entry]]] = signals.exporting.send(sender=User, user=user)  # type: ignore[assignment]
    for _, of_app in given_by_apps:
        yield from of_app


def _account(user: User) -> dict[str, Any]:
    shown = profile.of(user)
    return {
        "id": user.pk,
        "email": user.email,
        "name": shown.user_name,
        "full_name": shown.full_name,
        "picture": str(shown.image_url) if shown.image_url else None,
        "joined": user.created_at,
        "last_sign_in": user.last_login,
        "has_password": user.has_usable_password(),
        "scopes": sorted(user.scope_names),
    }


def _api_key(key: ApiKey) -> dict[str, Any]:
    return {
        "name": key.name,
        "scopes": sorted(key.scopes),
        "created": key.created_at,
        "rotated": key.rotated_at,
        "last_used": key.last_used_at,
        "expires": key.expires_at,
        "revoked": key.revoked_at,
    }


def _identity(account: Any) -> dict[str, Any]:
    return {
        "provider": account.provider,
        "id_at_the_provider": account.uid,
        "what_the_provider_said": account.extra_data,
        "linked": account.date_joined,
        "last_sign_in": account.last_login,
    }


# The address --------------------------------------------------------------------------------------------------------


def address(
    user: User, *, call: Call | None = None, request: HttpRequest | None = None
) -> tuple[str, datetime]:
    """Return the address of a user's export, and the time until which it works. Anyone who has it can read the export.

    It stops working when the device that requested it is signed out.
    """
    audit.record("export_requested", user=user, call=call, request=request)
    device = call.identity.token_id if call is not None and call.identity is not None else ""
    signed = _signer.sign(f"{user.pk}:{_bound(user)}:{device}")
    url = settings.PUBLIC_URL + reverse("account_export", args=[signed])
    return url, clock.now() + timedelta(minutes=conf.EXPORT_MINUTES)


def user_of(signed: str) -> User | None:
    """Return the user whose export an address leads to, or None.

    None if the address is forged or expired, if its device is signed out, if the user has a new password, or if the
    user is blocked or deleted.
    """
    try:
        text = _signer.unsign(signed, max_age=timedelta(minutes=conf.EXPORT_MINUTES))
        key, bound, device = text.split(":")
    except (signing.BadSignature, ValueError):
        return None
    if device and not Session.objects.filter(pk=device, user_id=key).exists():
        return None
    user = User.objects.filter(pk=key, is_active=True).first()
    return user if user is not None and constant_time_compare(bound, _bound(user)) else None


def _bound(user: User) -> str:
    """A hash that changes with the password. A new password or a new owner of the account voids the address."""
    return str(user.get_session_auth_hash())[:BOUND_LENGTH]


# Helpers ------------------------------------------------------------------------------------------------------------


class _Sink(io.RawIOBase):
    """The file that the archive writes to. Keeps bytes until they are taken."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self.written += data
        return len(data)

    def taken(self) -> bytes:
        taken, self.written = bytes(self.written), bytearray()
        return taken


def _paged(found: QuerySet[Any, Any]) -> Iterator[Any]:
    page = list(found.order_by("pk")[:PAGE_ROWS])
    while page:
        yield from page
        last = page[-1]["pk"] if isinstance(page[-1], dict) else page[-1].pk
        page = list(found.order_by("pk").filter(pk__gt=last)[:PAGE_ROWS])


def _list(values: Iterable[Any]) -> Iterator[bytes]:
    before = "[\n"
    for value in values:
        yield (before + json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)).encode(
            errors="replace"
        )
        before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"


def _stored(path: str) -> Iterator[bytes]:
    try:
        with default_storage.open(path) as source:
            while piece := source.read(PIECE_BYTES):
                yield piece
    except FileNotFoundError:
        return
