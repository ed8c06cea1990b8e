"""Firebase Authentication: ID tokens of a Firebase project.

Source: firebase.google.com/docs/auth/admin/verify-id-tokens#verify_id_tokens_using_a_third-party_jwt_library.
"""

from __future__ import annotations

import time
from typing import Any

from accounts.providers import id_tokens, web
from accounts.providers.claims import Claims
from accounts.providers.firebase.setup import Firebase
from accounts.providers.refusal import Refused

ISSUER = "https://securetoken.google.com/"
"""Followed by the project's id."""
KEYS_URL = "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com"
MAX_SUBJECT = 128


class EmailNotVerified(Exception):
    """The account has an unconfirmed address, and FIREBASE_REQUIRE_VERIFIED_EMAIL is on."""


def verify(id_token: str) -> Claims:
    """Verify an ID token. Raises Refused, EmailNotVerified."""
    firebase = Firebase.read()
    claims = id_tokens.verify(id_token, keys_url=KEYS_URL, issuers=_issuer_of, audiences=firebase.project_ids)
    if len(claims["sub"]) > MAX_SUBJECT:
        raise Refused("the token's subject is too long")
    signed_in = claims.get("auth_time")
    if not isinstance(signed_in, int) or signed_in > time.time() + id_tokens.LEEWAY_SECONDS:
        raise Refused("the token's sign-in is in the future, or missing")
    verified = id_tokens.is_true(claims.get("email_verified"))
    email = web.text_of(claims, "email")
    if firebase.require_verified_email and email and not verified:
        raise EmailNotVerified
    return Claims(
        provider=Firebase.name,
        subject=claims["sub"],
        email=email,
        email_verified=verified,
        name=web.text_of(claims, "name"),
        picture=web.text_of(claims, "picture"),
        raw=claims,
    )


def _issuer_of(claims: dict[str, Any]) -> str:
    """The issuer, which names the same project as the audience."""
    return f"{ISSUER}{claims['aud']}"
