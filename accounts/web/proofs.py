"""Proofs of addresses on allauth's pages and in its headless API: the use of a browser session, and signal receivers.

ownership.py decides the consequences of a proof.
"""

from __future__ import annotations

from typing import Any

from allauth.account import signals
from allauth.account.authentication import get_authentication_records

# Internal: no setting and no adapter decides which address can become the primary one, so a function there is replaced.
from allauth.account.internal.flows import manage_email

# Internal: nothing public names the address to which the code of this session was mailed.
from allauth.account.internal.flows.password_reset_by_code import PasswordResetVerificationProcess
from allauth.account.models import EmailAddress
from django.contrib.auth import user_logged_in
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from accounts.models import User
from accounts.notices import notices
from accounts.requests import CallRequest
from accounts.sign_in import ownership
from accounts.sign_in.ownership import Shown
from accounts.web import reset_links

SIGNED_UP = "accounts_signed_up"
"""Session key: the id of the user who signed up in this session, and so set the password."""
RESET_BY_CODE = ("reset_password", "account_complete_password_reset")
"""Names of the pages where a mailed code, not a link, sets a password."""


def signed_up(request: HttpRequest, user: User) -> None:
    """Note that this session set the password of a new account."""
    request.session[SIGNED_UP] = str(user.pk)


def shown_by(request: HttpRequest, user: AbstractBaseUser) -> Shown:
    """The parts of an account that this browser session has used. Nothing if the browser only followed a link."""
    if isinstance(request, CallRequest):
        return ownership.NOTHING
    records = get_authentication_records(request, user)
    inside = is_inside(request, user)
    made_here = request.session.get(SIGNED_UP) == str(user.pk)
    in_admin = inside and not records  # the admin's form takes a password and leaves no record
    return Shown(
        session=request.session.session_key or "" if inside else "",
        password=made_here or in_admin or any(each["method"] == "password" for each in records),
        identities=frozenset((each["provider"], each["uid"]) for each in records if "uid" in each),
        authenticators=frozenset(each["id"] for each in records if each["method"] == "mfa"),
    )


def is_inside(request: HttpRequest, user: AbstractBaseUser) -> bool:
    """Test whether this browser is signed in to the account."""
    return bool(request.user.is_authenticated and request.user.pk == user.pk)


def may_confirm(request: HttpRequest, address: EmailAddress) -> bool:
    """Test whether an answer to a confirmation mail counts.

    The primary address can be confirmed in any browser: the account goes to the user who confirms it. A further address
    can only be confirmed in a browser that is signed in to the account. Otherwise the owner of the address, by
    following a link in a mail, would share a stranger's account.
    """
    user = address.user
    if ownership.owner(address.email) not in (None, user):
        return False
    return (bool(address.pk) and user.email == address.email) or is_inside(request, user)


def proved_by_reset(request: HttpRequest | None, user: AbstractBaseUser) -> str:
    """The address to which the link or code that now sets a password was mailed, or ""."""
    if address := reset_links.proved_by_link(user):
        return address
    match = getattr(request, "resolver_match", None)
    if request is None or match is None or match.url_name not in RESET_BY_CODE:
        return ""
    process = PasswordResetVerificationProcess.resume(request)
    same = process is not None and process.user is not None and process.user.pk == user.pk
    return str(process.state["email"]) if same else ""


# Receivers ----------------------------------------------------------------------------------------------------------


def connect() -> None:
    """Connect the receivers. Called once, at start."""
    signals.email_confirmed.connect(_confirmed, dispatch_uid="accounts.web.web_proofs")
    signals.email_added.connect(_added, dispatch_uid="accounts.web.web_proofs")
    signals.email_removed.connect(_removed, dispatch_uid="accounts.web.web_proofs")
    user_logged_in.connect(_signed_in, dispatch_uid="accounts.web.web_proofs")
    manage_email.can_mark_as_primary = can_be_primary  # used by allauth's page and headless API


def can_be_primary(address: EmailAddress) -> bool:
    """Test for a proved address: only such an address can become the one to sign in with.

    allauth also accepts a claimed address if the account has no proved one. That fails if the address belongs to
    another account, so it would reveal which addresses have accounts.
    """
    return bool(address.pk) and bool(address.verified)


def _confirmed(*, request: HttpRequest, email_address: Any, **_: Any) -> None:
    """Settle a proof after a correct link or code for an address (adapter.confirm_email), a reset or a sign-in."""
    user = email_address.user
    ownership.settle(
        user,
        email_address.email,
        # Resets and sign-in codes are mailed only to the primary address, unless another one is proved.
        primary=email_address.__dict__.pop("_was_primary", True),
        unproved=ownership.is_unproved(user),
        shown=shown_by(request, user),
        request=request,
    )


def _added(*, request: HttpRequest, user: User, email_address: Any, **_: Any) -> None:
    notices.send(user, "address_added", request=request, changed=email_address.email)


def _removed(*, request: HttpRequest, user: User, email_address: Any, **_: Any) -> None:
    lost = [email_address.email] if email_address.verified else []
    notices.send(user, "address_removed", also=lost, request=request, changed=email_address.email)


def _signed_in(*, user: AbstractBaseUser, **_: Any) -> None:
    """Keep an address from staff as proved at every sign-in, in the admin too: allauth would store it as claimed."""
    ownership.keep_given(user)
