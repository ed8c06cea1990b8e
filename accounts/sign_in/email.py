"""Sign-in with e-mail address and password: signing up and resetting a password with a mailed code, and signing in.

Clients take two steps: a code shows that the address is the user's, which gives a ticket for the last step. The
response and the work are the same whether an address has an account or not. Only the mail differs.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts import signals
from accounts.audit import audit
from accounts.conf import conf
from accounts.models import Challenge, User, is_address, normalize_email
from accounts.notices import notices
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
from accounts.requests import request_of
from accounts.sign_in import challenges, ownership, reauthentication, sign_in
from accounts.sign_in.ownership import Shown
from accounts.throttling import captcha, throttling
from podium.endpoints.calls import Call

METHOD = "email"
REGISTER, REGISTER_TICKET = "email.register", "email.register.ticket"
RESET, RESET_TICKET = "email.reset", "email.reset.ticket"
CODE_DIGITS = "123456789"
"""Without the zero, which looks like an O."""


# Signing in ---------------------------------------------------------------------------------------------------------


def login(call: Call, email: str, password: str) -> AuthSuccess:
    """Sign in with address and password. About 50 ms: Argon2id is meant to be slow.

    Raises what `authenticated` and sign_in.finish raise.
    """
    return sign_in.finish(call, authenticated(call, email, password), method=METHOD)


def authenticated(call: Call, email: str, password: str) -> User:
    """Return the user with this address and password. Signs nobody in.

    Raises EmailAccountLoginException. A correct password for an address that was never confirmed (as after a
    sign-up on the web page) counts as wrong (see adapter.py).
    """
    address = normalize_email(email)
    with request_of(call) as request:
        try:
            user = get_adapter().authenticate(request, email=address, password=password)
        except ValidationError:  # raised by the limits
            raise EmailAccountLoginException(reason=LoginReason.TOO_MANY_ATTEMPTS) from None
    if user is None:
        raise EmailAccountLoginException(reason=LoginReason.INVALID_CREDENTIALS)
    found: User = user
    return found


# Signing up ---------------------------------------------------------------------------------------------------------


def start_registration(call: Call, email: str) -> uuid.UUID:
    """Mail a code, or a notice to somebody who has an account. Returns the request to answer in both cases.

    Raises EmailAccountRequestException: "invalid" if the address is not valid or this server does not accept it,
    "tooManyAttempts". Raises captcha.CaptchaFailed.
    """
    return mail_registration_code(call, allowed_to_register(call, email), REGISTER).pk


def allowed_to_register(call: Call, email: str) -> str:
    """The canonical address, if this caller may sign up with it. Raises what `start_registration` raises."""
    address = _checked(call, email)
    captcha.check(call, "registration")  # first, so that robots do not use up the limit of the address
    _limit(
        call, "registration", address, EmailAccountRequestException(reason=RequestReason.TOO_MANY_ATTEMPTS)
    )
    return address


def mail_registration_code(
    call: Call, address: str, kind: str, *, id: uuid.UUID | None = None, data: Mapping[str, Any] | None = None
) -> Challenge:
    """Mail a code, or a notice that there is an account. Returns the challenge that the code answers.

    kind, id, data  of the challenge: challenges.start. The address is added to its data.
    """
    owner = ownership.owner(address)
    made, code = _mailed_code(kind, {**(data or {}), "email": address}, answerable=owner is None, id=id)
    if owner is None:
        _mail(call, "registration_code", address, code=code, minutes=conf.CODE_MINUTES)
    else:
        _mail(call, "already_registered", address)
    audit.record("registration_started", user=owner, call=call)
    return made


def verify_registration_code(call: Call, request_id: uuid.UUID, code: str) -> str:
    """Return the ticket for the last step, for the mailed code. Raises EmailAccountRequestException."""
    answered = answer(call, REGISTER, request_id, code)
    if isinstance(answered, str):
        raise EmailAccountRequestException(reason=RequestReason(answered))
    return _ticket(REGISTER_TICKET, answered)


def finish_registration(call: Call, ticket: str, password: str) -> AuthSuccess:
    """Create the account and sign in. A signed-in user without a password, such as a guest, keeps their account.

    Raises EmailAccountRequestException, and after "policyViolation" the ticket stays valid;
    SignInWhileAuthenticatedException for a user who has a password.
    """
    with transaction.atomic():  # a refusal below restores the ticket
        answered = _redeemed(REGISTER_TICKET, ticket)
        if isinstance(answered, str):
            raise EmailAccountRequestException(reason=RequestReason(answered))
        address = answered.data["email"]
        user = _upgraded(call) or User()
        if not is_good(password, user, address):
            raise EmailAccountRequestException(reason=RequestReason.POLICY_VIOLATION)
        store(call, user, address, make_password(password))
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


def store(call: Call, user: User, address: str, encoded: str) -> None:
    """Store a new or existing user with a proved address and a first password.

    encoded  the password's hash, as Django's make_password gives it

    Raises EmailAccountRequestException if the address got another owner meanwhile.
    """
    try:
        _store(call, user, address, encoded)
    except (ownership.Owned, IntegrityError):
        raise EmailAccountRequestException(reason=RequestReason.INVALID) from None


def _store(call: Call, user: User, address: str, encoded: str) -> None:
    is_new = user._state.adding
    with transaction.atomic():
        if is_new:
            user.set_unusable_password()
            user.save()
        token = call.identity.token_id if call.identity is not None else ""
        ownership.prove(user, address, shown=Shown(token=token), call=call)
        user.password = encoded  # a first password: set_password would sign the user out
        user.save(update_fields=["password"])
        if is_new:
            signals.user_created.send(sender=User, user=user, method=METHOD, claims=None, call=call)
        else:
            notices.send(user, "password_added", call=call)
    audit.record("user_created" if is_new else "password_added", user=user, call=call, method=METHOD)


# A new password -----------------------------------------------------------------------------------------------------


def start_password_reset(call: Call, email: str) -> uuid.UUID:
    """Mail a password reset code. Returns the request to answer, also if nobody has the address.

    Raises EmailAccountPasswordResetException: "tooManyAttempts". Raises captcha.CaptchaFailed.
    """
    return mail_reset_code(call, email, RESET).pk


def mail_reset_code(
    call: Call,
    email: str,
    kind: str,
    *,
    length: int = 0,
    id_of: Callable[[str], uuid.UUID] | None = None,
) -> Challenge:
    """Mail a code, or a notice that there is no account. Returns the challenge that the code answers.

    kind    of the challenge
    length  digits of the code; 0: ACCOUNTS_CODE_LENGTH
    id_of   returns the id of the challenge for its code, for clients that are not told the id

    Raises what `start_password_reset` raises.
    """
    address = normalize_email(email)
    captcha.check(call, "password_reset")
    _limit(
        call,
        "password_reset",
        address,
        EmailAccountPasswordResetException(reason=ResetReason.TOO_MANY_ATTEMPTS),
    )
    owner = ownership.holder(address) if is_address(address) else None
    made, code = _mailed_code(
        kind, {"email": address}, answerable=owner is not None, user=owner, length=length, id_of=id_of
    )
    if owner is not None:
        _mail(call, "password_reset_code", address, code=code, minutes=conf.CODE_MINUTES)
        audit.record("password_reset_started", user=owner, call=call)
    elif is_address(address):
        _mail(call, "no_account", address)
    return made


def verify_password_reset_code(call: Call, request_id: uuid.UUID, code: str) -> str:
    """Return the ticket for the last step, for the mailed code. Raises EmailAccountPasswordResetException."""
    answered = answer(call, RESET, request_id, code)
    if isinstance(answered, str):
        raise EmailAccountPasswordResetException(reason=ResetReason(answered))
    return _ticket(RESET_TICKET, answered)


def finish_password_reset(call: Call, ticket: str, password: str) -> None:
    """Set the new password and sign the user out everywhere. Raises EmailAccountPasswordResetException."""
    set_new_password(call, partial(_redeemed, RESET_TICKET, ticket), password)


def set_new_password(call: Call, take: Callable[[], Challenge | str], password: str) -> None:
    """Set a new password. `take` ends the challenge, or returns the reason for which it can't.

    A refused password restores the challenge.
    """
    with transaction.atomic():
        answered = take()
        if isinstance(answered, Challenge):
            _set_new_password(call, answered, password)
    if isinstance(answered, str):  # outside of the transaction, so that the used-up try stays
        raise EmailAccountPasswordResetException(reason=ResetReason(answered))
    throttling.succeeded(call, "login", answered.data["email"])
    audit.record("password_reset", user=answered.user, call=call)


def _set_new_password(call: Call, answered: Challenge, password: str) -> None:
    user, address = answered.user, answered.data["email"]
    if user is None or not is_good(password, user, address):
        raise EmailAccountPasswordResetException(reason=ResetReason.POLICY_VIOLATION)
    if ownership.holder(address) != user:  # the account lost the address meanwhile
        raise EmailAccountPasswordResetException(reason=ResetReason.INVALID)
    ownership.prove(user, address, call=call)
    user.set_password(password)
    user.save()  # also signs out everywhere: accounts/sessions/sessions.py
    notices.send(user, "password_changed", call=call)


# Helpers ------------------------------------------------------------------------------------------------------------


def has_account(user_id: str) -> bool:
    """Test whether a user can sign in with an address and a password."""
    user = User.objects.filter(pk=user_id).first()
    return user is not None and bool(user.email) and user.has_usable_password()


def _checked(call: Call, email: str) -> str:
    """The canonical address. Raises EmailAccountRequestException."""
    address = normalize_email(email)
    try:
        if not is_address(address):
            raise ValidationError("not a valid address")
        with request_of(call) as request:
            adapter = get_adapter(request)
            if not adapter.is_open_for_signup(request):
                raise ValidationError("closed")
            return str(adapter.clean_email(address))
    except ValidationError:
        raise EmailAccountRequestException(reason=RequestReason.INVALID) from None


def _limit(call: Call, action: str, account: str, refusal: Exception) -> None:
    """Count one more of an action that is limited by the hour. Raises `refusal`."""
    try:
        throttling.count(call, action, account)
    except throttling.TooMany:
        raise refusal from None


def _mailed_code(
    kind: str,
    data: Mapping[str, Any],
    *,
    answerable: bool,
    user: User | None = None,
    length: int = 0,
    id: uuid.UUID | None = None,
    id_of: Callable[[str], uuid.UUID] | None = None,
) -> tuple[Challenge, str]:
    """A challenge for the mailed code. Nothing answers it if the mail contains no code."""
    code = "".join(secrets.choice(CODE_DIGITS) for _ in range(length or conf.CODE_LENGTH))
    made = challenges.start(
        kind,
        code if answerable else secrets.token_urlsafe(),
        user=user,
        data=data,
        lifetime=timedelta(minutes=conf.CODE_MINUTES),
        tries=conf.CODE_TRIES,
        short=True,  # even if no answer is correct, so that the time reveals nothing
        id=id_of(code) if id_of is not None else id,
    )
    return made, code


def answer(call: Call, kind: str, request_id: uuid.UUID, code: str) -> Challenge | str:
    """The answered challenge, or the reason of the failure, named as in the exceptions."""
    try:
        throttling.count(call, "code")
    except throttling.TooMany:
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


def is_good(password: str, user: User, address: str) -> bool:
    """Test a new password by this server's rules."""
    like = User(email=address, name=user.name)  # the password must not resemble these
    try:
        get_adapter().clean_password(password, user=like)
    except ValidationError:
        return False
    return True


def _mail(call: Call, template: str, address: str, **context: Any) -> None:
    with request_of(call):
        get_adapter().send_mail(f"accounts/email/{template}", address, context)
