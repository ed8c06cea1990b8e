"""A person as other systems know one: what an export is turned into, and what is stored then. No database here."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime

from accounts.models import normalize_email


class Refused(Exception):
    """An entry that can't become a person here; the text says why."""


class LostPassword(Exception):
    """A password that can't be taken over: the person comes along without one. The text says why."""


@dataclass
class Address:
    email: str
    verified: bool


@dataclass
class Identity:
    """A way in by another provider, as in allauth's SocialAccount."""

    provider: str
    uid: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass
class Person:
    """One person to be taken over.

    place       where the entry stands: "line 12"
    old_id      the id in the other system, as text
    id          the same where it is a UUID: it stays the person's id
    addresses   the first is the one to sign in with
    password    as Django keeps it; empty where there is none to take over
    notes       what could not be taken over, for whoever runs the command
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
        """One more address, unless it is among them already; verified where one source says so."""
        email = normalize_email(email)
        for known in self.addresses:
            if known.email == email:
                known.verified = known.verified or verified
                return
        if email:
            self.addresses.append(Address(email, verified))


# Values of exports: of JSON they have types, of CSV they are text -----------------------------------------------------


def text(value: Any) -> str:
    """Text without blanks around it, and without the one character that Postgres does not take."""
    return "" if value is None else str(value).replace("\0", "").strip()


def flag(value: Any) -> bool:
    return value is True or text(value).lower() in ("true", "t", "1")


def moment(value: Any) -> datetime | None:
    """A time as databases write it (UTC where no zone is given), or as milliseconds since 1970. Raises Refused."""
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
        raise Refused(f"{written[:40]!r} is no time")
    return given if given.tzinfo else given.replace(tzinfo=UTC)


def unpacked(value: Any) -> Any:
    """What a JSON column holds; in CSV, and in some JSON, it is text. Raises Refused."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value.strip() else None
    except ValueError:
        raise Refused(f"{value[:40]!r} is no JSON") from None


def rows(value: Any) -> list[dict[str, Any]]:
    """A list of objects; none where there is nothing. Raises Refused."""
    listed = unpacked(value) or []
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise Refused(f"{str(listed)[:40]!r} is no list of objects")
    return listed


def record(value: Any) -> dict[str, Any]:
    """An object; an empty one where there is nothing. Raises Refused."""
    found = unpacked(value) or {}
    if not isinstance(found, dict):
        raise Refused(f"{str(found)[:40]!r} is no object")
    return found


def granted(claims: dict[str, Any]) -> set[str]:
    """The names of what is simply true of a person, `{"admin": true}`: these become scopes."""
    return {name for name, value in claims.items() if value is True}


def uuid_of(value: Any) -> UUID:
    try:
        return UUID(text(value))
    except ValueError:
        raise Refused(f"{text(value)[:40]!r} is no UUID") from None
