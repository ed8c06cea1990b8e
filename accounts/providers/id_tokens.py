"""ID tokens (OpenID Connect Core 3.1.3.7): checks of signature, issuer, audience, times and nonce."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection
from typing import Any

import jwt
from django.core.cache import cache

from accounts.cache import needing_the_cache
from accounts.providers import keys
from accounts.providers.refusal import Refused, shown

LEEWAY_SECONDS = 30
"""Maximum difference between the clocks of provider and server."""
MAX_LENGTH = 16 * 1024
"""Characters. Tokens of the providers have one or two thousand."""
MAX_SUBJECT = 191
"""Characters: the limit of allauth's column. OpenID Connect allows 255, but no known provider uses them."""

Issuers = Collection[str] | Callable[[dict[str, Any]], str]


def verify(
    token: str,
    *,
    keys_url: str,
    issuers: Issuers,
    audiences: Collection[str],
    nonce: str | None = None,
    needs: Collection[str] = ("sub", "exp"),
) -> dict[str, Any]:
    """Return the claims of a valid token. Raises Refused.

    issuers   the accepted names of its issuer, or a function that returns the one required by its claims
    audiences our client ids at the provider
    nonce     sent by the app with its request, if any
    needs     required claims, besides iss, aud and iat
    """
    if len(token) > MAX_LENGTH:
        raise Refused(f"the token has more than {MAX_LENGTH} characters")
    if not audiences:
        raise Refused("no client id is set")
    try:
        header = jwt.get_unverified_header(token)
        key_id, algorithm = header.get("kid"), header.get("alg")
        if algorithm not in keys.ALGORITHMS:
            raise Refused(f"the token is signed with {shown(algorithm)}")
        if not isinstance(key_id, str):
            raise Refused("the token does not name its key")
        key = keys.key_set(keys_url).find(key_id)
        claims: dict[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=[key.algorithm],
            audience=list(audiences),
            leeway=LEEWAY_SECONDS,
            options={"require": ["iss", "aud", "iat", *needs]},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise Refused(f"the token is invalid: {error}"[:300]) from None
    _check_issuer(claims, issuers, key)
    _check_party(claims, audiences)
    if nonce is not None and claims.get("nonce") != nonce:
        raise Refused("the token has another nonce")
    subject = claims.get("sub", "")
    if "sub" in needs and not (
        0 < len(subject) <= MAX_SUBJECT and subject.isascii() and subject.isprintable()
    ):
        raise Refused("the token's subject is empty, too long, or no plain text")
    return claims


def _check_issuer(claims: dict[str, Any], issuers: Issuers, key: keys.Key) -> None:
    allowed = [issuers(claims)] if callable(issuers) else issuers
    issuer = claims["iss"]
    if issuer not in allowed:
        raise Refused(f"the token is from {shown(issuer)}")
    if key.issuer and key.issuer.replace("{tenantid}", str(claims.get("tid"))) != issuer:
        raise Refused(f"the token's key is not valid for the issuer {shown(issuer)}")


def _check_party(claims: dict[str, Any], audiences: Collection[str]) -> None:
    """Check a token for several audiences: it must be made for one of our clients (3.1.3.7, 3 to 5)."""
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") not in audiences:
        raise Refused(f"the token was made for {shown(claims.get('azp'))}")


def use_once(token: str, claims: dict[str, Any]) -> None:
    """Refuse a token that was used before, so that a stolen one is useless. One command to the cache.

    Raises Refused. Raises LimitsUnavailable (503) if the cache fails.
    """
    seconds = max(0, int(claims["exp"]) - int(time.time())) + LEEWAY_SECONDS + 1
    signed = token.rpartition(".")[0]  # a signature can have several spellings
    digest = hashlib.sha256(signed.encode()).hexdigest()
    with needing_the_cache():
        is_new = cache.add(f"accounts.id_token:{digest}", True, timeout=seconds)
    if not is_new:
        raise Refused("the token was used before")


def is_true(value: object) -> bool:
    """Test for true. Some providers send the string "true"."""
    return value is True or value == "true"
