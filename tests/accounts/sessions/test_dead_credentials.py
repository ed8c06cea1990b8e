"""Invalid credentials count as anonymous in open methods, and apps learn that their session has ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.endpoints.idp_passkey import PasskeyIdpBaseEndpoint
from accounts.models import Session, User
from accounts.providers.google.endpoints import GoogleIdpBaseEndpoint
from accounts.sessions import sessions
from podium.core import clock
from podium.endpoints import testing
from podium.endpoints.calls import CredentialExpired
from podium.endpoints.errors import BadAuthorizationHeader, NotSignedIn
from tests.accounts.conftest import PASSWORD, Make, works


class PasskeyIdpEndpoint(PasskeyIdpBaseEndpoint):
    """A subclass as in an app."""


class GoogleIdpEndpoint(GoogleIdpBaseEndpoint):
    """A subclass as in an app."""


def revoked(anna: User) -> str:
    issued = sessions.issue(anna)
    sessions.revoke(sessions.own(str(issued.row.pk)))
    return issued.token


def of_a_blocked_user(anna: User) -> str:
    issued = sessions.issue(anna)
    anna.is_active = False
    anna.save()
    return issued.token


def of_a_deleted_user(anna: User) -> str:
    issued = sessions.issue(anna)
    User.objects.get(pk=anna.pk).delete()
    return issued.token


def of_a_sign_in_past_its_end(anna: User) -> str:
    issued = sessions.issue(anna)
    Session.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    return issued.token


def not_signed_here(anna: User) -> str:
    head, _, end = sessions.issue(anna).token.rpartition(".")
    return f"{head}.{'A' * len(end)}" if head else f"podium_{'A' * 43}"


def made_up(anna: User) -> str:
    return "made-up"


DEAD = [revoked, of_a_blocked_user, of_a_deleted_user, of_a_sign_in_past_its_end, not_signed_here, made_up]
ANSWERS = {
    "serverpod_auth_core.status.isSignedIn": False,
    "serverpod_auth_core.status.signOutDevice": None,
    "serverpod_auth_core.status.signOutAllDevices": None,
    "emailIdp.hasAccount": False,
    "googleIdp.hasAccount": False,
    "passkeyIdp.hasAccount": False,
    "greeting.hello": "Hello Anna",
}
REFUSED = [
    "serverpod_auth_core.userProfileInfo.get",
    "accounts.listDevices",
    "accountData.listConsents",
    "secondFactor.status",
    "notes.listNotes",
]


@pytest.mark.parametrize("strategy", ["session", "jwt"])
@pytest.mark.parametrize("dead", DEAD)
def test_open_methods_run_without_a_user_for_a_dead_credential_and_others_refuse_it(
    call: Make, anna: User, settings: Any, strategy: str, dead: Callable[[User], str]
) -> None:
    settings.ACCOUNTS_SESSION_STRATEGY = strategy
    token = dead(anna)
    with testing.serving(GoogleIdpEndpoint, PasskeyIdpEndpoint):
        found = {
            name: call(name, token=token, **({"name": "Anna"} if name == "greeting.hello" else {}))
            for name in ANSWERS
        }
    assert found == ANSWERS
    for name in REFUSED:
        with pytest.raises(NotSignedIn):
            call(name, token=token)


@pytest.fixture
def expired(anna: User, settings: Any, later: Callable[..., None]) -> sessions.Issued:
    """An expired access token of a valid sign-in."""
    settings.ACCOUNTS_SESSION_STRATEGY = "jwt"
    issued = sessions.issue(anna)
    later(minutes=11)
    return issued


@pytest.mark.parametrize("name", [*ANSWERS, *REFUSED])
def test_an_expired_access_token_is_refused_so_that_the_client_renews_it(
    call: Make, expired: sessions.Issued, name: str
) -> None:
    with testing.serving(GoogleIdpEndpoint, PasskeyIdpEndpoint), pytest.raises(CredentialExpired) as refused:
        call(name, token=expired.token, **({"name": "Anna"} if name == "greeting.hello" else {}))
    assert refused.value.status == 401


def test_signing_out_with_an_expired_token_ends_the_sign_in_once_it_is_renewed(
    call: Make, expired: sessions.Issued
) -> None:
    with pytest.raises(CredentialExpired):
        call("serverpod_auth_core.status.signOutDevice", token=expired.token)
    assert Session.objects.exists()
    renewed = call("jwtRefresh.refreshAccessToken", refreshToken=expired.refresh_token).token
    call("serverpod_auth_core.status.signOutDevice", token=renewed)
    assert not Session.objects.exists()


@pytest.mark.parametrize("dead", [revoked, of_a_sign_in_past_its_end])
def test_an_expired_token_is_dead_once_its_sign_in_has_ended(
    call: Make, anna: User, settings: Any, later: Callable[..., None], dead: Callable[[User], str]
) -> None:
    settings.ACCOUNTS_SESSION_STRATEGY = "jwt"
    token = dead(anna)
    later(minutes=11)
    assert call("serverpod_auth_core.status.isSignedIn", token=token) is False


def test_an_expired_token_does_not_prevent_a_sign_in(call: Make, expired: sessions.Issued) -> None:
    success = call("emailIdp.login", token=expired.token, email="anna@example.com", password=PASSWORD)
    assert works(success.token)


def test_tests_follow_the_same_rule(anna: User, expired: sessions.Issued) -> None:
    def caller(header: str) -> testing.Caller:
        return testing.Caller(headers={"Authorization": header})

    status = "serverpod_auth_core.status.is_signed_in"
    assert caller("Bearer podium_made_up").call(status) is False
    assert caller(f"Bearer {sessions.issue(anna).token}").call(status) is True
    with pytest.raises(CredentialExpired):
        caller(f"Bearer {expired.token}").call(status)
    with pytest.raises(BadAuthorizationHeader):
        caller("Digest x").call(status)
