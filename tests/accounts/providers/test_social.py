"""Signing in with each provider, imitated on this machine; tokens of other apps are refused."""

from __future__ import annotations

import hashlib
import hmac
import logging
import time
from collections.abc import Iterator
from typing import Any, ClassVar

import jwt
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken

from accounts.models import Session, User
from accounts.protocol import (
    FacebookAccessTokenVerificationException,
    FirebaseEmailNotVerifiedException,
    FirebaseIdTokenVerificationException,
    GitHubAccessTokenVerificationException,
    GoogleIdTokenVerificationException,
    IdentityVerificationException,
    MicrosoftAccessTokenVerificationException,
)
from accounts.providers.apple import claims as apple
from accounts.providers.apple import revocation
from accounts.providers.apple.endpoints import AppleIdpBaseEndpoint
from accounts.providers.apple.setup import Apple
from accounts.providers.facebook import claims as facebook
from accounts.providers.facebook.endpoints import FacebookIdpBaseEndpoint
from accounts.providers.firebase import claims as firebase
from accounts.providers.firebase.endpoints import FirebaseIdpBaseEndpoint
from accounts.providers.github import claims as github
from accounts.providers.github.endpoints import GitHubIdpBaseEndpoint
from accounts.providers.google import claims as google
from accounts.providers.google.endpoints import GoogleIdpBaseEndpoint
from accounts.providers.microsoft import claims as microsoft
from accounts.providers.microsoft.endpoints import MicrosoftIdpBaseEndpoint
from podium.endpoints.testing import Caller, call, serving
from tests.accounts import oidc_provider
from tests.accounts.oidc_provider import CLIENT, REDIRECT, SECRET, VERIFIER, Provider, ec_key, pem, rsa_key

pytestmark = pytest.mark.django_db

WEB, PHONE = "123-web.apps.googleusercontent.com", "123-phone.apps.googleusercontent.com"
PROJECT = "our-project"
TENANT = "11111111-2222-3333-4444-555555555555"


class GoogleIdpEndpoint(GoogleIdpBaseEndpoint):
    module: ClassVar[str] = ""


class AppleIdpEndpoint(AppleIdpBaseEndpoint):
    module: ClassVar[str] = ""


class FirebaseIdpEndpoint(FirebaseIdpBaseEndpoint):
    module: ClassVar[str] = ""


class GitHubIdpEndpoint(GitHubIdpBaseEndpoint):
    module: ClassVar[str] = ""


class MicrosoftIdpEndpoint(MicrosoftIdpBaseEndpoint):
    module: ClassVar[str] = ""


class FacebookIdpEndpoint(FacebookIdpBaseEndpoint):
    module: ClassVar[str] = ""


ALL = (
    *(GoogleIdpEndpoint, AppleIdpEndpoint, FirebaseIdpEndpoint),
    *(GitHubIdpEndpoint, MicrosoftIdpEndpoint, FacebookIdpEndpoint),
)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[Provider]:
    """The provider that answers at the addresses of all others."""
    with oidc_provider.running() as running, serving(*ALL), caplog.at_level(logging.INFO, "podium.accounts"):
        for module in (google, apple, firebase, github):
            for name in ("KEYS_URL", "TOKEN_URL"):
                if hasattr(module, name):
                    monkeypatch.setattr(module, name, f"{running.url}/{name.partition('_')[0].lower()}")
        monkeypatch.setattr(google, "KEYS_URL", f"{running.url}/keys")
        monkeypatch.setattr(apple, "KEYS_URL", f"{running.url}/keys")
        monkeypatch.setattr(firebase, "KEYS_URL", f"{running.url}/keys")
        monkeypatch.setattr(google, "TOKEN_INFO_URL", f"{running.url}/tokeninfo")
        monkeypatch.setattr(revocation, "REVOKE_URL", f"{running.url}/revoke")
        monkeypatch.setattr(github, "API_URL", f"{running.url}/api")
        monkeypatch.setattr(microsoft, "LOGIN_URL", running.url)
        monkeypatch.setattr(microsoft, "GRAPH_URL", f"{running.url}/graph")
        monkeypatch.setattr(facebook, "GRAPH_URL", f"{running.url}/fb")
        yield running


def nobody(caplog: pytest.LogCaptureFixture, why: str, *secret: str) -> None:
    """Assert that no user was created or signed in, and that the log has the reason without secrets."""
    assert why in caplog.text
    for each in secret:
        assert each not in caplog.text
    assert not User.objects.exists()
    assert not Session.objects.exists()


