"""Second factors in apps: the second step of a sign-in, and setting factors up.

Codes of an authenticator app (RFC 6238) and recovery codes are allauth's, so pages use the same ones.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NoReturn

from allauth.mfa import signals
from allauth.mfa.adapter import get_adapter

# Internal: calls do not pass allauth's views, the only public way to remove the last second factor.
from allauth.mfa.base.internal.flows import delete_dangling_recovery_codes

# Internal: the same, to add one: an account with unconfirmed addresses must not have one.
from allauth.mfa.internal.flows.add import validate_can_add_authenticator
from allauth.mfa.models import Authenticator

# Internal: the same, for the secret and the code of an authenticator app.
from allauth.mfa.totp.internal import auth as totp
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.audit import audit
from accounts.callers import caller
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
from accounts.requests import request_of
from accounts.second_factor import factors
from accounts.second_factor.recovery_codes import HashedRecoveryCodes
from accounts.sessions import sessions
from accounts.sign_in import challenges, passkeys, sign_in
from accounts.throttling import throttling
from podium.endpoints.calls import Call

SET_UP = "second_factor.totp"
"""The kind of challenge that keeps an encrypted secret until a code shows that the user's app has it."""
SET_UP_TRIES = 5
CODE_MAX_LENGTH = 64
ACTION = "second_factor"
"""The action under which guesses are counted."""


# Signing in ---------------------------------------------------------------------------------------------------------


def finish_sign_in(call: Call, token: str, code: str) -> AuthSuccess:
    """Sign in with a code, after the first factor gave `token`. After a wrong code the token works a few more times.

    Raises SecondFactorException: "invalid", "expired", "tooManyAttempts"; and what sign_in.finish raises.
    """
    ticket, user = _first_factor(token)
    _check_code(call, user, code)
    return _finish(call, ticket, user)


def finish_sign_in_with_passkey(call: Call, token: str, request: PasskeyLoginRequest) -> AuthSuccess:
    """Sign in with a passkey of the user, other than one that was the first factor.

    Raises what `finish_sign_in` and passkeys.used raise.
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
    """The caller's second factors. Two SELECTs."""
    user = caller(call)
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
    """Return a new secret for an authenticator app. `confirm_totp` must follow within ACCOUNTS_SECOND_FACTOR_MINUTES.

    Raises SecondFactorException: see `_prove`, and "emailNotConfirmed".
    """
    user = caller(call)
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
    """Require codes at sign-ins from now on. Returns new recovery codes, which work once each and replace older ones.

    Raises SecondFactorException: "invalid", "expired", "tooManyAttempts".
    """
    user = caller(call)
    pending = _pending(user)
    _limit(call, user)
    if not _fits(code) or not totp.validate_totp_code(
        get_adapter().decrypt(pending.data["secret"]), code.strip()
    ):
        _wrong(call, user, factors.TOTP)
    throttling.succeeded(call, ACTION, str(user.pk))
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        try:
            challenges.done(pending)
        except challenges.ChallengeNotFound:
            raise SecondFactorException(reason=Reason.EXPIRED) from None
        Authenticator.objects.filter(user=user, type=factors.TOTP).delete()
        made = totp.TOTP.activate(user, get_adapter().decrypt(pending.data["secret"]))
        recovery = _renewed(user)
    made.validate_code(code.strip())  # marks the code as used: it can't sign in
    factors.announce(call, user, made.instance, signals.authenticator_added, "totp_activated")
    return list(recovery.get_unused_codes())


def _pending(user: User) -> Challenge:
    """The started set-up. Costs one try. Raises SecondFactorException: "expired"."""
    found = Challenge.objects.filter(kind=SET_UP, user=user).first()
    try:
        if found is None:
            raise challenges.ChallengeNotFound
        return challenges.held(SET_UP, f"{found.pk.hex}.")
    except challenges.ChallengeFailed:
        raise SecondFactorException(reason=Reason.EXPIRED) from None


def disable(call: Call, code: str) -> None:
    """Stop asking for codes of an authenticator app at sign-ins. Keys that were added besides stay.

    Raises SecondFactorException: "notSetUp", "invalid", "tooManyAttempts".
    """
    user = caller(call)
    found = Authenticator.objects.filter(user=user, type=factors.TOTP).first()
    if found is None:
        raise SecondFactorException(reason=Reason.NOT_SET_UP)
    _check_code(call, user, code)
    _remove(call, user, found, "totp_deactivated")


def new_recovery_codes(call: Call, code: str) -> list[str]:
    """Return new recovery codes; older ones no longer work. Raises SecondFactorException as `disable` does."""
    user = caller(call)
    if not factors.due(user):
        raise SecondFactorException(reason=Reason.NOT_SET_UP)
    _check_code(call, user, code)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        recovery = _renewed(user)
    factors.announce(call, user, recovery.instance, signals.authenticator_reset, "recovery_codes_generated")
    return list(recovery.get_unused_codes())


def remove_passkey(call: Call, passkey_id: int, proof: str | None) -> None:
    """Remove a passkey or security key of the caller. Raises SecondFactorException: `_prove`, "notSetUp"."""
    user = caller(call)
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
    """Verify that the caller is the owner, not somebody who found an unlocked phone.

    Needs a code if sign-ins require one, else the password. Without either, the sign-in must be recent.
    Raises SecondFactorException: "proofRequired", "invalid", "tooManyAttempts".
    """
    due, has_password = factors.due(user), user.has_usable_password()
    if not due and not has_password:
        if not sessions.is_fresh(call):
            raise SecondFactorException(reason=Reason.PROOF_REQUIRED)
    elif not proof:
        raise SecondFactorException(reason=Reason.PROOF_REQUIRED)
    elif due:
        _check_code(call, user, proof)
    else:
        _limit(call, user)
        if not user.check_password(proof):
            _wrong(call, user, "password")
        throttling.succeeded(call, ACTION, str(user.pk))


def _check_code(call: Call, user: User, code: str) -> None:
    """Accept a code of the authenticator app or a recovery code, which is then used up.

    Raises SecondFactorException: "invalid", "tooManyAttempts".
    """
    _limit(call, user)
    rows = Authenticator.objects.filter(user=user, type__in=[factors.TOTP, factors.RECOVERY_CODES])
    found = next(
        (row for row in rows.order_by("-type") if _fits(code) and row.wrap().validate_code(code)), None
    )
    if found is None:
        _wrong(call, user, "code")
    throttling.succeeded(call, ACTION, str(user.pk))
    found.record_usage()
    factors.announce(call, user, found, signals.authenticator_used)


def _fits(code: str) -> bool:
    return 0 < len(code) <= CODE_MAX_LENGTH


def _limit(call: Call, user: User) -> None:
    try:
        throttling.attempt(call, ACTION, str(user.pk), known=False)
    except throttling.TooMany:
        raise SecondFactorException(reason=Reason.TOO_MANY_ATTEMPTS) from None


def _wrong(call: Call, user: User, kind: str) -> NoReturn:
    audit.record("second_factor_wrong", user=user, call=call, type=str(kind))
    raise SecondFactorException(reason=Reason.INVALID)
