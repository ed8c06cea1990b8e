"""Take back Apple's permission when a user's account here is deleted.

Source: developer.apple.com/documentation/signinwithapplerestapi/revoke-tokens.
"""

from __future__ import annotations

import logging
from typing import Any

from allauth.socialaccount.models import SocialToken
from django.contrib.auth.base_user import AbstractBaseUser

from accounts.providers import web
from accounts.providers.apple import claims
from accounts.providers.apple.setup import Apple
from accounts.providers.refusal import Refused

logger = logging.getLogger("podium.accounts")

REVOKE_URL = "https://appleid.apple.com/auth/revoke"


def revoke(user: AbstractBaseUser) -> bool:
    """Tell Apple that the user's account here is deleted, as Apple requires of every app that deletes accounts.

    Returns True if Apple accepted it, or if there was nothing to tell. Otherwise the reason is in the log, and the
    token is kept for another try. Some requests, so call it outside of a transaction, before the user is deleted.
    """
    kept = list(
        SocialToken.objects.filter(account__user=user, account__provider=Apple.name).exclude(token_secret="")
    )
    return all([_revoke(each) for each in kept])


def _revoke(kept: Any) -> bool:
    """Try each client id: it is not stored for which of them the token was made."""
    done = False
    try:
        apple = Apple.read()
        for client_id in apple.client_ids:
            form = {"client_id": client_id, "client_secret": claims.client_secret(apple, client_id)}
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
