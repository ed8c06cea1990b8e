"""A server that demands a second factor: without one a user can only set it up, through every entry point."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client

from accounts.endpoints.idp_passkey import PasskeyIdpBaseEndpoint
from accounts.models import Session, User
from accounts.protocol import PasskeyRefusedException, SecondFactorRequiredException
from accounts.sessions import identity_cache, sessions
from podium.endpoints import testing
from podium.endpoints.errors import SignInUnfinished
from tests import processes
from tests.accounts.conftest import PASSWORD, Make
from tests.accounts.software_key import FLAG, SoftwareKey
from tests.realtime.client import connect

pytestmark = pytest.mark.django_db(transaction=True)


ROOT = Path(__file__).parent.parent.parent.parent


class PasskeyIdpEndpoint(PasskeyIdpBaseEndpoint):
    """A subclass as in an app."""


@pytest.fixture(autouse=True)
def demanded(settings: Any) -> Iterator[None]:
    settings.ACCOUNTS_REQUIRE_SECOND_FACTOR = "everybody"
    settings.ACCOUNTS_PASSKEY_RP_ID = "example.com"
    settings.ACCOUNTS_PASSKEY_ORIGINS = []
    with testing.serving(PasskeyIdpEndpoint):
        yield


@pytest.fixture
def root(transactional_db: None) -> User:
    return User.objects.create_superuser("root@example.com", PASSWORD)


def sign_in(call: Make, email: str = "anna@example.com") -> str:
    return str(call("emailIdp.login", email=email, password=PASSWORD).token)


def code(secret: str) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30)))


def set_up(call: Make, token: str) -> None:
    secret = call("secondFactor.start_totp", token=token, proof=PASSWORD).secret
    call("secondFactor.confirm_totp", token=token, code=code(secret))


def rest(token: str) -> Any:
    return Client().get("/api/notes/", headers={"Authorization": f"Bearer {token}"})


def test_a_user_without_a_second_factor_can_only_set_one_up(call: Make, anna: User) -> None:
    token = sign_in(call)
    for method, given in (
        ("accounts.list_devices", {}),
        ("accountData.export_data", {}),
        ("notes.list_notes", {}),
        ("files.start_upload", {"name": "a.txt", "size": 1, "contentType": "text/plain"}),
    ):
        with pytest.raises(SignInUnfinished):
            call(method, token=token, **given)
    assert rest(token).status_code == 403
    assert rest(token).json()["error"]["code"] == "endpoints.sign_in_unfinished"
    status = call("secondFactor.status", token=token)
    assert (status.demanded, status.required) == (True, False)
    assert call("serverpod_auth_core.status.is_signed_in", token=token)
    set_up(call, token)
    assert call("accounts.list_devices", token=token)
    assert rest(token).status_code == 200
    with pytest.raises(SecondFactorRequiredException):
        sign_in(call)


def test_removing_it_restricts_the_user_again(call: Make, anna: User) -> None:
    token = sign_in(call)
    set_up(call, token)
    anna.authenticator_set.all().delete()  # type: ignore[attr-defined]
    identity_cache.cache.forget(None)
    with pytest.raises(SignInUnfinished):
        call("accounts.list_devices", token=token)


def test_an_unfinished_sign_in_adds_no_sign_in_method(call: Make, anna: User) -> None:
    """It does not count as a sign-in that could add another sign-in method to the account."""
    first = sign_in(call)
    second = call("emailIdp.login", token=first, email="anna@example.com", password=PASSWORD).token
    assert Session.objects.count() == 2
    assert first != second
    assert call("anonymousIdp.login", token=first).auth_user_id != anna.pk


def test_a_passkey_that_verified_its_user_is_enough(call: Make, anna: User) -> None:
    token, key = sign_in(call), SoftwareKey()

    def register(key: SoftwareKey, **forged: Any) -> None:
        challenge = testing.call("passkeyIdp.create_challenge")
        request = key.register(challenge, **forged)
        testing.call("passkeyIdp.register", user=sessions.look_up(token), registration_request=request)

    with pytest.raises(PasskeyRefusedException):
        register(SoftwareKey(), flags=FLAG.UP | FLAG.AT)
    register(key)
    assert call("accounts.list_devices", token=token)
    challenge = testing.call("passkeyIdp.create_challenge")
    assert testing.call("passkeyIdp.login", login_request=key.sign_in(challenge)).token
    with pytest.raises(SecondFactorRequiredException) as due:
        sign_in(call)  # the password alone no longer signs in
    assert due.value.methods == ["webauthn"]


def test_it_may_be_demanded_of_staff_alone(call: Make, anna: User, root: User, settings: Any) -> None:
    settings.ACCOUNTS_REQUIRE_SECOND_FACTOR = "staff"
    assert call("accounts.list_devices", token=sign_in(call))
    with pytest.raises(SignInUnfinished):
        call("accounts.list_devices", token=sign_in(call, "root@example.com"))


def test_an_operator_works_as_a_user_who_has_none(call: Make, anna: User, root: User) -> None:
    token = sessions.impersonate(anna, operator=root).token
    identity = sessions.look_up(token)
    assert identity is not None
    assert not identity.unfinished


@pytest.mark.slow
def test_streams_are_not_opened_before(anna: User, tmp_path: Path) -> None:
    """Use a real socket, once for a user without a second factor and once for one with it."""
    token = sessions.issue(anna).token
    other = User.objects.create_user("ben@example.com", PASSWORD)
    Authenticator.objects.create(user=other, type=Authenticator.Type.TOTP, data={"secret": "x"})

    async def ask(url: str, given: str) -> str:
        async with connect(url) as client:
            stream = await client.open("notes.watchNotes", auth=f"Bearer {given}")
            return await stream.answer()

    with processes.server(tmp_path, REQUIRE_SECOND_FACTOR="everybody") as server:
        answers = [asyncio.run(ask(server.socket, each)) for each in (token, sessions.issue(other).token)]
    assert answers == ["authorizationDeclined", "success"]


# Pages --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page", ["/admin/", "/admin/accounts/user/", "/account/data/", "/account/password/change/"]
)
def test_pages_lead_to_the_set_up(root: User, page: str) -> None:
    browser = Client()
    browser.post("/admin/login/", {"username": "root@example.com", "password": PASSWORD})
    answer = browser.get(page)
    assert (answer.status_code, answer["Location"]) == (302, "/account/2fa/")
    assert b"requires a second factor" in browser.get("/account/2fa/").content


def test_an_export_is_not_given(anna: User) -> None:
    browser = Client()
    browser.force_login(anna)
    assert browser.post("/account/data/export/")["Location"] == "/account/2fa/"


def test_the_headless_api_and_rest_answer_no(anna: User) -> None:
    browser = Client()
    browser.force_login(anna)
    for path in ("/_allauth/browser/v1/auth/sessions", "/api/notes/"):
        answer = browser.get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "endpoints.sign_in_unfinished")
    assert browser.get("/_allauth/browser/v1/account/authenticators").status_code == 200


def test_public_pages_see_a_visitor(anna: User) -> None:
    browser = Client()
    browser.force_login(anna)
    answer = browser.get("/")
    assert answer.status_code == 200
    assert answer.wsgi_request.user.is_anonymous


def test_setting_it_up_on_the_page_opens_the_admin(root: User) -> None:
    browser = Client()
    browser.post("/admin/login/", {"username": "root@example.com", "password": PASSWORD})
    assert browser.get("/account/2fa/totp/activate/")["Location"].startswith("/account/reauthenticate/")
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    page = browser.get("/account/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert browser.post("/account/2fa/totp/activate/", {"code": code(secret)}).status_code == 302
    assert browser.get("/admin/").status_code == 200


@pytest.mark.parametrize(("debug", "word"), [("true", "nobody"), ("false", "staff")])
def test_in_production_it_is_demanded_of_staff(debug: str, word: str) -> None:
    ask = "from config import settings; print(settings.ACCOUNTS_REQUIRE_SECOND_FACTOR)"
    given = {**processes.environment(), "DEBUG": debug}
    given.pop("REQUIRE_SECOND_FACTOR", None)
    done = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == word


def test_a_misspelt_word_is_reported(settings: Any) -> None:
    settings.ACCOUNTS_REQUIRE_SECOND_FACTOR = "all"
    with pytest.raises(SystemCheckError, match=r"accounts\.E008.*REQUIRE_SECOND_FACTOR is 'all'"):
        call_command("check")


def test_an_admin_that_was_moved_leads_to_the_set_up_too(root: User, client: Client, settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.accounts.moved_admin_urls"
    client.force_login(root)
    answer = client.get("/staff/")
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/account/2fa/")
