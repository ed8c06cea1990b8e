"""Serverpod's users, made usable here: their addresses, passwords, providers' accounts and passkeys are copied.

The user is the same row. `everyone` copies all of this at once, at the adoption. The other functions copy one sign-in
method when somebody uses it, so newer users of Serverpod need no further step. Serverpod's rows stay as they are.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth.hashers import is_password_usable
from django.db import IntegrityError, connection, transaction
from django.dispatch import receiver
from fido2.webauthn import AttestationObject

from accounts import signals
from accounts.conf import conf
from accounts.imports import passwords
from accounts.imports.users import LostPassword
from accounts.models import NO_PASSWORD, User
from accounts.second_factor import factors
from accounts.serverpod import addresses, tables
from accounts.serverpod.addresses import Report
from accounts.sessions import sessions
from accounts.sign_in import passkeys

BATCH = 500  # rows
KEPT = ("email", "phone", "firstName", "lastName", "fullName")
"""The columns of a provider's account that SocialAccount.extra_data keeps."""
NAME_MAX_LENGTH = User._meta.get_field("name").max_length or 0
UID_MAX_LENGTH = SocialAccount._meta.get_field("uid").max_length or 0
THEIRS = ("serverpod$", "serverpod1$")
"""The prefix of a password hashed by Serverpod."""
Row = dict[str, Any]


@transaction.atomic
def everyone() -> Report:
    """Copy everything new, in batches. Safe to run again."""
    report = Report()
    for rows in _batches(f"SELECT e.* FROM {_email_accounts()}", tables.EMAIL_ACCOUNTS):
        take_emails(rows, report)
    for provider in tables.providers():
        table = tables.accounts_of(provider)
        for rows in _batches(f"SELECT * FROM {table}", table):
            take_identities(provider, rows, report)
    for rows in _batches(f"SELECT * FROM {tables.PASSKEYS}", tables.PASSKEYS):
        take_passkeys(rows, report)
    for rows in _batches(_profiles(), tables.USERS):
        addresses.take([(row["authUserId"], row["email"]) for row in rows], report)
    report.counts["names"] += _take_names()
    report.counts["scopes"] += _take_scopes()
    return report


# One sign-in method, when it is used --------------------------------------------------------------------------------


@receiver(signals.address_wanted)
def by_address(address: str, **_: Any) -> None:
    """Copy the account with this address if Serverpod created it, or changed its password. One SELECT."""
    if not tables.in_use() or "\0" in address or not tables.has(tables.EMAIL_ACCOUNTS):
        return
    found = tables.rows(
        f"SELECT e.*, u.password, a.id IS NULL AS is_new FROM {_email_accounts()}"
        f' JOIN {tables.USERS} u ON u.id = e."authUserId"'
        " LEFT JOIN account_emailaddress a ON a.email = e.email AND a.user_id = u.id AND a.verified"
        " WHERE e.email = ANY(%s)",
        [spellings(address)],
    )
    if any(row["is_new"] or _is_behind(row["password"], row["passwordHash"]) for row in found):
        _bring(take_emails, found)


@receiver(signals.identity_wanted)
def by_identity(provider: str, uid: str, **_: Any) -> bool:
    """Copy a provider's account that is unknown here. Returns whether Serverpod has it."""
    if not tables.in_use() or provider not in tables.providers() or "\0" in uid:
        return False
    table = tables.accounts_of(provider)
    if not tables.has(table):
        return False
    found = tables.rows(f'SELECT * FROM {table} WHERE "userIdentifier" = %s', [uid])
    _bring(partial(take_identities, provider), found)
    return bool(found)


@receiver(signals.passkey_wanted)
def by_passkey(key_id: bytes, **_: Any) -> None:
    """Copy a passkey that is unknown here."""
    if tables.in_use() and tables.has(tables.PASSKEYS):
        id = base64.b64encode(key_id).decode()
        _bring(take_passkeys, tables.rows(f'SELECT * FROM {tables.PASSKEYS} WHERE "keyIdBase64" = %s', [id]))


def _bring(take: Callable[[Sequence[Row], Report], None], rows: Sequence[Row]) -> None:
    try:
        with transaction.atomic():
            take(rows, Report())
    except IntegrityError:  # another call was faster, and has stored it
        with transaction.atomic():
            take(rows, Report())