# Google ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def with_google(provider: Provider, settings: Any) -> Provider:
    settings.ACCOUNTS_GOOGLE = {"client_ids": [WEB], "client_secret": SECRET, "redirect_uris": [REDIRECT]}
    provider.answers["/tokeninfo"] = lambda query, form, headers: {
        "good-access-token": {"aud": PHONE, "azp": PHONE, "sub": "anna-1"},
        "another-apps": {"aud": "999-x.apps.googleusercontent.com", "azp": WEB, "sub": "anna-1"},
        "another-user": {"aud": WEB, "azp": WEB, "sub": "ben-2"},
        "nobodys": {"aud": WEB, "azp": WEB},
        "empty": {},
    }.get(form["access_token"], (400, {"error": "invalid_token"}))
    return provider


def google_token(provider: Provider, **claims: Any) -> str:
    return provider.token(**{"iss": "https://accounts.google.com", "aud": WEB, "azp": PHONE, **claims})


def test_google(with_google: Provider) -> None:
    told = {
        "email": "Anna@gmail.com",
        "email_verified": True,
        "name": "Anna",
        "picture": "https://x.example/a.png",
    }
    token = google_token(with_google, **told)
    success = call("googleIdp.login", id_token=token, access_token=None)
    user = User.objects.get(pk=success.auth_user_id)
    assert (user.email, user.name) == ("anna@gmail.com", "Anna")
    assert EmailAddress.objects.filter(
        user=user, email="anna@gmail.com", verified=True, primary=True
    ).exists()
    assert Session.objects.get().method == "google"
    again = call("googleIdp.login", id_token=token, access_token="good-access-token")
    assert again.auth_user_id == user.pk
    other_spelling = google_token(with_google, iss="accounts.google.com")
    assert call("googleIdp.login", id_token=other_spelling, access_token=None).auth_user_id == user.pk
    assert call("googleIdp.has_account", user=user) is True
    assert call("appleIdp.has_account", user=user) is False
    assert call("googleIdp.has_account") is False


@pytest.mark.parametrize(
    ("access_token", "why"),
    [
        ("another-apps", "was made for"),
        ("another-user", "another user"),
        ("nobodys", "or of nobody"),
        ("empty", "was made for"),
        ("invented-token", "400: 'invalid_token'"),
    ],
)
def test_google_refuses_an_access_token_of_another(
    with_google: Provider, caplog: pytest.LogCaptureFixture, access_token: str, why: str
) -> None:
    token = google_token(with_google)
    with pytest.raises(GoogleIdTokenVerificationException):
        call("googleIdp.login", id_token=token, access_token=access_token)
    nobody(caplog, why, access_token, token)


@pytest.mark.parametrize(
    "claims", [{"aud": "999-x.apps.googleusercontent.com"}, {"iss": "https://evil.example"}]
)
def test_google_refuses_an_id_token_of_another(
    with_google: Provider, caplog: pytest.LogCaptureFixture, claims: dict[str, str]
) -> None:
    with pytest.raises(GoogleIdTokenVerificationException):
        call("googleIdp.login", id_token=google_token(with_google, **claims), access_token=None)
    nobody(caplog, "the token is")


def test_google_with_a_code(with_google: Provider, caplog: pytest.LogCaptureFixture) -> None:
    def code(**claims: Any) -> str:
        return with_google.code({"id_token": google_token(with_google, **claims)}, client_id=WEB)

    given = {"code_verifier": VERIFIER, "redirect_uri": REDIRECT}
    for wrong in (
        {"code_verifier": "w" * 50},
        {"redirect_uri": "https://evil.example"},
        {"code": "invented"},
    ):
        with pytest.raises(GoogleIdTokenVerificationException):
            call("googleIdp.login_with_code", **{"code": code(), **given, **wrong})
    with pytest.raises(GoogleIdTokenVerificationException):
        call("googleIdp.login_with_code", code=code(aud=PHONE), **given)
    nobody(caplog, "invalid_grant", SECRET)
    used = code()
    assert call("googleIdp.login_with_code", code=used, **given).token
    with pytest.raises(GoogleIdTokenVerificationException):
        call("googleIdp.login_with_code", code=used, **given)


