"""Users of Firebase, from the JSON of `firebase auth:export`."""

from __future__ import annotations

from typing import Any

from accounts.imports import passwords
from accounts.imports.passwords import FirebaseParameters
from accounts.imports.users import (
    Identity,
    ImportedUser,
    LostPassword,
    Refused,
    flag,
    granted,
    moment,
    record,
    rows,
    text,
)
from accounts.providers import registry

NO_IDENTITY = {"password", "phone", "emailLink"}
KEPT = ["phoneNumber", "photoUrl", "customAttributes", "tenantId"]
"""Fields without a counterpart in Podium are kept with the identity "firebase"."""


def user_of(place: str, entry: dict[str, Any], *, parameters: FirebaseParameters | None) -> ImportedUser:
    """Convert one entry. Without parameters, the user gets no password. Raises Refused."""
    old_id = text(entry.get("localId"))
    if not old_id:
        raise Refused("it has no localId")
    providers = rows(entry.get("providerUserInfo"))
    found = ImportedUser(
        place,
        old_id,
        name=text(entry.get("displayName")) or _first(providers, "displayName"),
        image_url=text(entry.get("photoUrl")) or _first(providers, "photoUrl"),
        blocked=flag(entry.get("disabled")),
        scopes=granted(record(entry.get("customAttributes"))),
        created_at=moment(entry.get("createdAt")),
        last_login=moment(entry.get("lastSignedInAt")),
    )
    found.add_address(text(entry.get("email")), flag(entry.get("emailVerified")))
    if not found.addresses:  # an address that Firebase only has from a provider, and has not confirmed itself
        found.add_address(_first(providers, "email"), False)
    kept = {name: entry[name] for name in KEPT if entry.get(name)}
    found.identities.append(Identity("firebase", old_id, kept))
    names = registry.names_in("firebase")  # names of other providers stay as they are
    found.identities += [
        Identity(names.get(name, name), text(each.get("rawId")), {"email": text(each.get("email"))})
        for each in providers
        if (name := text(each.get("providerId"))) not in NO_IDENTITY and text(each.get("rawId"))
    ]
    if entry.get("mfaInfo"):
        found.notes.append("the second factor is not imported: it must be set up again")
    _take_password(found, entry, parameters)
    return found


def _take_password(found: ImportedUser, entry: dict[str, Any], parameters: FirebaseParameters | None) -> None:
    stored = text(entry.get("passwordHash"))
    if not stored or parameters is None:
        return
    try:
        found.password = passwords.firebase(stored, text(entry.get("salt")), parameters)
    except LostPassword as why:
        found.notes.append(f"the password must be reset: {why}")


def _first(providers: list[dict[str, Any]], name: str) -> str:
    return next((text(each[name]) for each in providers if each.get(name)), "")