def _email_accounts() -> str:
    """SQL for the table of e-mail accounts, e, with the old password of those that have no new one."""
    if not tables.has(tables.OLD_PASSWORDS):
        return f"(SELECT *, NULL AS old_hash FROM {tables.EMAIL_ACCOUNTS}) e"
    return (
        f"(SELECT m.*, o.hash AS old_hash FROM {tables.EMAIL_ACCOUNTS} m"
        f' LEFT JOIN {tables.OLD_PASSWORDS} o ON o."emailAccountId" = m.id) e'
    )


def has_email_account(user: User) -> bool:
    """Test whether Serverpod's newer modules have a password of this user."""
    if not tables.in_use() or not tables.has(tables.EMAIL_ACCOUNTS):
        return False
    query = f'SELECT 1 AS one FROM {tables.EMAIL_ACCOUNTS} WHERE "authUserId" = %s'
    return bool(tables.rows(query, [user.pk]))


def spellings(address: str) -> list[str]:
    """An address as it is stored here, and with its domain in ASCII, as clients may have sent it to Serverpod."""
    local, at, domain = address.rpartition("@")
    try:
        return [address, local + at + domain.encode("idna").decode()]
    except UnicodeError:
        return [address]


# Rows of Serverpod, together ----------------------------------------------------------------------------------------


def take_emails(rows: Sequence[Row], report: Report) -> None:
    """Copy addresses with a password. Serverpod creates such an account once the address is proved."""
    addresses.take([(row["authUserId"], row["email"]) for row in rows], report, with_password=True)
    users = User.objects.select_for_update().in_bulk({row["authUserId"] for row in rows})
    changed: list[User] = []
    for row in rows:
        user = users[row["authUserId"]]
        if not _is_behind(user.password, row["passwordHash"]) or _is_second(user, row):
            continue
        try:
            password = _password(row)
        except LostPassword as why:
            report.notes.append(f"user {user.pk}: the password must be reset: {why}")
            continue
        if is_password_usable(user.password):
            sessions.revoke_all(user)
        user.password = password
        changed.append(user)
    User.objects.bulk_update(changed, ["password"])
    report.counts["passwords"] += len(changed)


def _password(row: Row) -> str:
    """The password of an e-mail account in the form stored here. Raises LostPassword."""
    if row["passwordHash"] or not row["old_hash"]:
        return passwords.serverpod(row["passwordHash"])
    return passwords.serverpod_auth(row["old_hash"], row["email"])


def _is_behind(here: str, there: str) -> bool:
    """Test whether Serverpod's password is newer than ours. A password that was set here alone is not replaced."""
    if here == NO_PASSWORD:
        return True
    return bool(there) and here.startswith(THEIRS) and here != f"serverpod{there}"


def _is_second(user: User, row: Row) -> bool:
    """Test whether the user's password is that of another address: Serverpod has one for each, here there is one."""
    if not is_password_usable(user.password):
        return False
    others = tables.rows(
        f'SELECT 1 AS one FROM {tables.EMAIL_ACCOUNTS} WHERE "authUserId" = %s AND "passwordHash" = %s AND email <> %s',
        [user.pk, user.password.removeprefix("serverpod"), row["email"]],
    )
    return bool(others)


def take_identities(provider: str, rows: Sequence[Row], report: Report) -> None:
    uids = {row["userIdentifier"] for row in rows}
    known = dict(SocialAccount.objects.filter(provider=provider, uid__in=uids).values_list("uid", "user_id"))
    new = []
    for row in rows:
        uid, user_id = row["userIdentifier"], row["authUserId"]
        if known.get(uid, user_id) != user_id:
            report.notes.append(
                f"user {user_id}: {provider} {uid} belongs to {known[uid]} here, and is left out"
            )
        elif not 0 < len(uid) <= UID_MAX_LENGTH:
            report.notes.append(
                f"user {user_id}: the id at {provider} is empty or longer than {UID_MAX_LENGTH}: left out"
            )
        elif uid not in known:
            data = {name: row[name] for name in KEPT if row.get(name)}
            new.append(SocialAccount(user_id=user_id, provider=provider, uid=uid, extra_data=data))
    SocialAccount.objects.bulk_create(new)
    report.counts[f"{provider} accounts"] += len(new)
    tokens_of = {row["userIdentifier"]: row.get("refreshToken") for row in rows}
    SocialToken.objects.bulk_create(
        SocialToken(account=account, token="", token_secret=tokens_of[account.uid])
        for account in new
        if tokens_of[account.uid]
    )
    if provider not in tables.unverified():
        # Only for new ones: Podium's own may have an address that the user has not proved. Apple's row says if it is.
        proved = [row for row in rows if row["email"] and row.get("isEmailVerified", True)]
        found = [(row["authUserId"], row["email"]) for row in proved if row["userIdentifier"] not in known]
        addresses.take(found, report)


