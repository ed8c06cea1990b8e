"""Both servers on one database: providers' accounts and passkeys; no way around a second factor; the checks."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.checks import Tags, run_checks
from django.db import connection

from accounts.data import merging
from accounts.endpoints.idp_passkey import PasskeyIdpBaseEndpoint
from accounts.models import User
from accounts.protocol import (
    EmailAccountLoginException,
    RefreshTokenNotFoundException,
)
from accounts.serverpod import addresses
from accounts.serverpod import users as serverpod_users
from accounts.sign_in.passkeys import PasskeyChallenge
from podium.endpoints import testing
from tests.accounts.conftest import Make, just_signed_in, works
from tests.accounts.software_key import SoftwareKey
from tests.adopt.conftest import execute
from tests.adopt.steps import OLD, PASSWORD, by_google, login, refresh
from tests.adopt.their_server import TheirServer


def test_two_simultaneous_calls_take_over_a_user(
    call: Make, ben: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As from an app that retries when an answer is late."""
    store = addresses._store

    def after_the_other_call(free: Any) -> None:
        monkeypatch.setattr(addresses, "_store", store)
        with ThreadPoolExecutor(1) as thread:
            thread.submit(_in_a_thread, lambda: login(call)).result()
        store(free)

    monkeypatch.setattr(addresses, "_store", after_the_other_call)
    assert login(call).auth_user_id == ben
    assert EmailAddress.objects.get(user=ben).verified


def _in_a_thread(act: Callable[[], Any]) -> Any:
    try:
        return act()
    finally:
        connection.close()


def test_a_provider_account_of_serverpod_signs_in_the_same_user(ben: uuid.UUID, theirs: TheirServer) -> None:
    theirs.insert(
        "idp_google_account", authUserId=ben, created=OLD, email="ben@gmail.com", userIdentifier="g-1"
    )
    assert by_google("g-1", "ben@gmail.com").auth_user_id == ben
    assert User.objects.count() == 1


def test_a_provider_account_linked_here_signs_in_the_same_user_there(theirs: TheirServer) -> None:
    user = by_google("g-2", "eve@gmail.com").auth_user_id
    [row] = execute('SELECT * FROM "serverpod_auth_idp_google_account"')
    assert (str(row["authUserId"]), row["userIdentifier"]) == (str(user), "g-2")
    SocialAccount.objects.get(uid="g-2").delete()
    assert execute('SELECT * FROM "serverpod_auth_idp_google_account"') == []


@pytest.mark.parametrize("provider", ["google", "apple", "facebook", "github", "microsoft", "firebase"])
def test_each_provider_has_its_table(theirs: TheirServer, provider: str) -> None:
    user = User.objects.create_user()
    SocialAccount.objects.create(user=user, provider=provider, uid="u-1")
    [row] = execute(f'SELECT "authUserId" FROM "serverpod_auth_idp_{provider}_account"')
    assert str(row["authUserId"]) == str(user.pk)
    SocialAccount.objects.all().delete()
    assert execute(f'SELECT 1 FROM "serverpod_auth_idp_{provider}_account"') == []


def test_a_merge_moves_the_sign_in_methods_there(call: Make, ben: uuid.UUID, theirs: TheirServer) -> None:
    login(call)
    other = by_google("g-3", "other@gmail.com").auth_user_id
    merging.merge(User.objects.get(pk=ben), User.objects.get(pk=other))
    [row] = execute('SELECT * FROM "serverpod_auth_idp_google_account"')
    assert str(row["authUserId"]) == str(ben)
    assert theirs.signs_in("ben@example.com", PASSWORD) == ben


class PasskeyIdpEndpoint(PasskeyIdpBaseEndpoint):
    """The endpoint as an app extends it."""


