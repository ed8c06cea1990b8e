"""Users of Supabase: rows of auth.users, with those of auth.identities. Only the database has the passwords."""

from __future__ import annotations

from typing import Any

from accounts.imports import passwords
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
    uuid_of,
)
from accounts.providers import registry
from podium.core import clock

NO_IDENTITY = {"email", "phone"}

QUERY = """\
SELECT to_jsonb(u)
    - ARRAY['confirmation_token', 'recovery_token', 'email_change_token_new', 'email_change_token_current',
            'phone_change_token', 'reauthentication_token']
    || jsonb_build_object('identities', i.rows, 'factors', coalesce(f.count, 0))
FROM auth.users u
LEFT JOIN (SELECT user_id, jsonb_agg(to_jsonb(a)) AS rows FROM auth.identities a GROUP BY user_id) i
    ON i.user_id = u.id
LEFT JOIN (SELECT user_id, count(*) FROM auth.mfa_factors WHERE status = 'verified' GROUP BY user_id) f
    ON f.user_id = u.id
ORDER BY u.created_at, u.id"""
"""One JSON object a user. Whole rows, because older versions of Supabase lack some columns."""


def user_of(place: str, entry: dict[str, Any], *, with_password: bool) -> ImportedUser:
    """Convert one entry. Raises Refused."""
    if text(entry.get("deleted_at")):
        raise Refused("the account was deleted")
    id = uuid_of(entry.get("id"))
    told = record(entry.get("raw_user_meta_data"))
    found = ImportedUser(
        place,
        str(id),
        id,
        name=text(told.get("full_name")) or text(told.get("name")) or text(told.get("user_name")),
        image_url=text(told.get("avatar_url")) or text(told.get("picture")),
        scopes=granted(record(entry.get("raw_app_meta_data"))),
        created_at=moment(entry.get("created_at")),
        last_login=moment(entry.get("last_sign_in_at")),
    )
    confirmed = text(entry.get("email_confirmed_at")) or text(entry.get("confirmed_at"))
    found.add_address(text(entry.get("email")), bool(confirmed))
    found.identities = [_identity(each) for each in rows(entry.get("identities")) if _is_identity(each)]
    until = moment(entry.get("banned_until")) if entry.get("banned_until") != "infinity" else None
    if entry.get("banned_until") == "infinity" or (until and until > clock.now()):
        found.blocked = True
        found.notes.append(
            f"banned until {entry['banned_until']}: stays blocked here until staff unblock the user"
        )
    if text(entry.get("factors")) not in ("", "0"):
        found.notes.append("the second factor is not imported: it must be set up again")
    if flag(entry.get("is_sso_user")):
        found.notes.append("signed in with SAML, which Podium does not support")
    if with_password:
        _take_password(found, text(entry.get("encrypted_password")))
    return found


def _is_identity(row: dict[str, Any]) -> bool:
    return text(row.get("provider")) not in NO_IDENTITY


def _identity(row: dict[str, Any]) -> Identity:
    provider, data = text(row.get("provider")), record(row.get("identity_data"))
    # `provider_id` since 2023. Before that the provider's id was the row's own id.
    uid = text(row.get("provider_id")) or text(data.get("sub")) or text(row.get("id"))
    if not provider or not uid:
        raise Refused("one of its identities has no provider or no id")
    return Identity(registry.names_in("supabase").get(provider, provider), uid, data)


def _take_password(found: ImportedUser, stored: str) -> None:
    if not stored:
        return
    try:
        found.password = passwords.supabase(stored)
    except LostPassword as why:
        found.notes.append(f"the password must be reset: {why}")
