"""Passkeys through the endpoint that apps extend, with real keys and signatures, and every refusal."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.checks import run_checks
from django.db import connection, transaction
from django.test import Client
from fido2.utils import websafe_decode

from accounts.endpoints.idp_passkey import PasskeyIdpBaseEndpoint
from accounts.models import Challenge, SecurityEvent, Session, User
from accounts.protocol import (
    AuthUserBlockedException,
    PasskeyChallengeExpiredException,
    PasskeyChallengeNotFoundException,
    PasskeyPublicKeyNotFoundException,
    PasskeyRefusedException,
    SecondFactorRequiredException,
    SignInWhileAuthenticatedException,
)
from accounts.sign_in import passkeys
from podium.core import clock
from podium.endpoints import testing
from podium.endpoints.calls import Identity
from podium.endpoints.errors import NotSignedIn
from tests.accounts.conftest import just_signed_in, works
from tests.accounts.software_key import FLAG, SoftwareKey

ANDROID = "android:apk-key-hash:pNiP5iKyQ8JwgGOaKA1zGPUPJIS-0H1xKCQcfIoGLck"


class PasskeyIdpEndpoint(PasskeyIdpBaseEndpoint):
    """A subclass as in an app."""


@pytest.fixture(autouse=True)
def served(settings: Any, transactional_db: None) -> Iterator[None]:
    settings.ACCOUNTS_PASSKEY_RP_ID = "example.com"
    settings.ACCOUNTS_PASSKEY_ORIGINS = ["https://example.com", ANDROID]
    with testing.serving(PasskeyIdpEndpoint):
        yield


def call(method: str, **arguments: Any) -> Any:
    return testing.call(f"passkeyIdp.{method}", **arguments)


def register(key: SoftwareKey, user: Any, **forged: Any) -> None:
    """Add a key. For a User, sign in a device just for this and sign it out afterwards."""
    me = just_signed_in(user) if isinstance(user, User) else user
    try:
        call("register", user=me, registration_request=key.register(call("create_challenge"), **forged))
    finally:
        if isinstance(user, User):
            Session.objects.filter(pk=me.token_id).delete()


def login(key: SoftwareKey, *, user: Any = None, **forged: Any) -> Any:
    return call("login", user=user, login_request=key.sign_in(call("create_challenge"), **forged))


@pytest.fixture
def key(anna: User) -> SoftwareKey:
    """Anna's registered key."""
    key = SoftwareKey()
    register(key, anna)
    return key


def why() -> str:
    return str(SecurityEvent.objects.filter(event="passkey_refused").latest("id").details["reason"])


def test_a_passkey_signs_in_its_user(key: SoftwareKey, anna: User) -> None:
    success = login(key)
    assert works(success.token)
    assert success.auth_user_id == anna.pk
    assert Session.objects.get().method == "passkey"
    stored = Authenticator.objects.get()
    assert (stored.type, stored.data["sign_count"]) == ("webauthn", key.counter)
    assert stored.last_used_at is not None
    assert mail.outbox[0].to == [anna.email]
    assert not Challenge.objects.exists()
    events = list(SecurityEvent.objects.order_by("id").values_list("event", flat=True))
    assert events == ["second_factor_added", "second_factor_used", "signed_in"]


def test_an_app_on_android_signs_in_with_its_own_origin(anna: User) -> None:
    key = SoftwareKey(origin=ANDROID)
    register(key, anna)
    assert login(key).auth_user_id == anna.pk


def test_without_origins_the_domain_itself_is_the_only_one(key: SoftwareKey, settings: Any) -> None:
    settings.ACCOUNTS_PASSKEY_ORIGINS = []
    assert login(key).token
    with pytest.raises(PasskeyRefusedException):
        login(key, origin=ANDROID)


def test_adding_a_passkey_keeps_the_password(key: SoftwareKey, anna: User) -> None:
    assert testing.call("emailIdp.login", email=anna.email, password="correct horse battery 7").token


def test_has_account_tells_if_the_user_has_a_passkey(key: SoftwareKey, anna: User) -> None:
    assert call("has_account", user=anna) is True
    assert call("has_account", user=User.objects.create_user("ben@example.com")) is False
    assert call("has_account") is False


def test_only_a_signed_in_user_adds_a_passkey(anna: User) -> None:
    with pytest.raises(NotSignedIn):
        register(SoftwareKey(), None)


