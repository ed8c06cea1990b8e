"""Who it is that a provider vouches for: the person with that identity, who is signed in, or somebody new."""

from __future__ import annotations

import contextlib
import json
import logging
from dataclasses import dataclass, field, replace
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts import audit, notices, ownership, reauthentication, signals, web_proofs
from accounts import sign_in as signing_in
from accounts.callers import person
from accounts.conf import conf
from accounts.models import EMAIL_MAX_LENGTH, User, normalize_email
from accounts.ownership import Shown
from accounts.protocol import AuthSuccess
from accounts.web_request import request_of
from core.errors import PodiumError
from endpoints.calls import Call

logger = logging.getLogger("podium.accounts")

PROVED = "proved_address"
"""Key in allauth's state of a provider sign-in: the address that the provider verified, if nobody owns it."""
APPLE_DOMAINS = frozenset({"icloud.com", "me.com", "mac.com", "privaterelay.appleid.com"})


class SignUpClosed(PodiumError):
    """This server takes no new accounts."""

    status = 403
    code = "accounts.sign_up_closed"


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What a provider says of a person, verified.

    provider        as allauth calls it: "google"; for OpenID Connect the name in ACCOUNTS_OIDC
    subject         the person's id at the provider, which never changes
    email_verified  whether the provider made sure that the address is the person's
    picture         an address, to be fetched later, or ""
    refresh_token   to be kept, so that it can be taken back when the account goes (Apple)
    raw             what allauth keeps of it, without tokens
    """

    provider: str
    subject: str
    email: str = ""
    email_verified: bool = False
    name: str = ""
    picture: str = ""
    refresh_token: str = field(default="", repr=False)
    raw: dict[str, Any] = field(default_factory=dict, repr=False)


def sign_in(call: Call, claims: Claims) -> AuthSuccess:
    """Sign in by what a provider says; makes the person, or links the identity to one, where it is new.

    Raises what accounts.sign_in.finish does: SignInWhileAuthenticatedException where somebody is signed in and the
    identity is another's. Raises SignUpClosed (403). Raises ReauthenticationException for a new identity if the last
    sign-in is too old.
    """
    try:
        user = _person(call, claims)
    except IntegrityError:  # the same sign-in a moment ago, on another thread
        user = _person(call, claims)
    return signing_in.finish(call, user, method=claims.provider)


def has(user_id: str, provider: str) -> bool:
    """Whether a person has an identity of this provider."""
    return bool(SocialAccount.objects.filter(user_id=user_id, provider=provider).exists())


def owner_of(claims: Claims) -> User | None:
    """The person whose account an address opens to who has proven it at the provider; None where it opens none.

    Only an address that the person, too, has confirmed here: else somebody could wait in an account that was made with
    another's address. And only where the provider speaks for the address today: ACCOUNTS_TRUSTED_PROVIDERS for all.
    """
    email = verified_email(claims)
    if not email or not (claims.provider in conf.TRUSTED_PROVIDERS or _gives_out(claims, email)):
        return None
    address = EmailAddress.objects.filter(email=email, verified=True).select_related("user").first()
    return address.user if address else None


def _gives_out(claims: Claims, email: str) -> bool:
    """Whether the address is the provider's own, so that whoever has it today is who signs in.

    Of another address a provider knows only that somebody had it once. Google's own words on this:
    developers.google.com/identity/gsi/web/guides/verify-google-id-token ("hd" is an organisation that it runs).
    """
    domain = email.rpartition("@")[2]
    if claims.provider == "google":
        return domain == "gmail.com" or bool(claims.raw.get("hd"))
    return claims.provider == "apple" and domain in APPLE_DOMAINS


def verified_email(claims: Claims) -> str:
    """The address, if the provider made sure of it, or is trusted with any; else ""."""
    if not (claims.email_verified or claims.provider in conf.TRUSTED_PROVIDERS):
        return ""
    email = normalize_email(claims.email)
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email if len(email) <= EMAIL_MAX_LENGTH else ""


@transaction.atomic
def _person(call: Call, claims: Claims) -> User:
    known = (
        SocialAccount.objects.filter(provider=claims.provider, uid=claims.subject)
        .select_related("user")
        .first()
    )
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
    user = person(call)
    reauthentication.require(call, user)
    return user


def _user(account: Any) -> User:
    user: User = account.user
    return user


def _new(call: Call, claims: Claims) -> User:
    """Somebody who was not here before. Raises SignUpClosed."""
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


def announce_from_the_web(*, request: HttpRequest, user: User, sociallogin: Any = None, **_: Any) -> None:
    """Receiver of allauth's user_signed_up: who came by a provider on its pages is announced as in a call."""
    method = sociallogin.account.provider if sociallogin is not None else "email"
    audit.record("user_created", user=user, request=request, method=method)
    if sociallogin is not None:
        provider = sociallogin.account.provider
        signals.user_created.send(sender=User, user=user, method=provider, claims=None, call=None)


def linked_on_the_web(*, request: HttpRequest, sociallogin: Any, **_: Any) -> None:
    """Receiver of allauth's social_account_added."""
    account = sociallogin.account
    user: User = account.user
    audit.record("identity_linked", user=user, request=request, method=account.provider)
    address = sociallogin.state.get(PROVED)
    if address and address == user.email and ownership.is_unproved(user):
        shown = web_proofs.shown_by(request, user)
        seen = shown.identities | {(account.provider, account.uid)}
        take_word(user, address, replace(shown, identities=seen), request=request)


def unlinked_on_the_web(*, request: HttpRequest, socialaccount: Any, **_: Any) -> None:
    """Receiver of allauth's social_account_removed."""
    audit.record("identity_unlinked", user=socialaccount.user, request=request, method=socialaccount.provider)


def _link(user: User, claims: Claims) -> None:
    account = SocialAccount.objects.create(
        user=user, provider=claims.provider, uid=claims.subject, extra_data=_kept(claims)
    )
    _keep_token(account, claims)


def _refresh(account: Any, claims: Claims) -> None:
    """What the provider says today in the place of what it said before."""
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
    """The name, on one line, as long as there is room for."""
    return " ".join("".join(each if each.isprintable() else " " for each in claims.name).split())[:150]


def _kept(claims: Claims) -> dict[str, Any]:
    """What the provider said, if Postgres can keep it: no NUL, no halves of characters."""
    try:
        text = json.dumps(claims.raw, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return {}
    return {} if b"\\u0000" in text else dict(claims.raw)
