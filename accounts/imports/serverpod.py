"""People of Serverpod: of the modules serverpod_auth_core and _idp, or of the older serverpod_auth.

Both queries give one JSON object a person, with the same names, so that one function reads either.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from accounts.imports import passwords
from accounts.imports.people import (
    Identity,
    LostPassword,
    Person,
    Refused,
    flag,
    moment,
    rows,
    text,
    unpacked,
    uuid_of,
)

PROVIDERS = ["google", "apple", "facebook", "github", "microsoft", "firebase"]
OTHER_WAYS = {"passkey": "passkeys are not taken over: they have to be made anew"}
NEW, OLD = "serverpod_auth_core_user", "serverpod_user_info"
KEPT = ["email", "phone", "firstName", "lastName", "fullName"]
"""Of a provider's row this is kept; tokens are not."""

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
    """The query for serverpod_auth_core and those of its providers whose tables are there."""
    here = [name for name in [*PROVIDERS, *OTHER_WAYS] if _table(name) in tables]
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


ALL_TABLES = frozenset(f"serverpod_auth_idp_{name}_account" for name in [*PROVIDERS, *OTHER_WAYS])
_LARGE = "'attestationObject', 'clientDataJSON', 'originalChallenge', 'keyId'"  # of passkeys


def _table(name: str) -> str:
    return f"serverpod_auth_idp_{name}_account"


def _join(name: str, columns: str) -> str:
    # Joined as a whole: the providers' tables have no index on "authUserId".
    return f"""\
LEFT JOIN (SELECT "authUserId", jsonb_agg({columns}) AS rows FROM {_table(name)} a GROUP BY 1) {name}
    ON {name}."authUserId" = u.id"""


def person(place: str, entry: dict[str, Any], *, with_password: bool) -> Person:
    """The person of one entry. Raises Refused."""
    old_id = text(entry.get("id"))
    numbered = old_id.isdigit()
    found = Person(
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
        found.add_address(text(each.get("email")), True)  # an account is made when its address was confirmed
    found.add_address(text(entry.get("email")), not numbered)
    for provider in PROVIDERS:
        for row in rows(entry.get(provider)):
            _take_identity(found, provider, row)
    found.notes += [note for name, note in OTHER_WAYS.items() if rows(entry.get(name))]
    if with_password:
        _take_password(found, emails)
    return found


def _scopes(value: Any) -> set[str]:
    names = unpacked(value) or []
    if not isinstance(names, list):
        raise Refused("its scopeNames are no list")
    return {text(name) for name in names if text(name)}


def _take_identity(found: Person, provider: str, row: dict[str, Any]) -> None:
    uid = text(row.get("userIdentifier"))
    if not uid:
        raise Refused(f"its {provider} account has no userIdentifier")
    found.identities.append(Identity(provider, uid, {name: row[name] for name in KEPT if row.get(name)}))
    # Serverpod keeps addresses that the provider has confirmed; Apple's row says itself whether it is.
    found.add_address(text(row.get("email")), provider != "apple" or flag(row.get("isEmailVerified")))


def _take_password(found: Person, emails: list[dict[str, Any]]) -> None:
    hashes = [text(each.get("passwordHash")) for each in emails if text(each.get("passwordHash"))]
    if len(hashes) > 1:
        found.notes.append("of several passwords, one for each address, the first is taken over")
    try:
        found.password = passwords.serverpod(hashes[0]) if hashes else ""
    except LostPassword as why:
        found.notes.append(f"the password has to be reset: {why}")
