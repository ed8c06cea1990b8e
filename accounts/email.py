"""E-mail address and password as a way in: signing up and setting a new password by a mailed code, and signing in.

Each takes two steps of the client: a code shows that the address is the person's, which gives a ticket for the last
step. Whether an address has an account changes neither an answer nor the work behind it, only what the mail says.
"""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from accounts import (
    audit,
    challenges,
    human,
    limits,
    notices,
    ownership,
    reauthentication,
    sign_in,
    signals,
)
from accounts.conf import conf
from accounts.models import EMAIL_MAX_LENGTH, Challenge, User, normalize_email
from accounts.ownership import Shown
from accounts.protocol import (
    AuthSuccess,
    EmailAccountLoginException,
    EmailAccountPasswordResetException,
    EmailAccountRequestException,
    SignInWhileAuthenticatedException,
)
from accounts.protocol import EmailAccountLoginExceptionReason as LoginReason
from accounts.protocol import EmailAccountPasswordResetExceptionReason as ResetReason
from accounts.protocol import EmailAccountRequestExceptionReason as RequestReason
from accounts.web_request import request_of
from endpoints.calls import Call

METHOD = "email"
REGISTER, REGISTER_TICKET = "email.register", "email.register.ticket"
RESET, RESET_TICKET = "email.reset", "email.reset.ticket"
CODE_DIGITS = "123456789"
"""Without the zero, which reads like an O."""


# Signing in ---------------------------------------------------------------------------------------------------------


def login(call: Call, email: str, password: str) -> AuthSuccess:
    """Sign in with address and password. About 50 ms: Argon2id is meant to be slow.

    Raises EmailAccountLoginException, and what sign_in.finish does. A password that is right for an address that was
    never confirmed (as from a sign-up on the web page) counts as wrong (see adapter.py).
    """
    address = normalize_email(email)
    with request_of(call) as request:
        try:
            user = get_adapter().authenticate(request, email=address, password=password)
        except ValidationError:  # of the limits
            raise EmailAccountLoginException(reason=LoginReason.TOO_MANY_ATTEMPTS) from None
    if user is None:
        raise EmailAccountLoginException(reason=LoginReason.INVALID_CREDENTIALS)
    return sign_in.finish(call, user, method=METHOD)


# Signing up ---------------------------------------------------------------------------------------------------------


def start_registration(call: Call, email: str) -> uuid.UUID:
    """Mail a code, or to somebody who has an account that this is so; gives the request to answer either way.

    Raises EmailAccountRequestException: "invalid" for what is no address or one that this server does not take,
    "tooManyAttempts". Raises human.NotHuman.
    """
    address = _checked(call, email)
    human.check(call, "registration")  # first: robots must not use up what the address may ask for
    _limit(
        call, "registration", address, EmailAccountRequestException(reason=RequestReason.TOO_MANY_ATTEMPTS)
    )
    owner = ownership.owner(address)
    made, code = _mailed_code(REGISTER, address, owner)
    if owner is None:
        _mail(call, "registration_code", address, code=code, minutes=conf.CODE_MINUTES)
    else:
        _mail(call, "already_registered", address)
    audit.record("registration_started", user=owner, call=call)
    return made.pk


def verify_registration_code(call: Call, request_id: uuid.UUID, code: str) -> str:
    """The ticket to finish with, for the code that was mailed. Raises EmailAccountRequestException."""
    answered = _answered(call, REGISTER, request_id, code)
    if isinstance(answered, str):
        raise EmailAccountRequestException(reason=RequestReason(answered))
    return _ticket(REGISTER_TICKET, answered)


def finish_registration(call: Call, ticket: str, password: str) -> AuthSuccess:
    """Make the account and sign in; who is signed in without a password, as without a name, keeps that account.

    Raises EmailAccountRequestException, after "policyViolation" of which the ticket is still good;
    SignInWhileAuthenticatedException for who has a password already.
    """
    with transaction.atomic():  # what is refused below gives the ticket back
        answered = _redeemed(REGISTER_TICKET, ticket)
        if isinstance(answered, str):
            raise EmailAccountRequestException(reason=RequestReason(answered))
        address = answered.data["email"]
        user = _upgraded(call) or User()
        if not _is_good(password, user, address):
            raise EmailAccountRequestException(reason=RequestReason.POLICY_VIOLATION)
        try:
            _store(call, user, address, password)
        except (ownership.Owned, IntegrityError):  # the address got an owner meanwhile
            raise EmailAccountRequestException(reason=RequestReason.INVALID) from None
    return sign_in.finish(call, user, method=METHOD)


def _upgraded(call: Call) -> User | None:
    """The signed-in user, who gets a password now; None if nobody is signed in.

    Raises SignInWhileAuthenticatedException if the user has a password, ReauthenticationException.
    """
    user = User.objects.filter(pk=call.identity.user_id).first() if call.identity else None
    if user is not None and user.has_usable_password():
        raise SignInWhileAuthenticatedException()
    if user is not None:
        reauthentication.require(call, user)
    return user


def _store(call: Call, user: User, address: str, password: str) -> None:
    """Store a new or existing user with a proved address. Raises ownership.Owned, IntegrityError."""
    is_new = user._state.adding
    with transaction.atomic():
        if is_new:
            user.set_unusable_password()
            user.save()
        token = call.identity.token_id if call.identity is not None else ""
        ownership.prove(user, address, shown=Shown(token=token), call=call)
        user.password = make_password(password)  # a first password: set_password would sign the user out
        user.save(update_fields=["password"])
        if is_new:
            signals.user_created.send(sender=User, user=user, method=METHOD, claims=None, call=call)
        else:
            notices.send(user, "password_added", call=call)
    audit.record("user_created" if is_new else "password_added", user=user, call=call, method=METHOD)


