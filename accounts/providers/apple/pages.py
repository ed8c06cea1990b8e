"""Requests from Apple: browsers that return from a sign-in, and notifications of revoked permissions."""

from __future__ import annotations

import json
import logging
import re
from urllib.parse import quote, urlencode

from allauth.socialaccount.models import SocialAccount, SocialToken
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotFound
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts import signals
from accounts.audit import audit
from accounts.models import Session, User
from accounts.providers.apple import claims
from accounts.providers.apple.setup import Apple
from accounts.providers.refusal import Refused
from accounts.sessions import sessions

logger = logging.getLogger("podium.accounts")

HANDED_ON = ("code", "id_token", "state", "user", "error")
ENDED = frozenset({"consent-revoked", "account-deleted", "account-delete"})
"""Events after which the user no longer signs in with Apple. The other events are about the mail relay."""
PACKAGE = re.compile(r"[A-Za-z0-9_.]+")


class Redirect(HttpResponse):
    """Redirect to an address of the settings with any scheme, such as an app's own."""

    status_code = 303

    def __init__(self, address: str) -> None:
        super().__init__(headers={"Location": address, "Cache-Control": "no-store"})


@csrf_exempt
@require_POST
def callback(request: HttpRequest) -> HttpResponse:
    """Redirect from Apple's page to the app: by an intent on Android, otherwise to APPLE_WEB_REDIRECT_URI.

    This signs nobody in: the app sends the values to the endpoint, which verifies them.
    """
    try:
        apple = Apple.read()
    except Refused as refused:
        logger.error("apple: %s", refused)
        return HttpResponseNotFound("Sign in with Apple is not set up.")
    given = {name: request.POST[name] for name in HANDED_ON if name in request.POST}
    query = urlencode(given, quote_via=quote)
    if "Android" in request.headers.get("user-agent", "") and PACKAGE.fullmatch(apple.android_package):
        return Redirect(
            f"intent://callback?{query}#Intent;package={apple.android_package};scheme=signinwithapple;end"
        )
    if apple.web_redirect_uri:
        return Redirect(f"{apple.web_redirect_uri}?{query}")
    return HttpResponseNotFound("APPLE_ANDROID_PACKAGE or APPLE_WEB_REDIRECT_URI is not set.")


@csrf_exempt
@require_POST
def notifications(request: HttpRequest) -> HttpResponse:
    """Server-to-server notifications: a user who revokes the permission is signed out where they used Apple."""
    try:
        event, subject = claims.read_notification(_payload(request))
    except Refused as refused:
        logger.warning("apple: a notification was refused: %s", refused)
        return HttpResponseBadRequest("This is not a notification of Apple for this server.")
    account = SocialAccount.objects.filter(provider=Apple.name, uid=subject).select_related("user").first()
    if account is not None and event in ENDED:
        user: User = account.user
        sessions.revoke(Session.objects.filter(user=user, method=Apple.name))
        SocialToken.objects.filter(account=account).delete()
        audit.record("identity_revoked", user=user, request=request, method=Apple.name, reason=event)
        signals.identity_revoked.send(sender=User, user=user, method=Apple.name, event=event)
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


urlpatterns = [
    path("sign-in/apple/callback/", callback, name="apple_sign_in_callback"),
    path("sign-in/apple/notifications/", notifications, name="apple_notifications"),
]
