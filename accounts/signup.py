"""Signing up with e-mail and password: allauth's rules, mails and limits; a token at the end."""

from __future__ import annotations

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.utils import setup_user_email
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
    adapter.set_password(
        user, password
    )  # hashed also where the address is taken: the time taken tells nothing
    mandatory = app_settings.EMAIL_VERIFICATION == app_settings.EmailVerificationMethod.MANDATORY
    try:
        with transaction.atomic():
            user.save()
            setup_user_email(request, user, [])
    except IntegrityError:
        if not mandatory:
            message = "There is an account with this address. Sign in, or reset the password."
            raise SignUpException(reason=Reason.EMAIL_TAKEN, message=message) from None
        adapter.send_account_already_exists_mail(email)
        raise SignUpException(reason=Reason.VERIFICATION_REQUIRED, message=VERIFY) from None
    if app_settings.EMAIL_VERIFICATION != app_settings.EmailVerificationMethod.NONE:
        EmailAddress.objects.get(user=user, primary=True).send_confirmation(request, signup=True)
    if mandatory:
        raise SignUpException(reason=Reason.VERIFICATION_REQUIRED, message=VERIFY)
    return user
