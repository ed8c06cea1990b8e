"""Sign in with Apple: ID tokens with their authorization code, and notifications. Revoking is in revocation.py.

Source: developer.apple.com/documentation/signinwithapplerestapi.
"""

from __future__ import annotations

import json
import time
from typing import Any

import jwt

from accounts.providers import id_tokens, oauth, web
from accounts.providers.apple.setup import Apple
from accounts.providers.claims import Claims
from accounts.providers.refusal import Refused, shown

ISSUER = "https://appleid.apple.com"
KEYS_URL = "https://appleid.apple.com/auth/keys"
TOKEN_URL = "https://appleid.apple.com/auth/token"
SECRET_SECONDS = 300
NOTIFICATION_SECONDS = 24 * 3600


def verify(identity_token: str, code: str, *, native: bool, name: str = "") -> Claims:
    """Verify an ID token. Raises Refused. One request if the key is set up, to redeem the code.

    native  whether it comes from iOS or macOS itself, where the client id is the app's bundle id
    name    as the user gave it, which comes from the app and only the first time
    """
    apple = Apple.read()
    audiences = apple.bundle_ids if native else [each for each in [apple.service_id] if each]
    claims = id_tokens.verify(identity_token, keys_url=KEYS_URL, issuers=[ISSUER], audiences=audiences)
    refresh_token = _redeem(apple, code, claims, native=native) if apple.redeems else ""
    return Claims(
        provider=Apple.name,
        subject=claims["sub"],
        email=web.text_of(claims, "email"),
        email_verified=id_tokens.is_true(claims.get("email_verified")),
        name=name,
        refresh_token=refresh_token,
        raw=claims,
    )


def is_native(identity_token: str) -> bool:
    """Test whether an ID token names an app on iOS or macOS. Proves nothing: `verify` does."""
    try:
        named = jwt.decode(identity_token, options={"verify_signature": False}).get("aud")
    except jwt.InvalidTokenError:
        return True
    return named != Apple.read().service_id


def _redeem(apple: Apple, code: str, claims: dict[str, Any], *, native: bool) -> str:
    """Return the refresh token for a code, which works once. Raises Refused if the code is of another sign-in."""
    named = [claims["aud"]] if isinstance(claims["aud"], str) else claims["aud"]
    client_id = next(each for each in apple.client_ids if each in named)
    redirect_uri = "" if native else apple.redirect_uri
    answer = oauth.redeem(
        TOKEN_URL,
        client_id=client_id,
        client_secret=client_secret(apple, client_id),
        code=code,
        code_verifier=None,
        redirect_uri=redirect_uri,
        redirect_uris=[redirect_uri],
    )
    token = web.text_of(answer, "id_token")
    again = id_tokens.verify(token, keys_url=KEYS_URL, issuers=[ISSUER], audiences=[client_id])
    if again["sub"] != claims["sub"]:
        raise Refused("the code is of another user than the ID token")
    return web.text_of(answer, "refresh_token")


def client_secret(apple: Apple, client_id: str) -> str:
    """The client secret, which Apple expects as a token signed with the key of the .p8 file. Raises Refused."""
    now = int(time.time())
    claims = {"iss": apple.team_id, "aud": ISSUER, "sub": client_id, "iat": now, "exp": now + SECRET_SECONDS}
    try:
        return jwt.encode(claims, apple.private_key, "ES256", headers={"kid": apple.key_id})
    except (ValueError, TypeError, jwt.PyJWTError):
        raise Refused("APPLE_PRIVATE_KEY is not the key of a .p8 file") from None


def read_notification(payload: str) -> tuple[str, str]:
    """Verify a notification; returns its event ("consent-revoked", "account-deleted", ...) and its subject.

    Raises Refused, also if Apple did not sign it.
    """
    claims = id_tokens.verify(
        payload, keys_url=KEYS_URL, issuers=[ISSUER], audiences=Apple.read().client_ids, needs=()
    )  # notifications have no exp
    if claims["iat"] < time.time() - NOTIFICATION_SECONDS:
        raise Refused("the notification is too old")
    try:
        events = claims["events"]
        told = json.loads(events) if isinstance(events, str) else events
        return str(told["type"]), str(told["sub"])
    except (KeyError, TypeError, ValueError):
        raise Refused(f"the notification has no event: {shown(sorted(claims))}") from None