FORGED_BY_ANYONE: dict[str, tuple[dict[str, Any], str]] = {
    "another origin": ({"origin": "https://example.com.evil.test"}, "Invalid origin"),
    "a subdomain that is not listed": ({"origin": "https://a.example.com"}, "Invalid origin"),
    "another app": ({"origin": "android:apk-key-hash:AAAA"}, "Invalid origin"),
    "another domain": ({"rp_id": "evil.test"}, "Wrong RP ID hash"),
    "nobody there": ({"flags": FLAG.UV}, "User Present flag not set"),
    "a frame of another site": ({"cross_origin": True}, "frame of another site"),
}
AT_SIGN_IN: dict[str, tuple[dict[str, Any], str]] = {
    **FORGED_BY_ANYONE,
    "an answer for registering": ({"type": "webauthn.create"}, "Incorrect type"),
    "a signature of nothing": ({"signature": b"0" * 70}, "Invalid signature"),
    "the counter of a copy": ({"counter": 1}, "The counter is 1 after 1"),
    "no counter any more": ({"counter": 0}, "The counter is 0 after 1"),
}
AT_REGISTRATION: dict[str, tuple[dict[str, Any], str]] = {
    **FORGED_BY_ANYONE,
    "an answer for signing in": ({"type": "webauthn.get"}, "Incorrect type"),
    "the id of another key": ({"key_id": b"x" * 32}, "not that of the attestation"),
    "an unknown algorithm": ({"public_key": {1: 2, 3: -999}}, "algorithm is not supported"),
}


@pytest.mark.parametrize("case", AT_SIGN_IN)
def test_signing_in_is_refused_with(case: str, key: SoftwareKey) -> None:
    forged, reason = AT_SIGN_IN[case]
    with pytest.raises(PasskeyRefusedException) as refused:
        login(key, **forged)
    assert refused.value.reason.value == "invalid"
    assert reason in why()
    assert not Session.objects.exists()
    assert Authenticator.objects.get().data["sign_count"] == 1


@pytest.mark.parametrize("case", AT_REGISTRATION)
def test_adding_is_refused_with(case: str, anna: User) -> None:
    forged, reason = AT_REGISTRATION[case]
    with pytest.raises(PasskeyRefusedException) as refused:
        register(SoftwareKey(), anna, **forged)
    assert refused.value.reason.value == "invalid"
    assert reason in why()
    assert not Authenticator.objects.exists()


def test_another_keys_signature_opens_nothing(key: SoftwareKey) -> None:
    thief = SoftwareKey()
    thief.id = key.id
    with pytest.raises(PasskeyRefusedException):
        login(thief)


def test_a_malformed_answer_is_refused(key: SoftwareKey, anna: User) -> None:
    challenge = call("create_challenge")
    for change in ({"client_data_json": b"["}, {"client_data_json": b"[" * 100_000}):
        request = key.sign_in(challenge)
        vars(request).update(change)
        with pytest.raises(PasskeyRefusedException):
            call("login", login_request=request)
    for data in (b"", b"\x00" * 36, b"\xff" * 200):
        request = key.sign_in(call("create_challenge"))
        request.authenticator_data = data
        with pytest.raises(PasskeyRefusedException):
            call("login", login_request=request)
    for attestation in (b"", b"\xa0", b"\xff", b"\x81" * 10_000, b"\xa3cfmtdnonegattStmt\xa0hauthDataA0"):
        new = SoftwareKey().register(call("create_challenge"))
        new.attestation_object = attestation
        with pytest.raises(PasskeyRefusedException):
            call("register", user=just_signed_in(anna), registration_request=new)


def test_a_challenge_is_good_once_and_for_minutes(key: SoftwareKey, monkeypatch: pytest.MonkeyPatch) -> None:
    challenge = call("create_challenge")
    assert call("login", login_request=key.sign_in(challenge)).token
    with pytest.raises(PasskeyChallengeNotFoundException):
        call("login", login_request=key.sign_in(challenge))
    challenge = call("create_challenge")
    with pytest.raises(PasskeyRefusedException):
        call("login", login_request=key.sign_in(challenge, signature=b"0" * 70))
    with pytest.raises(PasskeyChallengeNotFoundException):
        call("login", login_request=key.sign_in(challenge))
    with pytest.raises(PasskeyChallengeNotFoundException):
        call("login", login_request=key.sign_in(challenge, challenge=b"another challenge"))
    late = key.sign_in(call("create_challenge"))
    now = clock.now() + timedelta(minutes=6)
    monkeypatch.setattr(clock, "now", lambda: now)
    with pytest.raises(PasskeyChallengeExpiredException):
        call("login", login_request=late)


def test_challenges_are_counted(settings: Any) -> None:
    settings.ACCOUNTS_THROTTLE_RATES = {"passkey": {"address": "2/h"}}
    challenges = [call("create_challenge") for _ in range(2)]
    assert len({each.challenge for each in challenges}) == 2
    with pytest.raises(PasskeyRefusedException) as refused:
        call("create_challenge")
    assert refused.value.reason.value == "tooManyAttempts"


def test_a_passkey_that_nobody_has_here(anna: User) -> None:
    with pytest.raises(PasskeyPublicKeyNotFoundException):
        login(SoftwareKey())


def test_a_passkey_belongs_to_one_user(key: SoftwareKey, anna: User) -> None:
    ben = User.objects.create_user("ben@example.com")
    for somebody in (ben, anna):
        with pytest.raises(PasskeyRefusedException) as refused:
            register(key, somebody)
        assert refused.value.reason.value == "alreadyKnown"
    assert login(key).auth_user_id == anna.pk


