"""All that is stored of a person, as a ZIP of JSON files and their own bytes, made while it is sent.

What apps store they add themselves: receivers of `signals.exporting` give entries. A page of rows and a piece of a file
are in memory at a time, and no connection to the database is held while the client takes its time.
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

from accounts import audit, consents, profile, signals
from accounts.conf import conf
from accounts.models import SecurityEvent, Token, User
from core import clock
from endpoints.calls import Call

PIECE_BYTES = 256 * 1024
PAGE_ROWS = 500
PACKED = frozenset({"jpg", "jpeg", "png", "webp", "gif", "mp4", "mov", "mp3", "m4a", "zip", "gz"})
"""Endings of files that deflating again would not make smaller."""
BOUND_LENGTH = 16  # characters of a hash in hexadecimal
M = TypeVar("M", bound=Model)
_signer = signing.TimestampSigner(salt="accounts.export")


@dataclass(frozen=True)
class Entry:
    """A file of the ZIP: its name, with folders, and its bytes in pieces."""

    name: str
    pieces: Iterable[bytes]


def rows(name: str, values: Iterable[Any]) -> Entry:
    """An entry with a list in JSON, one value after the other.

    name    without an ending: "notes"
    values  what DjangoJSONEncoder knows: dicts, texts, numbers, times, UUIDs. Of a query set not its iterator(), whose
            cursor would end with the connection, but paged() or table()
    """
    return Entry(f"{name}.json", _list(values))


def table(name: str, found: QuerySet[Any], *fields: str) -> Entry:
    """An entry with these fields of all rows of a query set, in the order of their keys."""
    return rows(
        name, ({field: row[field] for field in fields} for row in _paged(found.values("pk", *fields)))
    )


def paged(found: QuerySet[M]) -> Iterator[M]:
    """All rows of a query set in the order of their keys, a page at a time. One SELECT for each PAGE_ROWS."""
    return _paged(found)


def file(name: str, path: str) -> Entry:
    """An entry with what is in Django's default storage; empty where it is gone."""
    return Entry(name, _stored(path))


def stream(user: User) -> Iterator[bytes]:
    """The ZIP, piece by piece."""
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
                        close_old_connections()  # back to the pool: the client may be slow
                        yield sink.taken()
    yield sink.taken()


def entries(user: User) -> Iterator[Entry]:
    """All files of the ZIP: those of accounts, then those of each app."""
    yield rows("account", [_account(user)])
    yield table("email_addresses", EmailAddress.objects.filter(user=user), "email", "verified", "primary")
    yield rows("identities", map(_identity, paged(SocialAccount.objects.filter(user=user))))
    factors = Authenticator.objects.filter(user=user)  # not their secrets
    yield table("second_factors", factors, "type", "created_at", "last_used_at")
    device = ("user_agent", "address", "method", "created_at", "last_used_at", "expires_at")
    yield table("devices", user.tokens.all(), *device)
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
    if device and not Token.objects.filter(pk=device, user_id=key).exists():
        return None
    user = User.objects.filter(pk=key, is_active=True).first()
    return user if user is not None and constant_time_compare(bound, _bound(user)) else None


def _bound(user: User) -> str:
    """A hash that changes with the password. A new password or a new owner of the account voids the address."""
    return str(user.get_session_auth_hash())[:BOUND_LENGTH]


# Below --------------------------------------------------------------------------------------------------------------


class _Sink(io.RawIOBase):
    """Where the archive writes to: kept until it is taken."""

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
