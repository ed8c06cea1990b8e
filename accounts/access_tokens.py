"""Access tokens: JSON Web Tokens that name a sign-in for a few minutes. Whether that still holds is tokens.py's matter.

Signed with keys made of SECRET_KEY. Put the old one into SECRET_KEY_FALLBACKS when you change it, and nobody is signed
out; without that, clients get a new access token with their refresh token, which does not depend on it.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import jwt
from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.conf import conf
from accounts.models import Token
from core import clock

ALGORITHM = "HS512"
MAX_LENGTH = 4096
"""Characters; one with many scopes has some hundred."""


@dataclass(frozen=True, slots=True)
class Access:
    """What an access token says: of which sign-in it is, and until when it is good."""

    token_id: uuid.UUID
    expires_at: datetime


def make(row: Token, scopes: Iterable[str]) -> tuple[str, datetime]:
    """An access token of a sign-in, and when it expires.

    Claims: iss, aud, sub, iat, exp, jti (RFC 7519 4.1), scope (RFC 8693 4.2) and sid, the sign-in (OpenID Connect
    Front-Channel Logout 3). The scopes are for who reads the token elsewhere; calls have those of the database.
    """
    now = clock.now()
    expires_at = now + timedelta(minutes=conf.ACCESS_TOKEN_MINUTES)
    claims = {
        **{
            "iss": settings.PUBLIC_URL,
            "aud": settings.PUBLIC_URL,
            "sub": str(row.user_id),
            "sid": str(row.pk),
        },
        **{"iat": int(now.timestamp()), "exp": int(expires_at.timestamp()), "jti": uuid.uuid4().hex},
        "scope": " ".join(sorted(scopes)),
    }
    key = _keys()[0]
    made = jwt.encode(claims, key.secret, ALGORITHM, headers={"kid": key.id})
    return made, datetime.fromtimestamp(claims["exp"], UTC)


def read(token: str) -> Access | None:
    """What a token says, if it was signed here and has not expired; else None."""
    try:
        key_id = jwt.get_unverified_header(token).get("kid")
        key = next((each for each in _keys() if each.id == key_id), None)
        if key is None:
            return None
        claims = jwt.decode(
            token,
            key.secret,
            algorithms=[ALGORITHM],
            issuer=settings.PUBLIC_URL,
            audience=settings.PUBLIC_URL,
            options={"require": ["exp", "iss", "aud", "sid"], "verify_exp": False, "verify_iat": False},
        )
        access = Access(uuid.UUID(claims["sid"]), datetime.fromtimestamp(claims["exp"], UTC))
    except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError):
        return None
    return access if access.expires_at > clock.now() else None  # by our clock, which tests can set


def looks_right(token: str) -> bool:
    return len(token) <= MAX_LENGTH and token.isascii() and token.count(".") == 2


@dataclass(frozen=True, slots=True)
class Key:
    id: str
    secret: bytes


def _keys() -> list[Key]:
    """The one that signs, then those that only verify."""
    return [_key(each) for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


@cache
def _key(secret_key: str) -> Key:
    secret = salted_hmac("accounts.access_tokens", ALGORITHM, secret=secret_key, algorithm="sha512").digest()
    return Key(hashlib.sha256(secret).hexdigest()[:16], secret)
