"""What Apple itself sends here: a browser that comes back from signing in, and news of people who took it back."""

from __future__ import annotations

import json
import logging
import re
from urllib.parse import quote, urlencode

from allauth.socialaccount.models import SocialAccount, SocialToken
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotFound
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts import audit, signals, tokens
from accounts.models import Token, User
from accounts.providers import apple
from accounts.providers.refusal import Refused

logger = logging.getLogger("podium.accounts")

HANDED_ON = ("code", "id_token", "state", "user", "error")
ENDED = frozenset({"consent-revoked", "account-deleted", "account-delete"})
"""After these the person does not sign in with Apple any more. The others tell of the relayed mail."""
PACKAGE = re.compile(r"[A-Za-z0-9_.]+")


class Redirect(HttpResponse):
    """To an address of the settings, whatever its scheme: an app's, too."""

    status_code = 303

    def __init__(self, address: str) -> None:
        super().__init__(headers={"Location": address, "Cache-Control": "no-store"})


@csrf_exempt
@require_POST
def callback(request: HttpRequest) -> HttpResponse:
    """From Apple's page back into the app: on Android by an intent, else to APPLE_WEB_REDIRECT_URI.

    Nobody is signed in by this: the app hands what it gets here to the endpoint, which verifies it.
    """
    try:
        setup = apple.setup()
    except Refused as refused:
        logger.error("apple: %s", refused)
        return HttpResponseNotFound("Sign in with Apple is not set up.")
    given = {name: request.POST[name] for name in HANDED_ON if name in request.POST}
    query = urlencode(given, quote_via=quote)
    if "Android" in request.headers.get("user-agent", "") and PACKAGE.fullmatch(setup.android_package):
        return Redirect(
            f"intent://callback?{query}#Intent;package={setup.android_package};scheme=signinwithapple;end"
        )
    if setup.web_redirect_uri:
        return Redirect(f"{setup.web_redirect_uri}?{query}")
    return HttpResponseNotFound("APPLE_ANDROID_PACKAGE or APPLE_WEB_REDIRECT_URI is not set.")


@csrf_exempt
@require_POST
def notifications(request: HttpRequest) -> HttpResponse:
    """Server-to-server notifications: who took the permission back is signed out where Apple was the way in."""
    try:
        event, subject = apple.read_notification(_payload(request))
    except Refused as refused:
        logger.warning("apple: a notification was refused: %s", refused)
        return HttpResponseBadRequest("This is no notification of Apple for this server.")
    account = (
        SocialAccount.objects.filter(provider=apple.PROVIDER, uid=subject).select_related("user").first()
    )
    if account is not None and event in ENDED:
        user: User = account.user
        tokens.revoke(Token.objects.filter(user=user, method=apple.PROVIDER))
        SocialToken.objects.filter(account=account).delete()
        audit.record("identity_revoked", user=user, request=request, method=apple.PROVIDER, reason=event)
        signals.identity_revoked.send(sender=User, user=user, method=apple.PROVIDER, event=event)
    return HttpResponse(status=200)


def _payload(request: HttpRequest) -> str:
    """The signed token in Apple's JSON. Raises Refused."""
    try:
        payload = json.loads(request.body)["payload"]
    except (ValueError, TypeError, KeyError):
        payload = None
    if not isinstance(payload, str):
        raise Refused("it has no payload")
    return payload
