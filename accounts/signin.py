"""Signing in with e-mail and password: allauth's back end and limits. Says why not in words an app can show."""

from __future__ import annotations

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import send_verification_email_for_user
from allauth.account.utils import has_verified_email
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.models import User, normalize_email
from accounts.protocol import SignInException
from accounts.protocol import SignInExceptionReason as Reason
from accounts.web_request import request_of
from endpoints.calls import Call


def sign_in(call: Call, email: str, password: str) -> User:
    """The person with this address and password. Raises SignInException.

    Tries are limited per address of the network and per account (ACCOUNT_RATE_LIMITS). A password that is right but
    hashed in an older way is hashed anew by Django. About 50 ms: Argon2id is meant to be slow.
    """
    with request_of(call) as request:
        user = _authenticated(request, normalize_email(email), password)
        if not user.is_active:
            raise SignInException(reason=Reason.BLOCKED, message="This account is blocked.")
        mandatory = app_settings.EMAIL_VERIFICATION == app_settings.EmailVerificationMethod.MANDATORY
        if mandatory and not has_verified_email(user):
            send_verification_email_for_user(request, user)  # not again within a few minutes
            raise SignInException(
                reason=Reason.EMAIL_NOT_VERIFIED,
                message="Follow the link in the mail that was sent to this address first.",
            )
    return user


def _authenticated(request: HttpRequest, email: str, password: str) -> User:
    """Whose address and password these are; a blocked person too. Raises SignInException."""
    try:
        user: User | None = None
        if "\0" not in email:  # Postgres takes no such text
            user = get_adapter().authenticate(request, email=email, password=password)
    except ValidationError:
        raise SignInException(
            reason=Reason.TOO_MANY_ATTEMPTS, message="Too many tries. Wait a few minutes."
        ) from None
    if user is None:
        raise SignInException(
            reason=Reason.INVALID_CREDENTIALS, message="The address or the password is wrong."
        )
    return user
