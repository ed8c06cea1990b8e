"""Second factors in apps: what a sign-in asks for beside the first one, and how a person sets them up.

Codes of an authenticator app (RFC 6238) and recovery codes are allauth's, so the pages for browsers have the same ones.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NoReturn

from allauth.mfa import signals
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import delete_dangling_recovery_codes
from allauth.mfa.internal.flows.add import validate_can_add_authenticator
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import audit, challenges, factors, limits, passkeys, sign_in, tokens
from accounts.callers import person
from accounts.conf import conf
from accounts.models import Challenge, User
from accounts.protocol import (
    AuthSuccess,
    PasskeyInfo,
    PasskeyLoginRequest,
    SecondFactorException,
    SecondFactorStatus,
    TotpSetup,
)
from accounts.protocol import SecondFactorExceptionReason as Reason
from accounts.recovery_codes import HashedRecoveryCodes
from accounts.web_request import request_of
from endpoints.calls import Call

SET_UP = "second_factor.totp"
"""The kind of challenge that keeps a secret, encrypted, until a code shows that the person's app has it."""
SET_UP_TRIES = 5
CODE_MAX_LENGTH = 64
ACTION = "second_factor"
"""What guesses are counted as."""


# Signing in ---------------------------------------------------------------------------------------------------------


def finish_sign_in(call: Call, token: str, code: str) -> AuthSuccess:
    """Sign in with a code, after the first factor gave `token`; a wrong code leaves that good, a few times.

    Raises SecondFactorException: "invalid", "expired", "tooManyAttempts"; and what sign_in.finish does.
    """
    ticket, user = _first_factor(token)
    _check_code(call, user, code)
    return _finish(call, ticket, user)


def finish_sign_in_with_passkey(call: Call, token: str, request: PasskeyLoginRequest) -> AuthSuccess:
    """The same with a passkey of that person's, other than one that was the first factor.

    Raises what `finish_sign_in` and passkeys.used do.
    """
    ticket, user = _first_factor(token)
    authenticator, _ = passkeys.used(call, request)
    if authenticator.user_id != user.pk or ticket.data["method"] == passkeys.UNVERIFIED_METHOD:
        audit.record("second_factor_wrong", user=user, call=call, type=factors.WEBAUTHN.value)
        raise SecondFactorException(reason=Reason.INVALID)
    return _finish(call, ticket, user)


def _first_factor(token: str) -> tuple[Challenge, User]:
    try:
        ticket = sign_in.first_factor(token)
    except challenges.ChallengeFailed:
        raise SecondFactorException(reason=Reason.EXPIRED) from None
    assert ticket.user is not None
    return ticket, ticket.user


def _finish(call: Call, ticket: Challenge, user: User) -> AuthSuccess:
    try:
        challenges.done(ticket)
    except challenges.ChallengeNotFound:
        raise SecondFactorException(reason=Reason.EXPIRED) from None
    return sign_in.finish(call, user, method=ticket.data["method"], second_factor=True)


# Setting up ---------------------------------------------------------------------------------------------------------


def status(call: Call) -> SecondFactorStatus:
    """What who calls has. Two SELECTs."""
    user = person(call)
    codes, keys = 0, []
    rows = Authenticator.objects.filter(user=user).order_by("pk")
    for row in rows:
        if row.type == factors.RECOVERY_CODES:
            codes = len(row.wrap().get_unused_codes())
        elif row.type == factors.WEBAUTHN:
            keys.append(_passkey(row))
    return SecondFactorStatus(
        required=bool(factors.due(user)),
        demanded=factors.is_required(user),
        totp=any(row.type == factors.TOTP for row in rows),
        recovery_codes_left=codes,
        passkeys=keys,
    )


def _passkey(row: Authenticator) -> PasskeyInfo:
    return PasskeyInfo(
        id=row.pk,
        name=row.wrap().name,
        way_in=bool(row.data.get(factors.WAY_IN)),
        created_at=row.created_at,
        last_used_at=row.last_used_at,
    )


def start_totp(call: Call, proof: str | None) -> TotpSetup:
    """A new secret for an authenticator app, which `confirm_totp` makes count within ACCOUNTS_SECOND_FACTOR_MINUTES.

    Raises SecondFactorException: see `_prove`, and "emailNotConfirmed".
    """
    user = person(call)
    _prove(call, user, proof)
    try:
        validate_can_add_authenticator(user)
    except ValidationError:
        raise SecondFactorException(reason=Reason.EMAIL_NOT_CONFIRMED) from None
    Challenge.objects.filter(kind=SET_UP, user=user).delete()
    secret = totp.generate_totp_secret()
    challenges.start(
        SET_UP,
        "",
        user=user,
        lifetime=timedelta(minutes=conf.SECOND_FACTOR_MINUTES),
        tries=SET_UP_TRIES,
        data={"secret": get_adapter().encrypt(secret)},
    )
    with request_of(call):
        return TotpSetup(secret=secret, uri=get_adapter().build_totp_url(user, secret))