def test_a_provider_without_settings_refuses(provider: Provider, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(GoogleIdTokenVerificationException):
        call("googleIdp.login", id_token=google_token(provider), access_token=None)
    nobody(caplog, "'client_ids' is missing")


# Apple -------------------------------------------------------------------------------------------------------------

BUNDLE, SERVICE = "com.example.app", "com.example.service"
APPLE_KEY = ec_key("apple-key-id")


@pytest.fixture
def with_apple(provider: Provider, settings: Any) -> Provider:
    settings.ACCOUNTS_APPLE = {
        **{"bundle_ids": [BUNDLE], "service_id": SERVICE, "team_id": "TEAM", "key_id": APPLE_KEY.id},
        **{"private_key": pem(APPLE_KEY), "redirect_uri": REDIRECT},
    }

    def check(form: dict[str, str]) -> bool:
        """The client secret, as Apple checks it."""
        secret = form["client_secret"]
        told = jwt.decode(
            secret, APPLE_KEY.private.public_key(), ["ES256"], audience="https://appleid.apple.com"
        )
        return (told["iss"], told["sub"], jwt.get_unverified_header(secret)["kid"]) == (
            "TEAM",
            form["client_id"],
            APPLE_KEY.id,
        )

    provider.check_secret = check
    provider.answers["/revoke"] = lambda query, form, headers: (
        (200, b"") if check(form) and form["client_id"] == BUNDLE else (400, {"error": "invalid_client"})
    )
    return provider


def apple_token(provider: Provider, **claims: Any) -> str:
    return provider.token(**{"iss": "https://appleid.apple.com", "aud": BUNDLE, **claims})


def apple_code(provider: Provider, **claims: Any) -> str:
    token = apple_token(provider, **claims)
    native = claims.get("aud", BUNDLE) == BUNDLE
    return provider.code(
        {"access_token": "a", "refresh_token": "apple-refresh-token", "id_token": token},
        client_id=claims.get("aud", BUNDLE),
        redirect_uri="" if native else REDIRECT,
        verifier="",
    )


def apple_sign_in(token: str, code: str, *, native: bool = True, **names: Any) -> Any:
    given = {"identity_token": token, "authorization_code": code, "is_native_apple_platform_sign_in": native}
    return Caller().call("appleIdp.login", **given, **names)


def test_apple_on_its_own_systems(with_apple: Provider) -> None:
    relay = {"email": "x7@privaterelay.appleid.com", "email_verified": "true", "is_private_email": "true"}
    names: dict[str, Any] = {"first_name": "Anna", "last_name": "Berg"}
    success = apple_sign_in(apple_token(with_apple, **relay), apple_code(with_apple), **names)
    user = User.objects.get(pk=success.auth_user_id)
    assert (user.name, user.email) == ("Anna Berg", "x7@privaterelay.appleid.com")
    assert SocialToken.objects.get().token_secret == "apple-refresh-token"
    later = apple_sign_in(apple_token(with_apple), apple_code(with_apple))  # no name, no address any more
    user.refresh_from_db()
    assert later.auth_user_id == user.pk
    assert (user.name, user.email) == ("Anna Berg", "x7@privaterelay.appleid.com")


def test_apple_on_android_and_the_web(with_apple: Provider) -> None:
    token, code = apple_token(with_apple, aud=SERVICE), apple_code(with_apple, aud=SERVICE)
    assert apple_sign_in(token, code, native=False).token


def test_apple_refuses_the_wrong_client_code_and_user(
    with_apple: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    good = apple_token(with_apple)
    used = apple_code(with_apple)
    with_apple.redeem(
        {"code": used, "client_id": BUNDLE, "client_secret": apple.client_secret(Apple.read(), BUNDLE)}
    )
    for token, code, native in [
        (good, apple_code(with_apple), False),  # made for the app, not for the web
        (apple_token(with_apple, aud=SERVICE), apple_code(with_apple, aud=SERVICE), True),
        (apple_token(with_apple, aud="com.evil.app"), apple_code(with_apple), True),
        (good, "invented", True),
        (good, used, True),
        (good, "", True),
        (good, apple_code(with_apple, sub="ben-2"), True),
        (good, apple_code(with_apple, aud=SERVICE), True),
    ]:
        with pytest.raises(IdentityVerificationException) as refused:
            apple_sign_in(token, code, native=native)
        assert refused.value.provider == "apple"
    nobody(caplog, "of another user than", good, used, "PRIVATE KEY")


def test_apple_without_a_key_takes_the_token_alone(with_apple: Provider, settings: Any) -> None:
    settings.ACCOUNTS_APPLE = {"bundle_ids": [BUNDLE]}
    assert apple_sign_in(apple_token(with_apple), "whatever").token
    assert with_apple.count("/token") == 0
    with pytest.raises(IdentityVerificationException):
        apple_sign_in(apple_token(with_apple, aud=SERVICE), "whatever", native=False)


def test_apple_is_notified_of_a_deletion(with_apple: Provider, caplog: pytest.LogCaptureFixture) -> None:
    apple_sign_in(apple_token(with_apple), apple_code(with_apple))
    user = User.objects.get()
    with_apple.down = True
    assert revocation.revoke(user) is False
    assert SocialToken.objects.exists()
    assert "apple-refresh-token" not in caplog.text
    with_apple.down = False
    assert revocation.revoke(user) is True
    _, _, form = with_apple.asked[-1]
    assert (form["token"], form["client_id"]) == ("apple-refresh-token", BUNDLE)
    assert not SocialToken.objects.exists()
    assert revocation.revoke(user) is True  # nothing to tell any more


def test_a_key_that_is_none(with_apple: Provider, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.ACCOUNTS_APPLE = {**settings.ACCOUNTS_APPLE, "private_key": "no key"}
    with pytest.raises(IdentityVerificationException):
        apple_sign_in(apple_token(with_apple), apple_code(with_apple))
    nobody(caplog, "APPLE_PRIVATE_KEY is not the key")


# Firebase ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def with_firebase(provider: Provider, settings: Any) -> Provider:
    settings.ACCOUNTS_FIREBASE = {"project_ids": [PROJECT]}
    return provider


def firebase_token(provider: Provider, **claims: Any) -> str:
    told = {
        "iss": f"https://securetoken.google.com/{PROJECT}",
        "aud": PROJECT,
        "auth_time": int(time.time()) - 5,
    }
    return provider.token(**{**told, **claims})


def test_firebase(with_firebase: Provider) -> None:
    token = firebase_token(with_firebase, email="anna@example.com", email_verified=True, name="Anna")
    user = User.objects.get(pk=call("firebaseIdp.login", id_token=token).auth_user_id)
    assert (user.name, user.email) == ("Anna", "anna@example.com")
    assert SocialAccount.objects.get().provider == "firebase"


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-project"},
        {"iss": "https://securetoken.google.com/another-project"},
        {"iss": "https://session.firebase.google.com/our-project"},
        {"aud": "another-project", "iss": "https://securetoken.google.com/another-project"},
        {"auth_time": int(time.time()) + 3600},
        {"auth_time": None},
        {"auth_time": "then"},
        {"sub": ""},
        {"sub": "x" * 129},
    ],
)
def test_firebase_refuses_tokens_of_others(
    with_firebase: Provider, caplog: pytest.LogCaptureFixture, claims: dict[str, Any]
) -> None:
    with pytest.raises(FirebaseIdTokenVerificationException):
        call("firebaseIdp.login", id_token=firebase_token(with_firebase, **claims))
    nobody(caplog, "the token")


def test_firebase_may_ask_for_a_confirmed_address(with_firebase: Provider, settings: Any) -> None:
    unconfirmed = firebase_token(with_firebase, email="anna@example.com", email_verified=False)
    settings.ACCOUNTS_FIREBASE = {"project_ids": [PROJECT], "require_verified_email": True}
    with pytest.raises(FirebaseEmailNotVerifiedException):
        call("firebaseIdp.login", id_token=unconfirmed)
    assert not User.objects.exists()
    assert call("firebaseIdp.login", id_token=firebase_token(with_firebase, sub="by-phone")).token
    settings.ACCOUNTS_FIREBASE = {"project_ids": [PROJECT]}
    user = User.objects.get(pk=call("firebaseIdp.login", id_token=unconfirmed).auth_user_id)
    assert user.email is None


# GitHub ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def with_github(provider: Provider, settings: Any) -> Provider:
    settings.ACCOUNTS_GITHUB = {"client_id": CLIENT, "client_secret": SECRET, "redirect_uris": [REDIRECT]}

    def owner(query: Any, form: dict[str, str], headers: Any) -> Any:
        assert headers["Authorization"].startswith("Basic ")
        return (
            {"app": {"client_id": CLIENT}, "user": {"id": 7}} if form["access_token"] == "good" else (404, {})
        )

    provider.answers[f"/api/applications/{CLIENT}/token"] = owner
    provider.answers["/api/user"] = lambda query, form, headers: (
        {
            "id": 7,
            "login": "anna",
            "name": None,
            "avatar_url": "https://x.example/7",
            "email": "public@example.com",
        }
        if headers["Authorization"] == "Bearer good"
        else (401, {})
    )
    provider.answers["/api/user/emails"] = [
        {"email": "old@example.com", "primary": False, "verified": True},
        {"email": "anna@example.com", "primary": True, "verified": True},
    ]
    return provider


def github_sign_in(code: str, **arguments: Any) -> Any:
    return call(
        "gitHubIdp.login", code=code, **{"code_verifier": VERIFIER, "redirect_uri": REDIRECT, **arguments}
    )


def test_github(with_github: Provider) -> None:
    success = github_sign_in(with_github.code({"access_token": "good"}))
    user = User.objects.get(pk=success.auth_user_id)
    assert (user.name, user.email) == ("anna", "anna@example.com")
    assert SocialAccount.objects.get().uid == "7"


@pytest.mark.parametrize(
    "emails", [(404, {}), [], [{"email": "a@example.com", "primary": True, "verified": False}], {}]
)
def test_github_without_a_confirmed_address(with_github: Provider, emails: Any) -> None:
    with_github.answers["/api/user/emails"] = emails
    success = github_sign_in(with_github.code({"access_token": "good"}))
    assert User.objects.get(pk=success.auth_user_id).email is None


def test_github_refuses(with_github: Provider, caplog: pytest.LogCaptureFixture) -> None:
    good = {"access_token": "good"}
    used = with_github.code(good)
    with_github.redeem({"code": used, "client_secret": SECRET})
    refused: list[tuple[str, dict[str, Any]]] = [
        ("invented", {}),
        (used, {}),
        (with_github.code(good), {"code_verifier": "w" * 50}),
        (with_github.code(good), {"redirect_uri": "https://evil.example"}),
        (with_github.code({"access_token": "another-apps-token"}), {}),
        (with_github.code({"error": "bad_verification_code"}), {}),
        (with_github.code({}), {}),
    ]
    for code, wrong in refused:
        with pytest.raises(GitHubAccessTokenVerificationException):
            github_sign_in(code, **wrong)
    nobody(caplog, "bad_verification_code", "another-apps-token", used)


@pytest.mark.parametrize(
    ("path", "answer", "why"),
    [
        (f"/api/applications/{CLIENT}/token", {"app": {"client_id": "x"}, "user": {"id": 7}}, "another app"),
        (f"/api/applications/{CLIENT}/token", {"app": {"client_id": CLIENT}}, "whose token"),
        ("/api/user", {"id": 8}, "two users"),
        ("/api/user", [], "not an object"),
        ("/api/user/emails", (500, {}), "500"),
    ],
)
def test_github_refuses_what_does_not_fit(
    with_github: Provider, caplog: pytest.LogCaptureFixture, path: str, answer: Any, why: str
) -> None:
    with_github.answers[path] = answer
    with pytest.raises(GitHubAccessTokenVerificationException):
        github_sign_in(with_github.code({"access_token": "good"}))
    nobody(caplog, why)


# Microsoft ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def with_microsoft(provider: Provider, settings: Any) -> Provider:
    settings.ACCOUNTS_MICROSOFT = {
        **{"client_id": CLIENT, "client_secret": SECRET, "redirect_uris": [REDIRECT]},
        "tenants": ["common"],
    }
    provider.check_secret = lambda form: True
    for authority in ("common", "organizations", "consumers", TENANT):
        template = f"{provider.url}/{{tenantid}}/v2.0"
        provider.answers[f"/{authority}/discovery/v2.0/keys"] = {
            "keys": [provider.keys[0].jwk(issuer=template)]
        }
        provider.answers[f"/{authority}/oauth2/v2.0/token"] = lambda query, form, headers: provider.redeem(
            form
        )
    provider.answers["/graph/me"] = lambda query, form, headers: (
        {"id": "graph-1", "displayName": "Anna", "mail": "anna@example.com"}
        if headers["Authorization"] == "Bearer graph-token"
        else (401, {})
    )
    return provider


def microsoft_code(provider: Provider, *, tenant: str = TENANT, **claims: Any) -> str:
    token = provider.token(**{"iss": f"{provider.url}/{tenant}/v2.0", "tid": tenant, **claims})
    return provider.code({"access_token": "graph-token", "id_token": token})


def microsoft_sign_in(code: str, *, web: bool = False, **wrong: Any) -> Any:
    given = {"code_verifier": VERIFIER, "redirect_uri": REDIRECT, "is_web_platform": web, **wrong}
    return call("microsoftIdp.login", code=code, **given)


def test_microsoft(with_microsoft: Provider) -> None:
    success = microsoft_sign_in(microsoft_code(with_microsoft))
    assert "client_secret" not in with_microsoft.asked[0][2]
    user = User.objects.get(pk=success.auth_user_id)
    assert (user.name, user.email) == ("Anna", None)  # an administrator may have written any address there
    assert SocialAccount.objects.get().uid == "graph-1"
    assert microsoft_sign_in(microsoft_code(with_microsoft), web=True).auth_user_id == user.pk
    redeemed = [form for path, _, form in with_microsoft.asked if path.endswith("/token")]
    assert redeemed[-1]["client_secret"] == SECRET


def test_microsofts_address_counts_where_its_domain_was_proven(with_microsoft: Provider) -> None:
    code = microsoft_code(with_microsoft, email="anna@example.com", xms_edov=True)
    assert User.objects.get(pk=microsoft_sign_in(code).auth_user_id).email == "anna@example.com"


@pytest.mark.parametrize(
    ("tenants", "tenant", "good"),
    [
        (["common"], TENANT, True),
        (["common"], microsoft.PERSONAL, True),
        ([TENANT.upper()], TENANT, True),
        (["organizations"], TENANT, True),
        (["organizations"], microsoft.PERSONAL, False),
        (["consumers"], microsoft.PERSONAL, True),
        (["consumers"], TENANT, False),
        (["another", TENANT], TENANT, True),
        (["another", "other"], TENANT, False),
    ],
)
def test_microsofts_tenants(
    with_microsoft: Provider, settings: Any, tenants: list[str], tenant: str, good: bool
) -> None:
    settings.ACCOUNTS_MICROSOFT = {**settings.ACCOUNTS_MICROSOFT, "tenants": tenants}
    for path in list(with_microsoft.answers):
        if path.startswith(f"/{TENANT}"):
            with_microsoft.answers[path.replace(TENANT, TENANT.upper())] = with_microsoft.answers[path]
    code = microsoft_code(with_microsoft, tenant=tenant)
    if good:
        assert microsoft_sign_in(code).token
    else:
        with pytest.raises(MicrosoftAccessTokenVerificationException):
            microsoft_sign_in(code)
        assert not User.objects.exists()


def test_microsoft_refuses(with_microsoft: Provider, caplog: pytest.LogCaptureFixture) -> None:
    evil = f"{with_microsoft.url}/evil/v2.0"
    refused: list[tuple[str, dict[str, Any]]] = [
        ("invented", {}),
        (microsoft_code(with_microsoft), {"code_verifier": "w" * 50}),
        (microsoft_code(with_microsoft), {"redirect_uri": "https://evil.example"}),
        (microsoft_code(with_microsoft, iss=evil), {}),
        (microsoft_code(with_microsoft, tid=None), {}),
        (microsoft_code(with_microsoft, aud="another-app"), {}),
        (with_microsoft.code({"access_token": "graph-token"}), {}),
        (with_microsoft.code({"access_token": "graph-token", "id_token": "x"}), {}),
    ]
    for code, wrong in refused:
        with pytest.raises(MicrosoftAccessTokenVerificationException):
            microsoft_sign_in(code, **wrong)
    nobody(caplog, "the token is from", SECRET, "graph-token")


def test_a_key_of_one_issuer_does_not_speak_for_another(
    with_microsoft: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    elsewhere = f"{with_microsoft.url}/another-tenant/v2.0"
    with_microsoft.answers["/common/discovery/v2.0/keys"] = {
        "keys": [with_microsoft.keys[0].jwk(issuer=elsewhere)]
    }
    with pytest.raises(MicrosoftAccessTokenVerificationException):
        microsoft_sign_in(microsoft_code(with_microsoft))
    nobody(caplog, "is not valid for the issuer")


def test_microsoft_in_browsers_needs_the_secret(with_microsoft: Provider, settings: Any) -> None:
    settings.ACCOUNTS_MICROSOFT = {**settings.ACCOUNTS_MICROSOFT, "client_secret": ""}
    with pytest.raises(MicrosoftAccessTokenVerificationException):
        microsoft_sign_in(microsoft_code(with_microsoft), web=True)
    assert microsoft_sign_in(microsoft_code(with_microsoft)).token


# Facebook ----------------------------------------------------------------------------------------------------------

GOOD = {
    "is_valid": True,
    "app_id": CLIENT,
    "type": "USER",
    "expires_at": int(time.time()) + 86_400,  # the tests run for long after this is read
    "user_id": "9",
}


@pytest.fixture
def with_facebook(provider: Provider, settings: Any) -> Provider:
    settings.ACCOUNTS_FACEBOOK = {"app_id": CLIENT, "app_secret": SECRET}
    provider.answers["/fb/debug_token"] = lambda query, form, headers: (
        {"data": GOOD} if query["access_token"] == f"{CLIENT}|{SECRET}" else (400, {"error": {"code": 190}})
    )

    def me(query: dict[str, str], form: Any, headers: Any) -> Any:
        proof = hmac.new(SECRET.encode(), query["access_token"].encode(), hashlib.sha256).hexdigest()
        picture = {"data": {"url": "https://x.example/9"}}
        told = {"id": "9", "name": "Anna", "email": "anna@example.com", "picture": picture}
        return told if query["appsecret_proof"] == proof else (400, {"error": {"code": 100}})

    provider.answers["/fb/me"] = me
    return provider


def test_facebook(with_facebook: Provider) -> None:
    success = call("facebookIdp.login", access_token="good-token")
    user = User.objects.get(pk=success.auth_user_id)
    assert (user.name, user.email) == ("Anna", None)
    assert SocialAccount.objects.get().uid == "9"


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"is_valid": False}, "is invalid"),
        ({"is_valid": None}, "is invalid"),
        ({"app_id": "another-app"}, "the app 'another-app'"),
        ({"app_id": None}, "the app None"),
        ({"type": "PAGE"}, "of a 'PAGE'"),
        ({"expires_at": int(time.time()) - 5}, "expired"),
        ({"user_id": None}, "whose token"),
        ({"user_id": "8"}, "two users"),
    ],
)
def test_facebook_refuses(
    with_facebook: Provider, caplog: pytest.LogCaptureFixture, told: dict[str, Any], why: str
) -> None:
    with_facebook.answers["/fb/debug_token"] = {"data": {**GOOD, **told}}
    with pytest.raises(FacebookAccessTokenVerificationException):
        call("facebookIdp.login", access_token="some-access-token")
    nobody(caplog, why, "some-access-token", SECRET)


