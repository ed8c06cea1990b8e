"""Keys of the legacy module: a number and a secret, which clients send as `number:secret`.

Each is a row of serverpod_auth_key, as Serverpod made it or as it would make it, and a Session of accounts. The
Session has the hash of the row as its digest. So whatever ends sessions ends keys as well, and Serverpod can read them
if it still runs on the database. A key that Serverpod made has no Session until `manage.py adopt` or its first use.

Source of the hash: authentication_util.dart of serverpod_auth, SHA-256 of the salt and the secret.
"""

from __future__ import annotations

import hashlib
import re
import secrets

from django.utils.crypto import constant_time_compare

from accounts.models import Session, Strategy, User
from accounts.sessions import sessions
from accounts.sign_in import sign_in
from accounts.staff import scopes
from legacy_auth import bringing, users
from legacy_auth.conf import conf
from legacy_auth.models import AuthKey, UserInfo
from podium.endpoints.calls import Call

FORM = re.compile(r"([0-9]{1,18}):([!-~]{1,256})")
DEFAULT_SALT = "salty"
"""Serverpod's default if config/passwords.yaml has no authKeySalt."""
SECRET_BYTES = 32


def issue(call: Call, user: User, *, method: str) -> tuple[AuthKey, UserInfo]:
    """Sign a device in. The key is in the row, this once. Raises what sign_in.admit does."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    digest = digest_of(secret)
    sign_in.admit(call, user, method=method, digest=digest)
    info = users.of(user)
    row = AuthKey.objects.create(
        user_id=info.pk, hash=digest.hex(), scope_names=sorted(scopes.of(user)), method=method
    )
    row.key = secret
    return row, info


def looks_right(token: str) -> bool:
    return FORM.fullmatch(token) is not None


def read(token: str) -> sessions.Asked | None:
    """Look up a key; None if it is not valid. Two SELECTs; more at the first use of Serverpod's keys."""
    number, _, secret = token.partition(":")
    digest = digest_of(secret)
    row = AuthKey.objects.filter(pk=int(number)).first()
    if row is None:
        sessions.revoke(Session.objects.filter(digest=digest))  # Serverpod has signed the device out
        return None
    if not constant_time_compare(row.hash, digest.hex()):
        return None
    if not Session.objects.filter(digest=digest).exists() and not bringing.bring_key(row):
        return None
    may = frozenset(row.scope_names)
    return sessions.Asked({"digest": digest, "strategy": Strategy.SESSION}, scopes=may)


def digest_of(secret: str) -> bytes:
    return hashlib.sha256(((conf.KEY_SALT or DEFAULT_SALT) + secret).encode()).digest()


KEYS = sessions.OtherKeys(looks_right, read)
