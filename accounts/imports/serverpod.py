"""Users of Serverpod: of the modules serverpod_auth_core and _idp, or of the older serverpod_auth.

Both queries return one JSON object a user, with the same names, so one function reads both.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from accounts.imports import passwords
from accounts.imports.users import (
    Identity,
    ImportedUser,
    LostPassword,
    Refused,
    flag,
    moment,
    rows,
    text,
    unpacked,
    uuid_of,
)
from accounts.providers import registry

OTHER_WAYS = {"passkey": "passkeys are not imported: they must be set up again"}
NEW, OLD = "serverpod_auth_core_user", "serverpod_user_info"
KEPT = ["email", "phone", "firstName", "lastName", "fullName"]
"""The columns kept from a provider's row. Tokens are not kept."""

OLD_QUERY = """\
SELECT jsonb_build_object(
    'id', u.id, 'createdAt', u.created, 'blocked', u.blocked, 'scopeNames', u."scopeNames", 'userName', u."userName",
    'fullName', u."fullName", 'email', u.email, 'imageUrl', u."imageUrl", 'userIdentifier', u."userIdentifier",
    'emailAccounts', e.rows)
FROM serverpod_user_info u
LEFT JOIN (
    SELECT "userId", jsonb_agg(jsonb_build_object('email', email, 'passwordHash', hash)) AS rows
    FROM serverpod_email_auth GROUP BY 1
) e ON e."userId" = u.id
ORDER BY u.id"""


def new_query(tables: Set[str]) -> str:
    """Return the query for serverpod_auth_core and for those providers whose tables exist."""
    here = [name for name in [*registry.names_in("serverpod"), *OTHER_WAYS] if _table(name) in tables]
    columns = "".join(f", '{name}', {name}.rows" for name in here)
    joins = "\n".join(_join(name, f"to_jsonb(a) - ARRAY['refreshToken', {_LARGE}]") for name in here)
    emails = "jsonb_build_object('email', a.email, 'passwordHash', a.\"passwordHash\")"
    return f"""\
SELECT jsonb_build_object(
    'id', u.id, 'createdAt', u."createdAt", 'blocked', u.blocked, 'scopeNames', u."scopeNames",
    'userName', p."userName", 'fullName', p."fullName", 'email', p.email, 'imageUrl', i.url,
    'emailAccounts', email.rows{columns})
FROM serverpod_auth_core_user u
LEFT JOIN serverpod_auth_core_profile p ON p."authUserId" = u.id
LEFT JOIN serverpod_auth_core_profile_image i ON i.id = p."imageId"
{_join("email", emails)}
{joins}
ORDER BY u.id"""


_LARGE = "'attestationObject', 'clientDataJSON', 'originalChallenge', 'keyId'"  # of passkeys


def all_tables() -> frozenset[str]:
    """The tables that a newer Serverpod can have."""
    return frozenset(_table(name) for name in [*registry.names_in("serverpod"), *OTHER_WAYS])


def _table(name: str) -> str:
    return f"serverpod_auth_idp_{name}_account"


def _join(name: str, columns: str) -> str:
    # Joined as a whole: the providers' tables have no index on "authUserId".
    return f"""\
LEFT JOIN (SELECT "authUserId", jsonb_agg({columns}) AS rows FROM {_table(name)} a GROUP BY 1) {name}
    ON {name}."authUserId" = u.id"""


def user_of(place: str, entry: dict[str, Any], *, with_password: bool) -> ImportedUser:
    """Convert one entry. Raises Refused."""
    old_id = text(entry.get("id"))
    numbered = old_id.isdigit()
    found = ImportedUser(
        place,
        old_id if numbered else str(uuid_of(old_id)),
        None if numbered else uuid_of(old_id),
        name=text(entry.get("fullName")) or text(entry.get("userName")),
        image_url=text(entry.get("imageUrl")),
        blocked=flag(entry.get("blocked")),
        scopes=_scopes(entry.get("scopeNames")),
        created_at=moment(entry.get("createdAt")),
    )
    if numbered:
        identifier = {"userIdentifier": text(entry.get("userIdentifier"))}
        found.identities.append(Identity("serverpod", old_id, identifier))
    emails = rows(entry.get("emailAccounts"))
    for each in emails:
        found.add_address(
            text(each.get("email")), True
        )  # Serverpod creates an account once its address is confirmed
    found.add_address(text(entry.get("email")), not numbered)
    for theirs, provider in registry.names_in("serverpod").items():
        for row in rows(entry.get(theirs)):
            _take_identity(found, provider, row)
    found.notes += [note for name, note in OTHER_WAYS.items() if rows(entry.get(name))]
    if with_password:
        _take_password(found, emails, old=numbered)
    return found


def _scopes(value: Any) -> set[str]:
    names = unpacked(value) or []
    if not isinstance(names, list):
        raise Refused("its scopeNames are not a list")
    return {text(name) for name in names if text(name)}


def _take_identity(found: ImportedUser, provider: str, row: dict[str, Any]) -> None:
    uid = text(row.get("userIdentifier"))
    if not uid:
        raise Refused(f"its {provider} account has no userIdentifier")
    found.identities.append(Identity(provider, uid, {name: row[name] for name in KEPT if row.get(name)}))
    # Serverpod stores addresses that the provider has confirmed. Apple's row has a column for it.
    found.add_address(text(row.get("email")), provider != "apple" or flag(row.get("isEmailVerified")))


def _take_password(found: ImportedUser, emails: list[dict[str, Any]], *, old: bool) -> None:
    having = [each for each in emails if text(each.get("passwordHash"))]
    if len(having) > 1:
        found.notes.append("it has a password for each address: only the first is imported")
    if not having:
        return
    stored = text(having[0].get("passwordHash"))
    try:
        if old:
            found.password = passwords.serverpod_auth(stored, text(having[0].get("email")))
        else:
            found.password = passwords.serverpod(stored)
    except LostPassword as why:
        found.notes.append(f"the password must be reset: {why}")