def confirm_totp(call: Call, code: str) -> list[str]:
    """Have sign-ins ask for a code from now on; gives new recovery codes, each good once, which replace older ones.

    Raises SecondFactorException: "invalid", "expired", "tooManyAttempts".
    """
    user = person(call)
    pending = _pending(user)
    _limit(call, user)
    if not _fits(code) or not totp.validate_totp_code(
        get_adapter().decrypt(pending.data["secret"]), code.strip()
    ):
        _wrong(call, user, factors.TOTP)
    limits.succeeded(call, ACTION, str(user.pk))
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        try:
            challenges.done(pending)
        except challenges.ChallengeNotFound:
            raise SecondFactorException(reason=Reason.EXPIRED) from None
        Authenticator.objects.filter(user=user, type=factors.TOTP).delete()
        made = totp.TOTP.activate(user, get_adapter().decrypt(pending.data["secret"]))
        recovery = _renewed(user)
    made.validate_code(code.strip())  # which marks it as used: it signs nobody in
    factors.announce(call, user, made.instance, signals.authenticator_added, "totp_activated")
    return list(recovery.get_unused_codes())


def _pending(user: User) -> Challenge:
    """The set-up that was started, which costs a try. Raises SecondFactorException: "expired"."""
    found = Challenge.objects.filter(kind=SET_UP, user=user).first()
    try:
        if found is None:
            raise challenges.ChallengeNotFound
        return challenges.held(SET_UP, f"{found.pk.hex}.")
    except challenges.ChallengeFailed:
        raise SecondFactorException(reason=Reason.EXPIRED) from None


def disable(call: Call, code: str) -> None:
    """Have sign-ins ask for no code of an authenticator app any more. Keys that were added beside it stay.

    Raises SecondFactorException: "notSetUp", "invalid", "tooManyAttempts".
    """
    user = person(call)
    found = Authenticator.objects.filter(user=user, type=factors.TOTP).first()
    if found is None:
        raise SecondFactorException(reason=Reason.NOT_SET_UP)
    _check_code(call, user, code)
    _remove(call, user, found, "totp_deactivated")


def new_recovery_codes(call: Call, code: str) -> list[str]:
    """Further recovery codes; the older ones are void. Raises SecondFactorException as `disable` does."""
    user = person(call)
    if not factors.due(user):
        raise SecondFactorException(reason=Reason.NOT_SET_UP)
    _check_code(call, user, code)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        recovery = _renewed(user)
    factors.announce(call, user, recovery.instance, signals.authenticator_reset, "recovery_codes_generated")
    return list(recovery.get_unused_codes())


def remove_passkey(call: Call, passkey_id: int, proof: str | None) -> None:
    """Have a passkey or security key of who calls count no more. Raises SecondFactorException: `_prove`, "notSetUp"."""
    user = person(call)
    found = Authenticator.objects.filter(user=user, type=factors.WEBAUTHN, pk=passkey_id).first()
    if found is None:
        raise SecondFactorException(reason=Reason.NOT_SET_UP)
    _prove(call, user, proof)
    _remove(call, user, found, "webauthn_removed")


def _remove(call: Call, user: User, authenticator: Authenticator, mail: str) -> None:
    authenticator.delete()
    dangling = delete_dangling_recovery_codes(user)
    factors.announce(call, user, authenticator, signals.authenticator_removed, mail)
    if dangling is not None:
        factors.announce(call, user, dangling, signals.authenticator_removed)


def _renewed(user: User) -> HashedRecoveryCodes:
    Authenticator.objects.filter(user=user, type=factors.RECOVERY_CODES).delete()
    made = HashedRecoveryCodes.activate(user)
    made.mark_as_viewed()  # the call's response shows them
    return made


# Proofs -------------------------------------------------------------------------------------------------------------


def _prove(call: Call, user: User, proof: str | None) -> None:
    """Make sure that it is the person who asks, and not who found their phone unlocked.

    Needs a code where sign-ins ask for one, else the password; who has neither must have signed in just now.
    Raises SecondFactorException: "proofRequired", "invalid", "tooManyAttempts".
    """
    due, has_password = factors.due(user), user.has_usable_password()
    if not due and not has_password:
        if not tokens.is_fresh(call):
            raise SecondFactorException(reason=Reason.PROOF_REQUIRED)
    elif not proof:
        raise SecondFactorException(reason=Reason.PROOF_REQUIRED)
    elif due:
        _check_code(call, user, proof)
    else:
        _limit(call, user)
        if not user.check_password(proof):
            _wrong(call, user, "password")
        limits.succeeded(call, ACTION, str(user.pk))


def _check_code(call: Call, user: User, code: str) -> None:
    """Take a code of the authenticator app or a recovery code; it is used then.

    Raises SecondFactorException: "invalid", "tooManyAttempts".
    """
    _limit(call, user)
    rows = Authenticator.objects.filter(user=user, type__in=[factors.TOTP, factors.RECOVERY_CODES])
    found = next(
        (row for row in rows.order_by("-type") if _fits(code) and row.wrap().validate_code(code)), None
    )
    if found is None:
        _wrong(call, user, "code")
    limits.succeeded(call, ACTION, str(user.pk))
    found.record_usage()
    factors.announce(call, user, found, signals.authenticator_used)


def _fits(code: str) -> bool:
    return 0 < len(code) <= CODE_MAX_LENGTH


def _limit(call: Call, user: User) -> None:
    try:
        limits.attempt(call, ACTION, str(user.pk), known=False)
    except limits.TooMany:
        raise SecondFactorException(reason=Reason.TOO_MANY_ATTEMPTS) from None


def _wrong(call: Call, user: User, kind: str) -> NoReturn:
    audit.record("second_factor_wrong", user=user, call=call, type=str(kind))
    raise SecondFactorException(reason=Reason.INVALID)