# A new password -----------------------------------------------------------------------------------------------------


def start_password_reset(call: Call, email: str) -> uuid.UUID:
    """Mail a code to set a new password with; gives the request to answer, also where nobody has the address.

    Raises EmailAccountPasswordResetException: "tooManyAttempts". Raises human.NotHuman.
    """
    address = normalize_email(email)
    human.check(call, "password_reset")
    _limit(
        call,
        "password_reset",
        address,
        EmailAccountPasswordResetException(reason=ResetReason.TOO_MANY_ATTEMPTS),
    )
    owner = ownership.holder(address) if _is_address(address) else None
    made, code = _mailed_code(RESET, address, owner)
    if owner is not None:
        _mail(call, "password_reset_code", address, code=code, minutes=conf.CODE_MINUTES)
        audit.record("password_reset_started", user=owner, call=call)
    elif _is_address(address):
        _mail(call, "no_account", address)
    return made.pk


def verify_password_reset_code(call: Call, request_id: uuid.UUID, code: str) -> str:
    """The ticket to finish with, for the code that was mailed. Raises EmailAccountPasswordResetException."""
    answered = _answered(call, RESET, request_id, code)
    if isinstance(answered, str):
        raise EmailAccountPasswordResetException(reason=ResetReason(answered))
    return _ticket(RESET_TICKET, answered)


def finish_password_reset(call: Call, ticket: str, password: str) -> None:
    """Set the new password and sign the person out everywhere. Raises EmailAccountPasswordResetException."""
    with transaction.atomic():
        answered = _redeemed(RESET_TICKET, ticket)
        if isinstance(answered, str):
            raise EmailAccountPasswordResetException(reason=ResetReason(answered))
        user, address = answered.user, answered.data["email"]
        if user is None or not _is_good(password, user, address):
            raise EmailAccountPasswordResetException(reason=ResetReason.POLICY_VIOLATION)
        if ownership.holder(address) != user:  # the account lost the address meanwhile
            raise EmailAccountPasswordResetException(reason=ResetReason.INVALID)
        ownership.prove(user, address, call=call)
        user.set_password(password)
        user.save()  # which signs out everywhere: accounts/tokens.py
        notices.send(user, "password_changed", call=call)
    limits.succeeded(call, "login", address)
    audit.record("password_reset", user=user, call=call)


# Below --------------------------------------------------------------------------------------------------------------


def has_account(user_id: str) -> bool:
    """Whether a person can sign in with an address and a password."""
    user = User.objects.filter(pk=user_id).first()
    return user is not None and bool(user.email) and user.has_usable_password()


def _checked(call: Call, email: str) -> str:
    """The address, in its one spelling. Raises EmailAccountRequestException."""
    address = normalize_email(email)
    try:
        if not _is_address(address):
            raise ValidationError("no address")
        with request_of(call) as request:
            adapter = get_adapter(request)
            if not adapter.is_open_for_signup(request):
                raise ValidationError("closed")
            return str(adapter.clean_email(address))
    except ValidationError:
        raise EmailAccountRequestException(reason=RequestReason.INVALID) from None


def _is_address(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(address) <= EMAIL_MAX_LENGTH and "\0" not in address


def _limit(call: Call, action: str, account: str, refusal: Exception) -> None:
    """Count one more of what may be done a few times an hour. Raises `refusal`."""
    try:
        limits.count(call, action, account)
    except limits.TooMany:
        raise refusal from None


def _mailed_code(kind: str, address: str, owner: User | None) -> tuple[Challenge, str]:
    """A challenge that the mailed code answers; one that nothing answers where there will be no code in the mail."""
    code = "".join(secrets.choice(CODE_DIGITS) for _ in range(conf.CODE_LENGTH))
    unanswerable = (owner is None) == (kind == RESET)
    answer = secrets.token_urlsafe() if unanswerable else code
    made = challenges.start(
        kind,
        answer,
        user=owner if kind == RESET else None,
        data={"email": address},
        lifetime=timedelta(minutes=conf.CODE_MINUTES),
        tries=conf.CODE_TRIES,
        short=True,  # even if no answer is right, so that the time reveals nothing
    )
    return made, code


def _answered(call: Call, kind: str, request_id: uuid.UUID, code: str) -> Challenge | str:
    """The challenge that was answered, or why it was not, as the exceptions' reasons call it."""
    try:
        limits.count(call, "code")
    except limits.TooMany:
        return "tooManyAttempts"
    try:
        return challenges.answer(kind, request_id, code.strip())
    except challenges.ChallengeFailed as failed:
        audit.record("code_refused", call=call, kind=kind, reason=type(failed).__name__)
        return _reason(failed)


def _redeemed(kind: str, ticket: str) -> Challenge | str:
    try:
        return challenges.redeem(kind, ticket)
    except challenges.ChallengeFailed as failed:
        return _reason(failed)


def _reason(failed: challenges.ChallengeFailed) -> str:
    if isinstance(failed, challenges.ChallengeExpired):
        return "expired"
    return "tooManyAttempts" if isinstance(failed, challenges.TooManyTries) else "invalid"


def _ticket(kind: str, answered: Challenge) -> str:
    lifetime = timedelta(minutes=conf.CODE_MINUTES)
    return challenges.ticket(kind, user=answered.user, data=answered.data, lifetime=lifetime)


def _is_good(password: str, user: User, address: str) -> bool:
    like = User(email=address, name=user.name)  # the password must not resemble these
    try:
        get_adapter().clean_password(password, user=like)
    except ValidationError:
        return False
    return True


def _mail(call: Call, template: str, address: str, **context: Any) -> None:
    with request_of(call):
        get_adapter().send_mail(f"accounts/email/{template}", address, context)
