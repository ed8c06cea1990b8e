"""Writes to Serverpod's tables, so that its server knows Podium's users and sign-ins, and moving back stays possible.

Signals of the models write in the same transaction. Each statement may run again. Deletes only what was deleted
here: Serverpod may have sign-in methods of a user that were not needed here yet (users.py).
"""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from fido2.utils import websafe_decode

from accounts import signals
from accounts.models import Session, User, UserProfile
from accounts.second_factor import factors
from accounts.serverpod import tables
from podium.core import clock

HASH = "serverpod$argon2id$"
"""The prefix of a password that Serverpod can use. Serverpod stores the text after the first "$"."""
CREATED = {"apple": "createdAt", "facebook": "createdAt"}
"""Columns whose names differ between tables; in others the name is "created"."""


def everything_of(user: User) -> None:
    """Write all sign-in methods of a user, as after merging two."""
    if not tables.in_use():
        return
    _profile(user)
    _passwords(user)
    for identity in SocialAccount.objects.filter(user=user):
        _identity(identity)
    for passkey in Authenticator.objects.filter(user=user, type=factors.WEBAUTHN):
        _passkey(passkey)


def end_sign_ins(user_id: uuid.UUID, *, but: str = "") -> None:
    """Sign a user out at Serverpod, also on devices that have not called here yet.

    but  the key of a Session whose sign-in stays; "" for none
    """
    if tables.in_use():
        for table in (tables.SESSIONS, tables.REFRESH_TOKENS):
            tables.run(f'DELETE FROM {table} WHERE "authUserId" = %s AND id::text <> %s', [user_id, but])


def forget_passwords(user_id: uuid.UUID) -> None:
    """Remove a user's passwords at Serverpod: the account has another owner now."""
    if tables.in_use() and tables.has(tables.EMAIL_ACCOUNTS):
        tables.run(f'DELETE FROM {tables.EMAIL_ACCOUNTS} WHERE "authUserId" = %s', [user_id])


# Signals ------------------------------------------------------------------------------------------------------------


@receiver(post_save, sender=User)
def _user_saved(instance: User, created: bool, update_fields: Any = None, **_: Any) -> None:
    if not tables.in_use():
        return
    if created or (update_fields and "email" in update_fields):
        _profile(instance)
    # Not at every save: an object that was read a while ago has an old password.
    if created or instance._password is not None or (update_fields and "password" in update_fields):  # type: ignore[attr-defined]
        _passwords(instance)


@receiver(post_save, sender=EmailAddress)
def _address_saved(instance: Any, **_: Any) -> None:
    if tables.in_use() and instance.verified:
        _passwords(User.objects.get(pk=instance.user_id))


@receiver(post_delete, sender=EmailAddress)
def _address_gone(instance: Any, **_: Any) -> None:
    if tables.in_use() and tables.has(tables.EMAIL_ACCOUNTS):
        tables.run(
            f'DELETE FROM {tables.EMAIL_ACCOUNTS} WHERE email = %s AND "authUserId" = %s',
            [instance.email, instance.user_id],
        )


@receiver(post_save, sender=SocialAccount)
def _identity_saved(instance: Any, **_: Any) -> None:
    if tables.in_use():
        _identity(instance)


@receiver(post_save, sender=SocialToken)
def _provider_token_saved(instance: Any, **_: Any) -> None:
    if tables.in_use():
        _identity(instance.account)


@receiver(post_delete, sender=SocialAccount)
def _identity_gone(instance: Any, **_: Any) -> None:
    table = tables.accounts_of(instance.provider)
    if tables.in_use() and instance.provider in tables.providers() and tables.has(table):
        tables.run(
            f'DELETE FROM {table} WHERE "userIdentifier" = %s AND "authUserId" = %s',
            [instance.uid, instance.user_id],
        )


@receiver(post_save, sender=Authenticator)
def _passkey_saved(instance: Any, created: bool, **_: Any) -> None:
    if tables.in_use() and created and instance.type == factors.WEBAUTHN:
        _passkey(instance)


@receiver(post_delete, sender=Authenticator)
def _passkey_gone(instance: Any, **_: Any) -> None:
    if tables.in_use() and instance.type == factors.WEBAUTHN and tables.has(tables.PASSKEYS):
        id = base64.b64encode(_bytes(instance, "rawId")).decode()
        tables.run(f'DELETE FROM {tables.PASSKEYS} WHERE "keyIdBase64" = %s', [id])


@receiver(post_delete, sender=Session)
def _sign_in_ended(instance: Session, **_: Any) -> None:
    if tables.in_use():
        for table in (tables.SESSIONS, tables.REFRESH_TOKENS):
            tables.run(f"DELETE FROM {table} WHERE id = %s", [instance.pk])


