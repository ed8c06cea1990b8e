"""Access tokens: JSON Web Tokens that name a sign-in for a few minutes. sessions.py checks that the sign-in is valid.

Signed with keys derived from SECRET_KEY. When you change it, add the old one to SECRET_KEY_FALLBACKS. Without that,
clients get a new access token with their refresh token, which does not depend on it.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import jwt
from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.models import Session
from accounts.sessions import lifetimes
from podium.core import clock

ALGORITHM = "HS512"
MAX_LENGTH = 4096
"""Characters. A token with many scopes has some hundred."""


@dataclass(frozen=True, slots=True)
class Access:
    """The claims of an access token: its sign-in, and its expiry."""

    token_id: uuid.UUID
    expires_at: datetime

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= clock.now()  # by our clock, which tests can set


def make(row: Session, scopes: Iterable[str]) -> tuple[str, datetime]:
    """Create an access token of a sign-in. Returns it with its expiry.

    Claims: iss, aud, sub, iat, exp, jti (RFC 7519 4.1), scope (RFC 8693 4.2) and sid, the sign-in (OpenID Connect
    Front-Channel Logout 3). The scopes are for other services that read the token; calls use those of the database.
    """
    now = clock.now()
    expires_at = now + lifetimes.access_token()
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
    """Read the claims of a token that was signed here; None for any other. It may have expired."""
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
        return Access(uuid.UUID(claims["sid"]), datetime.fromtimestamp(claims["exp"], UTC))
    except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError):
        return None


def looks_right(token: str) -> bool:
    return len(token) <= MAX_LENGTH and token.isascii() and token.count(".") == 2


@dataclass(frozen=True, slots=True)
class Key:
    id: str
    secret: bytes


def _keys() -> list[Key]:
    """The key that signs, then those that only verify."""
    return [_key(each) for each in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


@cache
def _key(secret_key: str) -> Key:
    secret = salted_hmac("accounts.access_tokens", ALGORITHM, secret=secret_key, algorithm="sha512").digest()
    return Key(hashlib.sha256(secret).hexdigest()[:16], secret)
