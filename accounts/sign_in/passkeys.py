"""Passkeys: a key in a user's device answers a challenge. Verified by the fido2 library.

Stored as allauth's Authenticator of type "webauthn", so pages and apps use the same ones.
Source: W3C Web Authentication Level 2, sections 7.1 (registering) and 7.2 (signing in).
"""

from __future__ import annotations

import secrets
import struct
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple, TypeVar

from allauth.mfa import signals
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from cryptography.exceptions import UnsupportedAlgorithm
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AuthenticatorData,
    CollectedClientData,
    PublicKeyCredentialRpEntity,
)

from accounts.audit import audit
from accounts.callers import caller
from accounts.conf import conf
from accounts.models import User
from accounts.protocol import (
    AuthSuccess,
    PasskeyChallengeExpiredException,
    PasskeyChallengeNotFoundException,
    PasskeyLoginRequest,
    PasskeyPublicKeyNotFoundException,
    PasskeyRefusedException,
    PasskeyRegistrationRequest,
)
from accounts.protocol import PasskeyRefusedExceptionReason as Reason
from accounts.second_factor import factors
from accounts.sign_in import challenges, reauthentication, sign_in
from accounts.signals import passkey_wanted
from accounts.throttling import throttling
from podium.core import clock
from podium.endpoints.calls import Call

METHOD = "passkey"
UNVERIFIED_METHOD = "passkey_unverified"
"""The method of a key without user verification (face, finger or PIN): one factor (sign_in.STRONG_METHODS)."""
KIND = "passkey"
ID_MAX_BYTES = 1023
"""Length of a credential's id. Source: section 7.1, step 25."""
ATTESTATION_MAX_BYTES = 16 * 1024
"""Far more than a public key and a manufacturer's certificates need."""
MALFORMED = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    NotImplementedError,
    UnsupportedAlgorithm,
    struct.error,
)
"""The errors that fido2 raises for malformed bytes, which it does not check first."""

T = TypeVar("T")


class PasskeyChallenge(NamedTuple):
    """The challenge that a device signs, and the id to send with the answer."""

    challenge: bytes
    id: uuid.UUID


def create_challenge(call: Call) -> PasskeyChallenge:
    """Create a challenge for `register` or `login`. It works once, for ACCOUNTS_PASSKEY_MINUTES.

    Raises PasskeyRefusedException: "tooManyAttempts".
    """
    try:
        throttling.count(call, METHOD)
    except throttling.TooMany:
        raise PasskeyRefusedException(reason=Reason.TOO_MANY_ATTEMPTS) from None
    challenge = secrets.token_bytes(32)
    lifetime = timedelta(minutes=conf.PASSKEY_MINUTES)
    made = challenges.start(KIND, websafe_encode(challenge), lifetime=lifetime, tries=1)
    return PasskeyChallenge(challenge=challenge, id=made.pk)


def register(call: Call, request: PasskeyRegistrationRequest) -> None:
    """Add a passkey to the caller's account, and notify the user by mail.

    Raises PasskeyChallengeNotFoundException, PasskeyChallengeExpiredException; PasskeyRefusedException: "invalid",
    "alreadyKnown", or "signInAgain" if the last sign-in on this device is too old.
    """
    user = caller(call)
    if not reauthentication.is_proven(call, user):
        raise PasskeyRefusedException(reason=Reason.SIGN_IN_AGAIN)
    verified = conf.PASSKEY_USER_VERIFICATION or factors.is_required(user)
    state = _answered(call, request.challenge_id, request.client_data_json, verified=verified)
    credential = as_json(
        request.key_id,
        clientDataJSON=request.client_data_json,
        attestationObject=request.attestation_object,
    )
    found = _checked(call, lambda: _registered(state, request, credential))
    name = get_adapter().generate_authenticator_name(user, factors.WEBAUTHN)
    data = {
        "name": name,
        "credential": credential,
        "sign_count": found.counter,
        factors.WAY_IN: True,
    }
    try:
        with transaction.atomic():
            made = Authenticator.objects.create(user=user, type=factors.WEBAUTHN, data=data)
    except IntegrityError:  # raised by the index of passkey_index.py
        raise PasskeyRefusedException(reason=Reason.ALREADY_KNOWN) from None
    factors.announce(call, user, made, signals.authenticator_added, "webauthn_added")


def login(call: Call, request: PasskeyLoginRequest) -> AuthSuccess:
    """Sign in the user of this passkey.

    Raises what `used` and sign_in.finish raise.
    """
    authenticator, verified = used(call, request)
    return sign_in.finish(call, authenticator.user, method=METHOD if verified else UNVERIFIED_METHOD)


def used(call: Call, request: PasskeyLoginRequest) -> tuple[Authenticator, bool]:
    """The passkey that answered a challenge, and whether it verified the user: face, finger or PIN.

    Raises PasskeyChallengeNotFoundException, PasskeyChallengeExpiredException, PasskeyPublicKeyNotFoundException;
    PasskeyRefusedException: "invalid".
    """
    state = _answered(
        call, request.challenge_id, request.client_data_json, verified=conf.PASSKEY_USER_VERIFICATION
    )
    found = find(request.key_id).select_related("user")
    stored = found.first()
    if stored is None:
        passkey_wanted.send(sender=Authenticator, key_id=request.key_id)
        stored = found.first()
    if stored is None:
        raise PasskeyPublicKeyNotFoundException()
    answer = _checked(call, lambda: _use(state, request), stored.user)
    factors.announce(call, stored.user, stored, signals.authenticator_used)
    return stored, answer.is_user_verified()