def test_a_passkey_is_found_by_an_index(key: SoftwareKey) -> None:
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = passkeys.find(key.id).explain()
    assert "accounts_passkey_credential" in plan


def test_a_passkey_that_is_kept_in_step_over_devices_has_no_counter(anna: User) -> None:
    key = SoftwareKey()
    key.counter = 0
    register(key, anna)
    assert login(key).token
    assert login(key).token


def test_it_is_two_factors_only_where_the_user_was_verified(key: SoftwareKey, anna: User) -> None:
    Authenticator.objects.create(user=anna, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert login(key).token
    with pytest.raises(SecondFactorRequiredException):
        login(key, flags=FLAG.UP)
    Authenticator.objects.filter(type="totp").delete()
    assert login(key, flags=FLAG.UP).token
    assert set(Session.objects.values_list("method", flat=True)) == {"passkey", "passkey_unverified"}


def test_verification_can_be_required(key: SoftwareKey, anna: User, settings: Any) -> None:
    settings.ACCOUNTS_PASSKEY_USER_VERIFICATION = True
    assert login(key).token
    with pytest.raises(PasskeyRefusedException):
        login(key, flags=FLAG.UP)
    with pytest.raises(PasskeyRefusedException):
        register(SoftwareKey(), anna, flags=FLAG.UP)


@pytest.mark.parametrize("factors", [0, 1])
def test_a_new_passkey_needs_a_sign_in_of_the_last_minutes(anna: User, factors: int) -> None:
    if factors:
        Authenticator.objects.create(user=anna, type=Authenticator.Type.TOTP, data={"secret": "x"})
    with pytest.raises(PasskeyRefusedException) as refused:
        register(SoftwareKey(), Identity(str(anna.pk)))
    assert refused.value.reason.value == "signInAgain"
    row = Session.objects.create(user=anna, digest=b"x" * 32)
    me = Identity(str(anna.pk), token_id=str(row.pk))
    Session.objects.update(created_at=clock.now() - timedelta(minutes=11))
    with pytest.raises(PasskeyRefusedException):
        register(SoftwareKey(), me)
    Session.objects.update(created_at=clock.now())
    register(SoftwareKey(), me)


def test_a_blocked_user_can_not_sign_in(key: SoftwareKey, anna: User) -> None:
    User.objects.update(is_active=False)
    with pytest.raises(AuthUserBlockedException):
        login(key)


def test_a_user_signed_in_to_another_account_keeps_it(key: SoftwareKey) -> None:
    ben = User.objects.create_user("ben@example.com")
    with pytest.raises(SignInWhileAuthenticatedException):
        login(key, user=ben)


def test_the_pages_for_browsers_take_the_same_passkey(key: SoftwareKey, anna: User, settings: Any) -> None:
    browser = Client()
    url = "/account/2fa/webauthn/login/"
    ajax = {"X-Requested-With": "XMLHttpRequest"}
    options = browser.get(url, headers=ajax).json()["request_options"]["publicKey"]
    assert options["rpId"] == "example.com"

    class Challenge:
        id, challenge = uuid.uuid4(), websafe_decode(options["challenge"])

    credential = key.for_browsers(key.sign_in(Challenge), anna.pk)
    assert browser.post(url, {"credential": json.dumps(credential)}).status_code == 302
    assert browser.session["_auth_user_id"] == str(anna.pk)


@pytest.mark.parametrize(
    ("rp_id", "origins", "fault"),
    [
        ("", [], "ACCOUNTS_PASSKEY_RP_ID is ''"),
        ("https://example.com", [], "ACCOUNTS_PASSKEY_RP_ID is 'https://example.com'"),
        ("192.0.2.1", [], "ACCOUNTS_PASSKEY_RP_ID"),
        ("example.com", ["example.com"], "'example.com' is not an origin"),
        ("example.com", ["https://example.com/"], "is not an origin"),
        ("example.com", ["android:apk-key-hash:A4:0D"], "is not an origin"),
        ("example.com", ["https://app.example.com", ANDROID], ""),
        ("localhost", ["http://localhost:8000"], ""),
    ],
)
def test_check_finds_passkeys_that_are_not_set_up(
    rp_id: str, origins: list[str], fault: str, settings: Any
) -> None:
    settings.ACCOUNTS_PASSKEY_RP_ID = rp_id
    settings.ACCOUNTS_PASSKEY_ORIGINS = origins
    found = [each.msg for each in run_checks() if each.id == "accounts.E007"]
    assert len(found) == bool(fault)
    assert all(fault in each for each in found)


def test_passkeys_that_are_off_need_no_settings(settings: Any) -> None:
    settings.ACCOUNTS_PASSKEY_RP_ID = ""
    settings.ACCOUNTS_SIGN_IN = ["email"]
    assert not [each for each in run_checks() if each.id == "accounts.E007"]