def test_passkeys_of_either_server_work_on_both(ben: uuid.UUID, theirs: TheirServer, settings: Any) -> None:
    settings.ACCOUNTS_PASSKEY_RP_ID = "example.com"
    settings.ACCOUNTS_PASSKEY_ORIGINS = ["https://example.com"]
    with testing.serving(PasskeyIdpEndpoint):
        key = SoftwareKey()
        challenge = testing.call("passkeyIdp.createChallenge")
        made = key.register(challenge)
        theirs.insert(
            "idp_passkey_account",
            **{
                "authUserId": ben,
                "createdAt": OLD,
                "keyId": key.id,
                "originalChallenge": challenge.challenge,
            },
            keyIdBase64=base64.b64encode(key.id).decode(),
            clientDataJSON=made.client_data_json,
            attestationObject=made.attestation_object,
        )
        request = key.sign_in(testing.call("passkeyIdp.createChallenge"))
        assert testing.call("passkeyIdp.login", login_request=request).auth_user_id == ben
        second = SoftwareKey()
        me = just_signed_in(User.objects.get(pk=ben))
        challenge = testing.call("passkeyIdp.createChallenge")
        testing.call("passkeyIdp.register", user=me, registration_request=second.register(challenge))
    rows = {bytes(row["keyId"]): row for row in execute('SELECT * FROM "serverpod_auth_idp_passkey_account"')}
    assert set(rows) == {key.id, second.id}
    assert bytes(rows[second.id]["originalChallenge"]) == challenge.challenge
    Authenticator.objects.all().delete()
    assert execute('SELECT * FROM "serverpod_auth_idp_passkey_account"') == []


def test_a_sign_in_at_serverpod_does_not_bypass_a_second_factor(
    ben: uuid.UUID, theirs: TheirServer, settings: Any
) -> None:
    before, earlier = theirs.session(ben), theirs.refresh_token(ben)
    Authenticator.objects.create(user_id=ben, type=Authenticator.Type.TOTP, data={"secret": "x"})
    key, text = theirs.session(ben), theirs.refresh_token(ben)
    assert works(before) and not works(key)
    settings.ACCOUNTS_SESSION_STRATEGY = "jwt"
    assert refresh(earlier).auth_user_id == ben
    with pytest.raises(RefreshTokenNotFoundException):
        refresh(text)
    assert theirs.knows_session(key) == ben and theirs.rotates(text) is not None
    passkey = SoftwareKey()
    made = passkey.register(PasskeyChallenge(b"x" * 32, uuid.uuid4()))
    theirs.insert(
        "idp_passkey_account",
        **{"authUserId": ben, "createdAt": "2099-01-01", "keyId": passkey.id, "originalChallenge": b"x" * 32},
        keyIdBase64=base64.b64encode(passkey.id).decode(),
        clientDataJSON=made.client_data_json,
        attestationObject=made.attestation_object,
    )
    serverpod_users.by_passkey(passkey.id)
    assert not Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).exists()


def test_staff_keep_their_address(call: Make, theirs: TheirServer) -> None:
    boss = User.objects.create_superuser("ben@example.com")
    theirs.email(theirs.user(), "ben@example.com", PASSWORD)
    with pytest.raises(EmailAccountLoginException):
        login(call)
    boss.refresh_from_db()
    assert boss.email == "ben@example.com"


def test_the_checks_name_missing_settings_and_tables(theirs: TheirServer, settings: Any) -> None:
    def ids() -> set[str]:
        found = run_checks(tags=[Tags.database], databases=["default"]) + run_checks()
        return {each.id for each in found if each.id and each.id.startswith("accounts.")}

    assert ids() & {"accounts.E009", "accounts.E010", "accounts.W002"} == set()
    settings.ACCOUNTS_SERVERPOD_SESSION_PEPPERS = []
    settings.ACCOUNTS_SERVERPOD_PEPPERS = []
    execute('ALTER TABLE "serverpod_auth_core_session" RENAME TO "hidden"')
    try:
        assert {"accounts.E009", "accounts.E010", "accounts.W002"} <= ids()
        execute(
            'CREATE TABLE "serverpod_user_info" (id bigint)'
        )  # a database of Serverpod 1 or 2 has the older module
        assert "accounts.E010" not in ids()
        execute('DROP TABLE "serverpod_user_info"')
    finally:
        execute('ALTER TABLE "hidden" RENAME TO "serverpod_auth_core_session"')


def test_the_setting_does_no_harm_without_serverpods_tables(call: Make, anna: User, settings: Any) -> None:
    """As in a database of Serverpod 1 or 2, or after they were dropped."""
    settings.ACCOUNTS_SERVERPOD_TABLES = True
    settings.ACCOUNTS_SERVERPOD_SESSION_PEPPERS = ["pepper of sessions"]
    token = login(call, email="anna@example.com").token
    assert token.startswith("podium_") and works(token)
    assert not works("c2Fz" + "A" * 64)
    assert by_google("g-1", "anna@gmail.com").auth_user_id != anna.pk
    anna.delete()
    assert not works(token)