@pytest.mark.parametrize("token", ["", "x" * 5000])
def test_facebook_is_not_asked_about_an_invalid_token(with_facebook: Provider, token: str) -> None:
    with pytest.raises(FacebookAccessTokenVerificationException):
        call("facebookIdp.login", access_token=token)
    assert not with_facebook.asked


def test_facebook_with_a_wrong_secret_or_down(
    with_facebook: Provider, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.ACCOUNTS_FACEBOOK = {"app_id": CLIENT, "app_secret": "guessed"}
    with pytest.raises(FacebookAccessTokenVerificationException):
        call("facebookIdp.login", access_token="some-access-token")
    settings.ACCOUNTS_FACEBOOK = {"app_id": CLIENT, "app_secret": SECRET}
    with_facebook.down = True
    with pytest.raises(FacebookAccessTokenVerificationException):
        call("facebookIdp.login", access_token="some-access-token")
    nobody(caplog, "answered with 503", "some-access-token", "guessed", SECRET)


def test_another_users_key_signs_for_nobody(with_google: Provider, with_firebase: Provider) -> None:
    """A valid token of one provider is invalid for another."""
    with pytest.raises(FirebaseIdTokenVerificationException):
        call("firebaseIdp.login", id_token=google_token(with_google))
    with pytest.raises(GoogleIdTokenVerificationException):
        call("googleIdp.login", id_token=firebase_token(with_firebase), access_token=None)
    with pytest.raises(GoogleIdTokenVerificationException):
        call("googleIdp.login", id_token=google_token(with_google, key=rsa_key("first")), access_token=None)
    assert not User.objects.exists()