@receiver(signals.scopes_changed)
def _scopes_changed(user: User, scopes: set[str], **_: Any) -> None:
    """Remove lost scopes from each sign-in at Serverpod, which stores scopes there."""
    if not tables.in_use():
        return
    for table in (tables.SESSIONS, tables.REFRESH_TOKENS):
        tables.run(
            f"UPDATE {table} SET \"scopeNames\" = (SELECT coalesce(json_agg(name), '[]') FROM"
            ' json_array_elements_text("scopeNames") name WHERE name = ANY(%s)) WHERE "authUserId" = %s',
            [sorted(scopes), user.pk],
        )


@receiver(signals.user_deleting)
def _forget_attempts(user: User, **_: Any) -> None:
    """Delete rows with the user's addresses that have no foreign key to the user."""
    known = {user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)}
    for table, column in tables.ATTEMPTS.items():
        if tables.in_use() and tables.has(table):
            tables.run(f'DELETE FROM {table} WHERE "{column}" = ANY(%s)', [sorted(known - {None})])


@receiver(signals.user_created)
def _anonymous_made(user: User, method: str, **_: Any) -> None:
    if tables.in_use() and method == "anonymous" and tables.has(tables.ANONYMOUS):
        tables.run(
            f'INSERT INTO {tables.ANONYMOUS} ("authUserId", "createdAt") VALUES (%s, %s)',
            [user.pk, tables.stored(clock.now())],
        )


# Rows ---------------------------------------------------------------------------------------------------------------


def _profile(user: User) -> None:
    """Serverpod makes a profile for each user, with an address that is proved."""
    proved = _proved(user)
    given = {"user_name": user.name or None, "email": proved}
    profile, made = UserProfile.objects.get_or_create(auth_user=user, defaults=given)
    if proved and not made and profile.email != proved:
        UserProfile.objects.filter(pk=profile.pk).update(email=proved)


def _proved(user: User) -> str | None:
    """The user's address if it is proved. Serverpod takes each address in its tables for the user's own."""
    proved = EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()
    return user.email if proved else None


def _passwords(user: User) -> None:
    """Write each proved address as an account at Serverpod, all with the same password."""
    if not user.password.startswith(HASH) or not tables.has(tables.EMAIL_ACCOUNTS):
        return
    now, stored = tables.stored(clock.now()), user.password.partition("$")[2]
    for address in EmailAddress.objects.filter(user=user, verified=True):
        tables.run(
            f'INSERT INTO {tables.EMAIL_ACCOUNTS} AS e ("authUserId", "createdAt", email, "passwordHash")'
            ' VALUES (%s, %s, %s, %s) ON CONFLICT (email) DO UPDATE SET "passwordHash" = EXCLUDED."passwordHash",'
            ' "authUserId" = EXCLUDED."authUserId"'
            ' WHERE (e."passwordHash", e."authUserId") <> (EXCLUDED."passwordHash", EXCLUDED."authUserId")',
            [user.pk, now, address.email, f"${stored}"],
        )
    _profile(user)


def _identity(identity: Any) -> None:
    provider, table = identity.provider, tables.accounts_of(identity.provider)
    if provider not in tables.providers() or not tables.has(table):
        return
    values = {
        "authUserId": identity.user_id,
        CREATED.get(provider, "created"): tables.stored(identity.date_joined),
        "email": _proved(identity.user) or ("" if provider == "google" else None),
        "userIdentifier": identity.uid,
    }
    if provider == "apple":
        token = SocialToken.objects.filter(account=identity).exclude(token_secret="").first()
        values["refreshToken"] = token.token_secret if token else ""
        values["refreshTokenRequestedWithBundleIdentifier"] = True  # the client id is not stored here
    columns = ", ".join(f'"{name}"' for name in values)
    changed = ["authUserId", *(["refreshToken"] if values.get("refreshToken") else [])]
    tables.run(
        f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(values))})"
        ' ON CONFLICT ("userIdentifier") DO UPDATE SET '
        + ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in changed),
        list(values.values()),
    )


def _passkey(passkey: Any) -> None:
    if not tables.has(tables.PASSKEYS):
        return
    id, data = _bytes(passkey, "rawId"), passkey.data["credential"]["response"]
    client_data = websafe_decode(data["clientDataJSON"])
    values = {
        "authUserId": passkey.user_id,
        "createdAt": tables.stored(passkey.created_at),
        "keyId": id,
        "keyIdBase64": base64.b64encode(id).decode(),
        "clientDataJSON": client_data,
        "attestationObject": websafe_decode(data["attestationObject"]),
        "originalChallenge": websafe_decode(json.loads(client_data)["challenge"]),
    }
    columns = ", ".join(f'"{name}"' for name in values)
    tables.run(
        f"INSERT INTO {tables.PASSKEYS} ({columns}) VALUES ({', '.join(['%s'] * len(values))})"
        ' ON CONFLICT ("keyIdBase64") DO UPDATE SET "authUserId" = EXCLUDED."authUserId"',
        list(values.values()),
    )


def _bytes(passkey: Any, name: str) -> bytes:
    return websafe_decode(passkey.data["credential"][name])
