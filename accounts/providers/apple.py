"""Sign in with Apple: ID tokens with their authorization code, notifications, and taking the permission back.

Source: developer.apple.com/documentation/signinwithapplerestapi.
"""

from __future__ import annotations

import json
import logging
import time
from typing import Any

import jwt
from allauth.socialaccount.models import SocialToken

from accounts.conf import conf
from accounts.identities import Claims
from accounts.models import User
from accounts.providers import id_tokens, oauth, setups, web
from accounts.providers.refusal import Refused, shown

logger = logging.getLogger("podium.accounts")

PROVIDER = "apple"
ISSUER = "https://appleid.apple.com"
KEYS_URL = "https://appleid.apple.com/auth/keys"
TOKEN_URL = "https://appleid.apple.com/auth/token"
REVOKE_URL = "https://appleid.apple.com/auth/revoke"
SECRET_SECONDS = 300
NOTIFICATION_SECONDS = 24 * 3600


def setup() -> setups.Apple:
    return setups.read(setups.Apple, conf.APPLE)


def verify(identity_token: str, code: str, *, native: bool, name: str = "") -> Claims:
    """Who an ID token is of. Raises Refused. One request where the key is set up, to redeem the code.

    native  whether it comes from iOS or macOS itself, where the client id is the app's bundle id
    name    as the person gave it, which comes from the app and only the first time
    """
    apple = setup()
    audiences = apple.bundle_ids if native else [each for each in [apple.service_id] if each]
    claims = id_tokens.verify(identity_token, keys_url=KEYS_URL, issuers=[ISSUER], audiences=audiences)
    refresh_token = _redeem(apple, code, claims, native=native) if apple.redeems else ""
    return Claims(
        provider=PROVIDER,
        subject=claims["sub"],
        email=web.text_of(claims, "email"),
        email_verified=id_tokens.is_true(claims.get("email_verified")),
        name=name,
        refresh_token=refresh_token,
        raw=claims,
    )


def _redeem(apple: setups.Apple, code: str, claims: dict[str, Any], *, native: bool) -> str:
    """The refresh token for a code, which works once. Raises Refused where the code is not of this sign-in."""
    named = [claims["aud"]] if isinstance(claims["aud"], str) else claims["aud"]
    client_id = next(each for each in apple.client_ids if each in named)
    redirect_uri = "" if native else apple.redirect_uri
    answer = oauth.redeem(
        TOKEN_URL,
        client_id=client_id,
        client_secret=_secret(apple, client_id),
        code=code,
        code_verifier=None,
        redirect_uri=redirect_uri,
        redirect_uris=[redirect_uri],
    )
    token = web.text_of(answer, "id_token")
    again = id_tokens.verify(token, keys_url=KEYS_URL, issuers=[ISSUER], audiences=[client_id])
    if again["sub"] != claims["sub"]:
        raise Refused("the code is of another person than the ID token")
    return web.text_of(answer, "refresh_token")


def _secret(apple: setups.Apple, client_id: str) -> str:
    """The client secret, which Apple wants as a token signed with the key of the .p8 file. Raises Refused."""
    now = int(time.time())
    claims = {"iss": apple.team_id, "aud": ISSUER, "sub": client_id, "iat": now, "exp": now + SECRET_SECONDS}
    try:
        return jwt.encode(claims, apple.private_key, "ES256", headers={"kid": apple.key_id})
    except (ValueError, TypeError, jwt.PyJWTError):
        raise Refused("APPLE_PRIVATE_KEY is no key of a .p8 file") from None


def revoke(user: User) -> bool:
    """Tell Apple that the person's account here goes, as Apple wants of every app that deletes accounts.

    Gives whether Apple took it, or there was nothing to tell; else it is in the log, and the token is kept to try
    again. Some requests, so call it outside of a transaction, and before the person is deleted.
    """
    kept = list(
        SocialToken.objects.filter(account__user=user, account__provider=PROVIDER).exclude(token_secret="")
    )
    return all([_revoke(each) for each in kept])


def _revoke(kept: Any) -> bool:
    """With each client id, since which of them the token was made for is not kept."""
    done = False
    try:
        apple = setup()
        for client_id in apple.client_ids:
            form = {"client_id": client_id, "client_secret": _secret(apple, client_id)}
            form |= {"token": kept.token_secret, "token_type_hint": "refresh_token"}
            try:
                web.post(REVOKE_URL, form)
                done = True
            except Refused as refused:
                logger.info("apple did not revoke for %s: %s", client_id, refused)
    except Refused as refused:
        logger.error("apple could not revoke: %s", refused)
    if done:
        kept.delete()
    else:
        logger.error("apple revoked with none of the client ids; the account's token is kept")
    return done


def read_notification(payload: str) -> tuple[str, str]:
    """What Apple tells of a person: the event ("consent-revoked", "account-deleted", ...), and the subject.

    Raises Refused, also for what Apple did not sign.
    """
    claims = id_tokens.verify(
        payload, keys_url=KEYS_URL, issuers=[ISSUER], audiences=setup().client_ids, needs=()
    )  # they have no exp
    if claims["iat"] < time.time() - NOTIFICATION_SECONDS:
        raise Refused("the notification is an old one")
    try:
        events = claims["events"]
        told = json.loads(events) if isinstance(events, str) else events
        return str(told["type"]), str(told["sub"])
    except (KeyError, TypeError, ValueError):
        raise Refused(f"the notification has no event: {shown(sorted(claims))}") from None
