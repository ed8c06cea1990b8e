"""Signing up with e-mail and password: allauth's rules, mails and limits; a token at the end."""

from __future__ import annotations

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from allauth.account.signals import user_signed_up
from allauth.account.utils import filter_users_by_email, setup_user_email
from allauth.core import ratelimit
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts.models import EMAIL_MAX_LENGTH, User, normalize_email
from accounts.protocol import SignUpException
from accounts.protocol import SignUpExceptionReason as Reason
from accounts.web_request import request_of
from endpoints.calls import Call

VERIFY = "Follow the link in the mail that was sent to this address, then sign in."


def sign_up(call: Call, email: str, password: str) -> User:
    """A new person, with the mail that confirms the address on its way. Raises SignUpException.

    Where ACCOUNT_EMAIL_VERIFICATION is "mandatory" the exception is the rule: VERIFICATION_REQUIRED, whether or not
    the address was free, so that nobody learns who has an account.
    """
    with request_of(call) as request:
        if not ratelimit.consume(request, action="signup"):
            raise SignUpException(
                reason=Reason.TOO_MANY_ATTEMPTS, message="Too many tries. Wait a few minutes."
            )
        if not get_adapter().is_open_for_signup(request):
            raise SignUpException(reason=Reason.CLOSED, message="This server takes no new accounts.")
        return _create(request, _checked_email(email), password)


def _checked_email(email: str) -> str:
    address = normalize_email(email)
    try:
        validate_email(address)
        if len(address) > EMAIL_MAX_LENGTH:
            raise ValidationError("Too long.")
        return str(get_adapter().clean_email(address))
    except ValidationError:
        raise SignUpException(reason=Reason.INVALID_EMAIL, message="This is no e-mail address.") from None


def _create(request: HttpRequest, email: str, password: str) -> User:
    adapter = get_adapter()
    user: User = adapter.new_user(request)
    user.email = email
    try:
        adapter.clean_password(password, user=user)
    except ValidationError as error:
        raise SignUpException(reason=Reason.INVALID_PASSWORD, message=" ".join(error.messages)) from None
    user.set_password(password)  # hashed also where the address is taken: the time it takes tells nothing
    mandatory = app_settings.EMAIL_VERIFICATION == app_settings.EmailVerificationMethod.MANDATORY
    address = _saved(request, user)
    if address is None and not mandatory:
        message = "There is an account with this address. Sign in, or reset the password."
        raise SignUpException(reason=Reason.EMAIL_TAKEN, message=message)
    if app_settings.EMAIL_VERIFICATION != app_settings.EmailVerificationMethod.NONE:
        # To an address without a user: "you have an account already". Either mail goes out once in a few minutes.
        send_verification_email_to_address(request, address or EmailAddress(email=email), signup=True)
    if mandatory:
        raise SignUpException(reason=Reason.VERIFICATION_REQUIRED, message=VERIFY)
    return user


def _saved(request: HttpRequest, user: User) -> EmailAddress | None:
    """Store a new person; gives the address, or None where someone has it already."""
    if filter_users_by_email(user.email):
        return None
    try:
        with transaction.atomic():
            user.save()
            setup_user_email(request, user, [])
            user_signed_up.send(sender=User, request=request, user=user)
    except IntegrityError:  # someone else was quicker
        return None
    return EmailAddress.objects.get(user=user, email=user.email)
