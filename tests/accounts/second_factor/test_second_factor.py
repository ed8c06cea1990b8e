"""Second factors in apps: every sign-in method asks for them, and only their owner changes them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from accounts.endpoints.idp_passkey import PasskeyIdpBaseEndpoint
from accounts.models import Challenge, SecurityEvent, Session, User
from accounts.protocol import (
    AuthSuccess,
    AuthUserBlockedException,
    SecondFactorException,
    SecondFactorRequiredException,
)
from accounts.providers.claims import Claims
from accounts.sign_in import identities
from podium.core import clock
from podium.endpoints import testing
from podium.endpoints.calls import Call, Identity
from podium.endpoints.errors import NotSignedIn
from tests.accounts.conftest import PASSWORD, just_signed_in, works
from tests.accounts.software_key import FLAG, SoftwareKey

pytestmark = pytest.mark.django_db(transaction=True)


class PasskeyIdpEndpoint(PasskeyIdpBaseEndpoint):
    """A subclass as in an app."""


@pytest.fixture(autouse=True)
def served(settings: Any) -> Iterator[None]:
    settings.ACCOUNTS_PASSKEY_RP_ID = "example.com"
    settings.ACCOUNTS_PASSKEY_ORIGINS = []
    with testing.serving(PasskeyIdpEndpoint):
        yield


class App:
    """An authenticator app with the server's clock. Each code is from a later period, so none was used."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.secret, self.now = "", time.time()
        monkeypatch.setattr("time.time", lambda: self.now)

    def code(self) -> str:
        self.now += 30
        return totp.format_hotp_value(totp.hotp_value(self.secret, int(self.now) // 30))


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> App:
    return App(monkeypatch)


def call(method: str, **arguments: Any) -> Any:
    return testing.call(f"secondFactor.{method}", **arguments)


def reason(method: str, **arguments: Any) -> str:
    with pytest.raises(SecondFactorException) as refused:
        call(method, **arguments)
    return str(refused.value.reason.value)


def set_up(app: App, user: Any, proof: str | None = PASSWORD) -> list[str]:
    app.secret = call("start_totp", user=user, proof=proof).secret
    codes: list[str] = call("confirm_totp", user=user, code=app.code())
    return codes


def asked(sign_in: Any) -> str:
    """The ticket of a sign-in that asks for a second factor."""
    before = Session.objects.count()
    with pytest.raises(SecondFactorRequiredException) as due:
        sign_in()
    assert Session.objects.count() == before
    return str(due.value.token)


def by_password() -> AuthSuccess:
    success: AuthSuccess = testing.call("emailIdp.login", email="anna@example.com", password=PASSWORD)
    return success


def events() -> list[str]:
    return list(SecurityEvent.objects.order_by("id").values_list("event", flat=True))


# Signing in ---------------------------------------------------------------------------------------------------------


def test_a_password_and_a_code_sign_in(app: App, anna: User) -> None:
    assert by_password().token
    Session.objects.all().delete()
    set_up(app, anna)
    success = call("finish_sign_in", token=asked(by_password), code=app.code())
    assert works(success.token)
    assert success.auth_user_id == anna.pk
    assert Session.objects.get().method == "email"
    assert not Challenge.objects.exists()


def test_a_code_is_good_once(app: App, anna: User) -> None:
    app.secret = call("start_totp", user=anna, proof=PASSWORD).secret
    code = app.code()
    call("confirm_totp", user=anna, code=code)
    assert reason("finish_sign_in", token=asked(by_password), code=code) == "invalid"
    code = app.code()
    assert call("finish_sign_in", token=asked(by_password), code=code).token
    Session.objects.all().delete()
    assert reason("finish_sign_in", token=asked(by_password), code=code) == "invalid"


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_of_the_step_before_or_after_is_taken(app: App, anna: User, steps: int, taken: bool) -> None:
    set_up(app, anna)
    app.now += 3600
    code = totp.format_hotp_value(totp.hotp_value(app.secret, int(app.now) // 30 + steps))
    if taken:
        assert call("finish_sign_in", token=asked(by_password), code=code).token
    else:
        assert reason("finish_sign_in", token=asked(by_password), code=code) == "invalid"


def test_a_code_works_once_while_it_is_accepted(app: App, anna: User, settings: Any) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    }  # has app's clock
    set_up(app, anna)
    app.now = 30.0 * (int(app.now) // 30 + 100)
    early = totp.format_hotp_value(totp.hotp_value(app.secret, int(app.now) // 30 + 1))
    assert call("finish_sign_in", token=asked(by_password), code=early).token
    for _ in range(3):  # half a minute later, and so on: it would still be taken for two of them
        Session.objects.all().delete()
        app.now += 29
        assert reason("finish_sign_in", token=asked(by_password), code=early) == "invalid"
    app.now += 30
    assert call("finish_sign_in", token=asked(by_password), code=app.code()).token


def test_recovery_codes_are_good_once_each(app: App, anna: User) -> None:
    first, second, *_ = set_up(app, anna)
    assert call("finish_sign_in", token=asked(by_password), code=first).token
    Session.objects.all().delete()
    ticket = asked(by_password)
    assert reason("finish_sign_in", token=ticket, code=first) == "invalid"
    assert call("finish_sign_in", token=ticket, code=second).token
    assert call("status", user=anna).recovery_codes_left == 8


def test_a_ticket_is_left_by_a_wrong_code_but_not_by_many(app: App, anna: User) -> None:
    set_up(app, anna)
    ticket = asked(by_password)
    assert [reason("finish_sign_in", token=ticket, code="000000") for _ in range(4)] == ["invalid"] * 4
    assert call("finish_sign_in", token=ticket, code=app.code()).token
    assert reason("finish_sign_in", token=ticket, code=app.code()) == "expired"
    Session.objects.all().delete()
    ticket = asked(by_password)
    for _ in range(5):
        reason("finish_sign_in", token=ticket, code="000000")
    assert reason("finish_sign_in", token=ticket, code=app.code()) == "expired"


def test_guesses_for_an_account_are_slowed_whatever_the_ticket(
    app: App, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(app, anna)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)  # or a slow machine would have waited long enough
    tickets = [asked(by_password) for _ in range(3)]
    reasons = [reason("finish_sign_in", token=each, code="000000") for each in tickets for _ in range(3)]
    assert reasons[:5] == ["invalid"] * 5
    assert reasons[-1] == "tooManyAttempts"
    assert "too_many_tries" in events()


def test_a_ticket_is_void_after_minutes_and_of_no_use_if_made_up(
    app: App, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_up(app, anna)
    ticket = asked(by_password)
    for made_up in ("", "x", "00000000000000000000000000000000.x", ticket[:-1]):
        assert reason("finish_sign_in", token=made_up, code=app.code()) == "expired"
    now = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: now)
    assert reason("finish_sign_in", token=ticket, code=app.code()) == "expired"


def test_a_ticket_is_for_one_user(app: App, anna: User) -> None:
    set_up(app, anna)
    ben = User.objects.create_user("ben@example.com", PASSWORD)
    theirs = App.__new__(App)
    theirs.secret, theirs.now = call("start_totp", user=ben, proof=PASSWORD).secret, app.now + 30
    app.now += 30
    code = totp.format_hotp_value(totp.hotp_value(theirs.secret, int(app.now) // 30))
    call("confirm_totp", user=ben, code=code)
    assert reason("finish_sign_in", token=asked(by_password), code=code) == "invalid"


def test_an_invalid_code_is_wrong(app: App, anna: User) -> None:
    set_up(app, anna)
    ticket = asked(by_password)
    for code in ("", "x" * 10_000, "١٢٣٤٥٦", "🎉"):
        assert reason("finish_sign_in", token=ticket, code=code) == "invalid"


def test_a_user_blocked_meanwhile_can_not_sign_in(app: App, anna: User) -> None:
    set_up(app, anna)
    ticket = asked(by_password)
    User.objects.update(is_active=False)
    with pytest.raises(AuthUserBlockedException):
        call("finish_sign_in", token=ticket, code=app.code())


def test_a_provider_does_not_leave_it_out(app: App, anna: User) -> None:
    set_up(app, anna)
    EmailAddress.objects.create(user=anna, email=anna.email, primary=True, verified=True)
    claims = Claims(provider="google", subject="1", email="anna@gmail.com", email_verified=True, raw={})
    linking = Call("googleIdp", "login", just_signed_in(anna), {}, "192.0.2.1")
    ticket = asked(lambda: identities.sign_in(linking, claims))
    call("finish_sign_in", token=ticket, code=app.code())
    Session.objects.all().delete()
    again = Call("googleIdp", "login", None, {}, "192.0.2.1")
    ticket = asked(lambda: identities.sign_in(again, claims))
    assert call("finish_sign_in", token=ticket, code=app.code()).auth_user_id == anna.pk


def test_an_account_without_a_name_that_gets_an_address_does_not_leave_it_out(app: App) -> None:
    started = testing.call("anonymousIdp.login")
    me = Identity(str(started.auth_user_id), token_id=str(Session.objects.get().pk))
    set_up(app, me, proof=None)
    arguments = {"email": "new@example.com"}
    request = testing.call("emailIdp.start_registration", user=me, **arguments)
    code = next(line for line in mail.outbox[-1].body.splitlines() if line.isdigit() and len(line) == 8)
    ticket = testing.call(
        "emailIdp.verify_registration_code", user=me, account_request_id=request, verification_code=code
    )
    due = asked(
        lambda: testing.call(
            "emailIdp.finish_registration", user=me, registration_token=ticket, password=PASSWORD
        )
    )
    assert call("finish_sign_in", user=me, token=due, code=app.code()).auth_user_id == started.auth_user_id
    Session.objects.all().delete()
    me = Identity(str(started.auth_user_id))
    asked(lambda: testing.call("anonymousIdp.login", user=me))


# With a passkey -----------------------------------------------------------------------------------------------------


def passkey(user: User) -> SoftwareKey:
    key, me = SoftwareKey(), just_signed_in(user)
    challenge = testing.call("passkeyIdp.create_challenge")
    testing.call("passkeyIdp.register", user=me, registration_request=key.register(challenge))
    Session.objects.filter(pk=me.token_id).delete()
    return key


def answer(key: SoftwareKey, **forged: Any) -> Any:
    return key.sign_in(testing.call("passkeyIdp.create_challenge"), **forged)


def test_a_passkey_is_a_second_factor_too(app: App, anna: User) -> None:
    key = passkey(anna)
    stranger = passkey(User.objects.create_user("ben@example.com"))
    set_up(app, anna)
    ticket = asked(by_password)
    method = "finish_sign_in_with_passkey"
    assert reason(method, token=ticket, login_request=answer(stranger)) == "invalid"
    assert call(method, token=ticket, login_request=answer(key, flags=FLAG.UP)).token
    Session.objects.all().delete()
    one = asked(lambda: testing.call("passkeyIdp.login", login_request=answer(key, flags=FLAG.UP)))
    assert reason(method, token=one, login_request=answer(key)) == "invalid"
    assert call("finish_sign_in", token=one, code=app.code()).token


# Setting up ---------------------------------------------------------------------------------------------------------


def test_setting_up_gives_what_an_authenticator_app_reads(app: App, anna: User) -> None:
    made = call("start_totp", user=anna, proof=PASSWORD)
    uri = urlsplit(made.uri)
    assert (uri.scheme, uri.netloc, uri.path) == ("otpauth", "totp", "/anna%40example.com")
    assert parse_qs(uri.query)["secret"] == [made.secret]
    assert by_password().token
    assert reason("confirm_totp", user=anna, code="000000") == "invalid"
    app.secret = made.secret
    codes = call("confirm_totp", user=anna, code=app.code())
    assert len(set(codes)) == 10
    status = call("status", user=anna)
    assert (status.required, status.totp, status.recovery_codes_left) == (True, True, 10)
    assert [mail.outbox[-1].to, "uthenticator" in mail.outbox[-1].body] == [[anna.email], True]
    assert "second_factor_added" in events()


def test_a_set_up_can_be_tried_a_few_times_and_minutes(
    app: App, anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reason("confirm_totp", user=anna, code="000000") == "expired"
    app.secret = call("start_totp", user=anna, proof=PASSWORD).secret
    now = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: now)
    assert reason("confirm_totp", user=anna, code=app.code()) == "expired"
    assert not Authenticator.objects.exists()


def test_a_new_authenticator_app_takes_the_place_of_the_old_one(app: App, anna: User) -> None:
    codes = set_up(app, anna)
    assert reason("start_totp", user=anna, proof=PASSWORD) == "invalid"
    old = app.secret
    new_codes = set_up(app, anna, proof=codes[0])
    assert app.secret != old
    assert not set(codes) & set(new_codes)
    assert call("finish_sign_in", token=asked(by_password), code=app.code()).token


def test_changes_need_a_proof(app: App, anna: User) -> None:
    assert reason("start_totp", user=anna) == "proofRequired"
    assert reason("start_totp", user=anna, proof="wrong") == "invalid"
    codes = set_up(app, anna)
    for method in ("disable", "new_recovery_codes"):
        for wrong in ("", "000000", PASSWORD):
            assert reason(method, user=anna, code=wrong) in ("invalid", "tooManyAttempts")
    assert call("status", user=anna).totp
    assert len(Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()) == len(codes)
    assert Authenticator.objects.get(type="recovery_codes").wrap().validate_code(codes[0])


def test_a_user_without_a_password_needs_a_recent_sign_in(app: App) -> None:
    started = testing.call("anonymousIdp.login")
    assert reason("start_totp", user=str(started.auth_user_id)) == "proofRequired"
    me = Identity(str(started.auth_user_id), token_id=str(Session.objects.get().pk))
    Session.objects.update(created_at=clock.now() - timedelta(minutes=11))
    assert reason("start_totp", user=me) == "proofRequired"
    Session.objects.update(created_at=clock.now())
    assert call("start_totp", user=me).secret


def test_an_unconfirmed_address_can_not_shut_its_owner_out(anna: User) -> None:
    EmailAddress.objects.create(user=anna, email=anna.email, primary=True, verified=False)
    assert reason("start_totp", user=anna, proof=PASSWORD) == "emailNotConfirmed"


def test_turning_it_off(app: App, anna: User) -> None:
    assert reason("disable", user=anna, code="000000") == "notSetUp"
    assert reason("new_recovery_codes", user=anna, code="000000") == "notSetUp"
    set_up(app, anna)
    call("disable", user=anna, code=app.code())
    assert not Authenticator.objects.exists()
    assert by_password().token
    assert mail.outbox[-1].to == [anna.email]
    assert events().count("second_factor_removed") == 2


def test_new_recovery_codes_void_the_old_ones(app: App, anna: User) -> None:
    old = set_up(app, anna)
    new = call("new_recovery_codes", user=anna, code=app.code())
    ticket = asked(by_password)
    assert reason("finish_sign_in", token=ticket, code=old[0]) == "invalid"
    assert call("finish_sign_in", token=ticket, code=new[0]).token
    assert "recovery_codes_renewed" in events()


def test_users_remove_only_their_own_passkeys(anna: User) -> None:
    passkey(anna)
    ben = User.objects.create_user("ben@example.com", PASSWORD)
    (mine,) = call("status", user=anna).passkeys
    assert (mine.way_in, call("status", user=anna).required) == (True, False)
    assert reason("remove_passkey", user=ben, passkey_id=mine.id, proof=PASSWORD) == "notSetUp"
    assert reason("remove_passkey", user=anna, passkey_id=mine.id) == "proofRequired"
    call("remove_passkey", user=anna, passkey_id=mine.id, proof=PASSWORD)
    assert call("status", user=anna).passkeys == []
    assert mail.outbox[-1].to == [anna.email]


def test_nobody_changes_anything_without_being_signed_in() -> None:
    methods: dict[str, dict[str, Any]] = {
        "status": {},
        "start_totp": {},
        "confirm_totp": {"code": "1"},
        "disable": {"code": "1"},
        "new_recovery_codes": {"code": "1"},
        "remove_passkey": {"passkey_id": 1},
    }
    for method, arguments in methods.items():
        with pytest.raises(NotSignedIn):
            call(method, **arguments)


# At rest ------------------------------------------------------------------------------------------------------------


def test_secrets_are_encrypted_with_the_secret_key_or_a_fallback(app: App, anna: User, settings: Any) -> None:
    pending = call("start_totp", user=anna, proof=PASSWORD).secret
    assert pending not in str(Challenge.objects.values_list("data", flat=True))
    codes = set_up(app, anna)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert app.secret not in stored
    assert not any(code in stored for code in codes)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new one", [settings.SECRET_KEY]
    assert call("finish_sign_in", token=asked(by_password), code=app.code()).token
    old, settings.SECRET_KEY_FALLBACKS = settings.SECRET_KEY_FALLBACKS, []
    Session.objects.all().delete()
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FALLBACKS"):
        call("finish_sign_in", token=asked(by_password), code=app.code())
    settings.SECRET_KEY_FALLBACKS = old
    call_command("reencrypt_second_factors")
    settings.SECRET_KEY_FALLBACKS = []
    assert call("finish_sign_in", token=asked(by_password), code=app.code()).token
    Session.objects.all().delete()
    assert call("finish_sign_in", token=asked(by_password), code=codes[0]).token