def take_passkeys(rows: Sequence[Row], report: Report) -> None:
    for row in rows:
        key_id = bytes(row["keyId"])
        if passkeys.find(key_id).exists():
            continue
        try:
            counter = AttestationObject(bytes(row["attestationObject"])).auth_data.counter
        except passkeys.MALFORMED:
            report.notes.append(f"user {row['authUserId']}: a passkey is damaged, and is left out")
            continue
        credential = passkeys.as_json(
            key_id,
            clientDataJSON=bytes(row["clientDataJSON"]),
            attestationObject=bytes(row["attestationObject"]),
        )
        asked_since = factors.asked_since(row["authUserId"])
        if asked_since is not None and tables.moment(row["createdAt"]) >= asked_since:
            # It would count as two factors, but Serverpod let the user add it with one.
            report.notes.append(
                f"user {row['authUserId']}: a passkey is left out: add it here, with the second factor"
            )
            continue
        data = {"name": "Passkey", "credential": credential, "sign_count": counter, factors.WAY_IN: True}
        Authenticator.objects.bulk_create(
            [Authenticator(user_id=row["authUserId"], type=factors.WEBAUTHN, data=data)]
        )
        report.counts["passkeys"] += 1


def is_passkey_of(attestation_object: bytes, domain: str) -> bool:
    """Test whether a passkey was made for this domain; True for one that can't be read."""
    try:
        made_for = AttestationObject(attestation_object).auth_data.rp_id_hash
    except passkeys.MALFORMED:
        return True
    return bool(made_for == hashlib.sha256(domain.encode()).digest())


def _profiles() -> str:
    """SQL for the addresses in profiles, except those from a provider that has not verified them."""
    others = [tables.accounts_of(each) for each in tables.unverified()]
    unverified = [
        f' AND NOT EXISTS (SELECT 1 FROM {each} a WHERE a."authUserId" = p."authUserId")'
        for each in others
        if tables.exists(each)
    ]
    query = 'SELECT p."authUserId", p.email FROM serverpod_auth_core_profile p WHERE p.email IS NOT NULL'
    return query + "".join(unverified)


def _take_names() -> int:
    """Copy names from profiles to users without a name."""
    return tables.run(
        f'UPDATE {tables.USERS} u SET name = left(coalesce(nullif(p."fullName", \'\'), p."userName"), %s)'
        " FROM serverpod_auth_core_profile p WHERE p.\"authUserId\" = u.id AND u.name = ''"
        " AND coalesce(nullif(p.\"fullName\", ''), nullif(p.\"userName\", '')) IS NOT NULL",
        [NAME_MAX_LENGTH],
    )


def _take_scopes() -> int:
    """Create groups for the scopes of all users. A call compares the two again: staff/scopes.py."""
    named = (
        f"SELECT u.id, left(scope.name, 150) AS name FROM {tables.USERS} u, json_array_elements_text("
        """ CASE json_typeof(u."scopeNames") WHEN 'array' THEN u."scopeNames" ELSE '[]' END) AS scope(name)"""
        " WHERE NOT (u.is_superuser AND scope.name = %s)"
    )
    values = [conf.SUPERUSER_SCOPE]
    tables.run(
        f"INSERT INTO auth_group (name) SELECT DISTINCT name FROM ({named}) n ON CONFLICT DO NOTHING", values
    )
    return tables.run(
        f"INSERT INTO {tables.USERS}_groups (user_id, group_id) SELECT DISTINCT n.id, g.id FROM ({named}) n"
        " JOIN auth_group g ON g.name = n.name ON CONFLICT DO NOTHING",
        values,
    )


def _batches(query: str, table: str) -> Iterator[list[Row]]:
    """The rows of a query, BATCH at a time; none if Serverpod's version has no such table."""
    if not tables.exists(table):
        return
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        names = [column.name for column in cursor.description]
        while rows := cursor.fetchmany(BATCH):
            yield [dict(zip(names, row, strict=True)) for row in rows]
