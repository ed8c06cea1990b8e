"""Providers' settings: what is missing is named before anybody signs in; apps and pages have the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.core.checks import CheckMessage
from django.test import Client

from accounts import checks
from accounts.endpoints import idp_social
from accounts.providers import setups
from endpoints.testing import serving
from tests.accounts.oidc_provider import ec_key, pem

PROJECT = Path(__file__).resolve().parent.parent.parent


class AppleIdpEndpoint(idp_social.AppleIdpBaseEndpoint):
    module: ClassVar[str] = ""


class GitHubIdpEndpoint(idp_social.GitHubIdpBaseEndpoint):
    module: ClassVar[str] = ""


class GoogleIdpEndpoint(idp_social.GoogleIdpBaseEndpoint):
    module: ClassVar[str] = ""


class OidcIdpEndpoint(idp_social.OidcIdpBaseEndpoint):
    """The base, made callable."""


def found() -> list[CheckMessage]:
    return checks.providers_are_set_up(None)


def texts() -> str:
    return "\n".join(str(each.msg) for each in found())


def test_a_server_that_offers_no_provider_needs_no_settings() -> None:
    assert found() == []


def test_an_endpoint_without_its_settings_is_named() -> None:
    with serving(GitHubIdpEndpoint, GoogleIdpEndpoint, OidcIdpEndpoint):
        assert {each.id for each in found()} == {"accounts.E001"}
        assert "GitHubIdpEndpoint signs people in with GitHub, but ACCOUNTS_GITHUB is not good" in texts()
        assert "'client_secret' is missing." in texts()
        assert "'redirect_uris' of ACCOUNTS_GITHUB is empty" in texts()
        assert "ACCOUNTS_GOOGLE is not good: 'client_ids' is missing." in texts()
        assert "ACCOUNTS_OIDC names no provider" in texts()


def test_an_endpoint_with_its_settings_is_not(settings: Any) -> None:
    settings.ACCOUNTS_GITHUB = {
        "client_id": "a",
        "client_secret": "b",
        "redirect_uris": ["https://x.example"],
    }
    settings.ACCOUNTS_GOOGLE = {"client_ids": ["a"]}
    settings.ACCOUNTS_OIDC = {"company": {"issuer": "https://x.example", "client_ids": ["a"]}}
    with serving(GitHubIdpEndpoint, GoogleIdpEndpoint, OidcIdpEndpoint):
        assert found() == []


def test_apple_without_its_key_is_warned_of(settings: Any) -> None:
    settings.ACCOUNTS_APPLE = {"bundle_ids": ["com.example.app"]}
    with serving(AppleIdpEndpoint):
        assert [each.id for each in found()] == ["accounts.W001"]
        settings.ACCOUNTS_APPLE = {}
        assert "'bundle_ids' or 'service_id' is missing." in texts()


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (
            {"ACCOUNTS_OIDC": {"google": {"issuer": "https://x.example", "client_ids": ["a"]}}},
            "of another provider",
        ),
        (
            {"ACCOUNTS_OIDC": {"company": {"client_ids": ["a"]}}},
            "ACCOUNTS_OIDC['company']: 'issuer' is missing.",
        ),
        (
            {"ACCOUNTS_OIDC": {"company": {"issuer": "https://x.example", "client_ids": "a"}}},
            "is a text; write a list",
        ),
        (
            {"ACCOUNTS_OIDC": {"company": {"issuer": "x", "client_ids": ["a"], "scope": 1}}},
            "'scope' is no setting",
        ),
        ({"ACCOUNTS_TRUSTED_PROVIDERS": ["gogle"]}, "there is no provider 'gogle'"),
    ],
)
def test_wrong_settings_are_named(settings: Any, wrong: dict[str, Any], text: str) -> None:
    for name, value in wrong.items():
        setattr(settings, name, value)
    assert text in texts()


def test_the_pages_have_the_settings_of_the_apps(settings: Any, db: None) -> None:
    key = pem(ec_key("k"))
    settings.SOCIALACCOUNT_PROVIDERS = setups.for_allauth(
        google={"client_ids": ["google-1", "google-2"], "client_secret": "s"},
        apple={"bundle_ids": ["b"], "service_id": "s", "team_id": "t", "key_id": "k", "private_key": key},
        github={"client_id": "github-1", "client_secret": "s"},
        microsoft={"client_id": "microsoft-1", "client_secret": "s", "tenants": ["organizations"]},
        facebook={"app_id": "facebook-1", "app_secret": "s"},
        oidc={"company": {"issuer": "https://x.example", "client_ids": ["a"]}},
    )
    page = Client().get("/account/login/").content.decode()
    for name in ("google", "apple", "github", "microsoft", "facebook", "oidc/company"):
        assert f"/account/{name}/login/" in page
    for name, client_id in {"google": "google-1", "github": "github-1", "microsoft": "microsoft-1"}.items():
        address = Client().post(f"/account/{name}/login/")["Location"]
        assert f"client_id={client_id}" in address
        assert "code_challenge=" in address
    assert "/organizations/" in Client().post("/account/microsoft/login/")["Location"]
    assert "client_id=s&" in Client().post("/account/apple/login/")["Location"]


def test_without_secrets_the_pages_offer_none() -> None:
    none: dict[str, Any] = {}
    given = {"client_ids": ["a"]}
    assert not setups.for_allauth(
        google=given, apple=none, github=none, microsoft=none, facebook=none, oidc={}
    )


def test_the_environment_sets_providers_up() -> None:
    key = pem(ec_key("k"))
    given = {
        "GOOGLE_CLIENT_IDS": "web,phone",
        "GOOGLE_CLIENT_SECRET": "s",
        "APPLE_PRIVATE_KEY": key.replace("\n", "\\n"),
        "OIDC_PROVIDERS": '{"company": {"issuer": "https://x.example", "client_ids": ["a"]}}',
        "DATABASE_URL": "postgresql://127.0.0.1:1/x",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SECRET_KEY": "x" * 50,
    }
    code = (
        "from config import settings as s\n"
        "print(s.ACCOUNTS_GOOGLE['client_ids'], list(s.SOCIALACCOUNT_PROVIDERS), list(s.ACCOUNTS_OIDC))\n"
        "print(s.ACCOUNTS_APPLE['private_key'])"
    )
    environment = {"PATH": os.environ["PATH"], **given}
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, env=environment, capture_output=True, text=True
    )
    assert shown.stdout.startswith("['web', 'phone'] ['google', 'openid_connect'] ['company']\n"), (
        shown.stderr
    )
    assert shown.stdout.partition("\n")[2].strip() == key.strip()
