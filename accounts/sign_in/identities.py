"""The user of a provider's account: the one with that identity, the signed-in one, or a new one."""

from __future__ import annotations

import contextlib
import json
import logging
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts import signals
from accounts.audit import audit
from accounts.callers import caller
from accounts.conf import conf
from accounts.models import User, is_address, normalize_email
from accounts.notices import notices
from accounts.protocol import AuthSuccess
from accounts.providers import registry
from accounts.providers.claims import Claims
from accounts.requests import request_of
from accounts.sign_in import ownership, reauthentication
from accounts.sign_in import sign_in as signing_in
from accounts.sign_in.ownership import Shown
from podium.core.errors import PodiumError
from podium.endpoints.calls import Call

logger = logging.getLogger("podium.accounts")


class SignUpClosed(PodiumError):
    """This server takes no new accounts."""

    status = 403
    code = "accounts.sign_up_closed"


def sign_in(call: Call, claims: Claims) -> AuthSuccess:
    """Sign in by a provider's claims. A new identity makes a new user, or is linked to one.

    Raises what sign_in.finish raises: SignInWhileAuthenticatedException if the identity belongs to another user than
    the signed-in one. Raises SignUpClosed (403). Raises ReauthenticationException for a new identity if the last
    sign-in is too old.
    """
    return signing_in.finish(call, recognized(call, claims), method=claims.provider)


def recognized(call: Call, claims: Claims) -> User:
    """The user of a provider's account, created or linked if it is new. Signs nobody in."""
    try:
        return _user_of(call, claims)
    except IntegrityError:  # the same sign-in a moment ago, on another thread
        return _user_of(call, claims)


def brought(provider: str, uid: str) -> bool:
    """Let receivers of `identity_wanted` store an identity that is unknown here. Returns whether one did."""
    answers = signals.identity_wanted.send(sender=User, provider=provider, uid=uid)
    return any(stored for _, stored in answers)


def has(user_id: str, provider: str) -> bool:
    """Test whether a user has an identity of this provider."""
    return bool(SocialAccount.objects.filter(user_id=user_id, provider=provider).exists())


def owner_of(claims: Claims) -> User | None:
    """The user whose account is opened by an address that the provider verified; None if there is none.

    The user must have confirmed the address here, too: else somebody could wait in an account made with another's
    address. And the provider must vouch for the address today: those in ACCOUNTS_TRUSTED_PROVIDERS do for all.
    """
    email = verified_email(claims)
    if not email or not (claims.provider in conf.TRUSTED_PROVIDERS or registry.gives_out(claims, email)):
        return None
    address = EmailAddress.objects.filter(email=email, verified=True).select_related("user").first()
    return address.user if address else None


def verified_email(claims: Claims) -> str:
    """The address, if the provider made sure of it, or is trusted with any; else ""."""
    if not (claims.email_verified or claims.provider in conf.TRUSTED_PROVIDERS):
        return ""
    email = normalize_email(claims.email)
    return email if is_address(email) else ""


@transaction.atomic
def _user_of(call: Call, claims: Claims) -> User:
    rows = SocialAccount.objects.filter(provider=claims.provider, uid=claims.subject).select_related("user")
    known = rows.first()
    if known is None and brought(claims.provider, claims.subject):
        known = rows.first()
    if known is not None:
        _refresh(known, claims)
        here = _user(known)
        if here.email == verified_email(claims) and ownership.is_unproved(here):
            _prove(call, here, claims)
        return here
    user = _signed_in(call) if call.identity is not None else owner_of(claims)
    if user is None:
        return _new(call, claims)
    _link(user, claims)
    _fill(call, user, claims)
    notices.send(user, "provider_linked", call=call, provider=claims.provider.capitalize())
    signals.identity_linked.send(sender=User, user=user, method=claims.provider, claims=claims, call=call)
    audit.record("identity_linked", user=user, call=call, method=claims.provider)
    return user


def _signed_in(call: Call) -> User:
    """The caller, who adds a sign-in method. Raises ReauthenticationException."""
    user = caller(call)
    reauthentication.require(call, user)
    return user


def _user(account: Any) -> User:
    user: User = account.user
    return user


def _new(call: Call, claims: Claims) -> User:
    """Make a new user. Raises SignUpClosed."""
    with request_of(call) as request:
        if not get_adapter(request).is_open_for_signup(request):
            raise SignUpClosed
    user = User(name=_name(claims))
    user.set_unusable_password()
    user.save()
    _link(user, claims)
    _fill(call, user, claims)
    signals.user_created.send(sender=User, user=user, method=claims.provider, claims=claims, call=call)
    audit.record("user_created", user=user, call=call, method=claims.provider)
    return user


def _link(user: User, claims: Claims) -> None:
    account = SocialAccount.objects.create(
        user=user, provider=claims.provider, uid=claims.subject, extra_data=_kept(claims)
    )
    _keep_token(account, claims)


def _refresh(account: Any, claims: Claims) -> None:
    """Replace what the provider said before with what it says today."""
    account.extra_data = {**account.extra_data, **_kept(claims)}
    account.save(update_fields=["extra_data", "last_login"])
    _keep_token(account, claims)


def _keep_token(account: Any, claims: Claims) -> None:
    if claims.refresh_token:
        SocialToken.objects.update_or_create(
            account=account, app=None, defaults={"token": "", "token_secret": claims.refresh_token}
        )


def _fill(call: Call, user: User, claims: Claims) -> None:
    """Set the user's name if it is missing, and take the provider's word for the address."""
    if not user.name and _name(claims):
        user.name = _name(claims)
        user.save(update_fields=["name"])
    _prove(call, user, claims)


def _prove(call: Call, user: User, claims: Claims) -> None:
    """Prove an address that the provider verified, for a user who has no address or has claimed this one."""
    email = verified_email(claims)
    if email and user.email in (None, email):
        token = call.identity.token_id if call.identity is not None else ""
        shown = Shown(token=token, identities=frozenset([(claims.provider, claims.subject)]))
        take_word(user, email, shown, call=call)


def take_word(
    user: User, email: str, shown: Shown, *, call: Call | None = None, request: HttpRequest | None = None
) -> None:
    """Take a provider's word as proof of an address. An address that is proved in another account stays there."""
    with contextlib.suppress(ownership.Owned):
        ownership.prove(user, email, shown=shown, call=call, request=request)


def _name(claims: Claims) -> str:
    """The name, on one line, as long as the column allows."""
    return " ".join("".join(each if each.isprintable() else " " for each in claims.name).split())[:150]


def _kept(claims: Claims) -> dict[str, Any]:
    """The raw claims, if Postgres can store them: no NUL, no halves of characters."""
    try:
        text = json.dumps(claims.raw, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return {}
    return {} if b"\\u0000" in text else dict(claims.raw)