def _use(state: dict[str, Any], request: PasskeyLoginRequest) -> AuthenticatorData:
    """Check an answer and store the counter, so that no other call starts from the same value."""
    with transaction.atomic():
        stored = find(request.key_id).select_for_update().first()
        if stored is None:
            raise PasskeyPublicKeyNotFoundException()
        answer = _authenticated(state, request, stored)
        stored.data["sign_count"] = answer.counter
        stored.last_used_at = clock.now()
        stored.save(update_fields=["data", "last_used_at"])
    return answer


def find(key_id: bytes) -> QuerySet[Authenticator]:
    """The passkey with this id, if it exists. Uses the index of passkey_index.py."""
    id = websafe_encode(key_id)
    found: QuerySet[Authenticator] = Authenticator.objects.filter(
        type=factors.WEBAUTHN, data__credential__rawId=id
    )
    return found


def has_account(user_id: str) -> bool:
    """Test whether a user can sign in with a passkey."""
    return bool(Authenticator.objects.filter(user_id=user_id, type=factors.WEBAUTHN).exists())


# Checking -----------------------------------------------------------------------------------------------------------


def _answered(call: Call, id: uuid.UUID, client_data: bytes, *, verified: bool) -> dict[str, Any]:
    """Use up the challenge of an answer, even if the rest is invalid. Returns fido2's state.

    verified  the device must have verified the user
    """
    challenge = _checked(call, lambda: websafe_encode(CollectedClientData(client_data).challenge))
    try:
        challenges.answer(KIND, id, challenge)
    except challenges.ChallengeExpired:
        raise PasskeyChallengeExpiredException() from None
    except challenges.ChallengeFailed:
        raise PasskeyChallengeNotFoundException() from None
    needed = "required" if verified else "preferred"
    return {"challenge": challenge, "user_verification": needed}


def _checked(call: Call, check: Callable[[], T], user: User | None = None) -> T:
    """Run a check. Raises PasskeyRefusedException if it fails; only the audit log gets the reason."""
    try:
        return check()
    except MALFORMED as error:
        reason = f"{type(error).__name__}: {error}"[:200]
        audit.record("passkey_refused", user=user, call=call, reason=reason)
        raise PasskeyRefusedException(reason=Reason.INVALID) from None


def _registered(
    state: dict[str, Any], request: PasskeyRegistrationRequest, credential: dict[str, Any]
) -> AuthenticatorData:
    """The data of a new key. Raises ValueError and the others of MALFORMED."""
    if len(request.attestation_object) > ATTESTATION_MAX_BYTES:
        raise ValueError("The attestation is too large.")
    found = AttestationObject(request.attestation_object).auth_data.credential_data
    if found is None or found.credential_id != request.key_id or len(request.key_id) > ID_MAX_BYTES:
        raise ValueError("The key's id is not that of the attestation.")
    if found.public_key.get(3) not in CoseKey.supported_algorithms():
        raise ValueError("The key's algorithm is not supported.")
    _refuse_frames(request.client_data_json)
    return _server().register_complete(state, credential)


def _authenticated(
    state: dict[str, Any], request: PasskeyLoginRequest, stored: Authenticator
) -> AuthenticatorData:
    """The data of a sign-in. Raises ValueError and the others of MALFORMED."""
    known = _attestation(stored).auth_data
    answer = AuthenticatorData(request.authenticator_data)
    _refuse_frames(request.client_data_json)
    _server().authenticate_complete(
        state,
        [known.credential_data] if known.credential_data else [],
        as_json(
            request.key_id,
            clientDataJSON=request.client_data_json,
            authenticatorData=request.authenticator_data,
            signature=request.signature,
        ),
    )
    before = stored.data.get("sign_count", known.counter)
    if (answer.counter or before) and answer.counter <= before:
        raise ValueError(f"The counter is {answer.counter} after {before}: there may be a copy of the key.")
    return answer


def _refuse_frames(client_data: bytes) -> None:
    if CollectedClientData(client_data).cross_origin:
        raise ValueError("The page was in a frame of another site.")


def _attestation(stored: Authenticator) -> AttestationObject:
    return AttestationObject(websafe_decode(stored.data["credential"]["response"]["attestationObject"]))


def _server() -> Fido2Server:
    allowed = conf.PASSKEY_ORIGINS or [f"https://{conf.PASSKEY_RP_ID}"]
    party = PublicKeyCredentialRpEntity(id=conf.PASSKEY_RP_ID, name=conf.PASSKEY_RP_ID)
    return Fido2Server(party, verify_origin=lambda origin: origin in allowed)


def as_json(key_id: bytes, **response: bytes) -> dict[str, Any]:
    """Return a credential in the JSON of browsers, which allauth stores. Source: section 5.1 of Level 3."""
    id = websafe_encode(key_id)
    return {
        "id": id,
        "rawId": id,
        "type": "public-key",
        "response": {name: websafe_encode(value) for name, value in response.items()},
        "clientExtensionResults": {
            "credProps": {"rk": True}
        },  # a discoverable key, for a sign-in without a user name
    }
