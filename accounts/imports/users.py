"""A user of another system, between reading an export and storing. No database here."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime

from accounts.models import normalize_email


class Refused(Exception):
    """An entry that can't be imported; the text gives the reason."""


class LostPassword(Exception):
    """A password that can't be imported. The user is imported without one. The text gives the reason."""


@dataclass
class Address:
    email: str
    verified: bool


@dataclass
class Identity:
    """A provider's account to sign in with, as in allauth's SocialAccount."""

    provider: str
    uid: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass
class ImportedUser:
    """One user to import.

    place       position of the entry: "line 12"
    old_id      the id in the other system, as text
    id          the same if it is a UUID: the user keeps it
    addresses   the first one is the primary address
    password    as Django stores it; empty if there is none to import
    notes       what could not be imported, for the report
    """

    place: str
    old_id: str
    id: UUID | None = None
    addresses: list[Address] = field(default_factory=list)
    password: str = ""
    name: str = ""
    image_url: str = ""
    blocked: bool = False
    scopes: set[str] = field(default_factory=set)
    created_at: datetime | None = None
    last_login: datetime | None = None
    identities: list[Identity] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add_address(self, email: str, verified: bool) -> None:
        """Add an address, unless it is known already. It counts as verified if one source says so."""
        email = normalize_email(email)
        for known in self.addresses:
            if known.email == email:
                known.verified = known.verified or verified
                return
        if email:
            self.addresses.append(Address(email, verified))


# Values of exports: JSON has types, CSV only text -------------------------------------------------------------------


def text(value: Any) -> str:
    """Return text without surrounding blanks and without NUL, which Postgres does not store."""
    return "" if value is None else str(value).replace("\0", "").strip()


def flag(value: Any) -> bool:
    return value is True or text(value).lower() in ("true", "t", "1")


def moment(value: Any) -> datetime | None:
    """Read a time as databases write it (UTC if it has no zone), or as milliseconds since 1970. Raises Refused."""
    written = text(value)
    if not written:
        return None
    try:
        if written.lstrip("-").isdigit():
            return datetime.fromtimestamp(int(written) / 1000, UTC)
        given = parse_datetime(written)
    except (ValueError, OverflowError, OSError):
        given = None
    if given is None:
        raise Refused(f"{written[:40]!r} is not a valid time")
    return given if given.tzinfo else given.replace(tzinfo=UTC)


def unpacked(value: Any) -> Any:
    """Read a JSON column, which is text in CSV and sometimes in JSON. Raises Refused."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value.strip() else None
    except ValueError:
        raise Refused(f"{value[:40]!r} is not valid JSON") from None


def rows(value: Any) -> list[dict[str, Any]]:
    """Read a list of objects; empty if there is no value. Raises Refused."""
    listed = unpacked(value) or []
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise Refused(f"{str(listed)[:40]!r} is not a list of objects")
    return listed


def record(value: Any) -> dict[str, Any]:
    """Read an object; empty if there is no value. Raises Refused."""
    found = unpacked(value) or {}
    if not isinstance(found, dict):
        raise Refused(f"{str(found)[:40]!r} is not an object")
    return found


def granted(claims: dict[str, Any]) -> set[str]:
    """The names of claims that are true, as in `{"admin": true}`: these become scopes."""
    return {name for name, value in claims.items() if value is True}


def uuid_of(value: Any) -> UUID:
    try:
        return UUID(text(value))
    except ValueError:
        raise Refused(f"{text(value)[:40]!r} is not a valid UUID") from None
