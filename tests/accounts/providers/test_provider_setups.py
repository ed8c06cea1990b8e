"""Providers' settings: checks name missing values, and apps and pages use the same settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.test import Client

from accounts import checks
from accounts.providers.google.setup import Google
from tests.accounts.oidc_provider import ec_key, pem

PROJECT = Path(__file__).resolve().parent.parent.parent.parent


def found() -> list[CheckMessage]:
    return [*checks.providers_are_set_up(None)]


def texts() -> str:
    return "\n".join(str(each.msg) for each in found())


def test_a_server_that_offers_no_provider_needs_no_settings(settings: Any) -> None:
    settings.ACCOUNTS_SIGN_IN = ["email"]
    assert found() == []


def test_a_provider_that_is_on_without_its_settings_is_named(settings: Any) -> None:
    settings.ACCOUNTS_SIGN_IN = ["github", "google", "oidc"]
    assert {each.id for each in found()} == {"accounts.E001"}
    assert "ACCOUNTS_SIGN_IN lists 'github', but ACCOUNTS_GITHUB is invalid" in texts()
    assert "'client_secret' is missing." in texts()
    assert "'redirect_uris' of ACCOUNTS_GITHUB is empty" in texts()
    assert "ACCOUNTS_GOOGLE is invalid: 'client_ids' is missing." in texts()
    assert "ACCOUNTS_OIDC names no provider" in texts()


def test_a_provider_with_its_settings_must_be_on(settings: Any) -> None:
    settings.ACCOUNTS_SIGN_IN = ["github", "google", "oidc"]
    settings.ACCOUNTS_GITHUB = {
        "client_id": "a",
        "client_secret": "b",
        "redirect_uris": ["https://x.example"],
    }
    settings.ACCOUNTS_GOOGLE = {"client_ids": ["a"]}
    settings.ACCOUNTS_OIDC = {"company": {"issuer": "https://x.example", "client_ids": ["a"]}}
    assert found() == []
    settings.ACCOUNTS_SIGN_IN = ["github"]
    assert [each.id for each in found()] == ["accounts.W004"] * 2
    assert "ACCOUNTS_GOOGLE['client_ids'] is set, but nobody can sign in with it" in texts()
    assert "ACCOUNTS_OIDC is set, but nobody can sign in with it" in texts()


def test_apple_without_its_key_is_warned_of(settings: Any) -> None:
    settings.ACCOUNTS_SIGN_IN = ["apple"]
    settings.ACCOUNTS_APPLE = {"bundle_ids": ["com.example.app"]}
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
            "is a string; write a list",
        ),
        (
            {"ACCOUNTS_OIDC": {"company": {"issuer": "x", "client_ids": ["a"], "scope": 1}}},
            "unknown key 'scope'",
        ),
        ({"ACCOUNTS_TRUSTED_PROVIDERS": ["gogle"]}, "no provider named 'gogle'"),
    ],
)
def test_wrong_settings_are_named(settings: Any, wrong: dict[str, Any], text: str) -> None:
    for name, value in wrong.items():
        setattr(settings, name, value)
    assert text in texts()


def test_the_pages_have_the_settings_of_the_apps(settings: Any, db: None) -> None:
    key = pem(ec_key("k"))
    settings.ACCOUNTS_SIGN_IN = ["google", "apple", "github", "microsoft", "facebook", "oidc"]
    settings.ACCOUNTS_GOOGLE = {"client_ids": ["google-1", "google-2"], "client_secret": "s"}
    settings.ACCOUNTS_APPLE = {
        "bundle_ids": ["b"],
        "service_id": "s",
        "team_id": "t",
        "key_id": "k",
        "private_key": key,
    }
    settings.ACCOUNTS_GITHUB = {"client_id": "github-1", "client_secret": "s"}
    settings.ACCOUNTS_MICROSOFT = {
        "client_id": "microsoft-1",
        "client_secret": "s",
        "tenants": ["organizations"],
    }
    settings.ACCOUNTS_FACEBOOK = {"app_id": "facebook-1", "app_secret": "s"}
    settings.ACCOUNTS_OIDC = {"company": {"issuer": "https://x.example", "client_ids": ["a"]}}
    page = Client().get("/account/login/").content.decode()
    for name in ("google", "apple", "github", "microsoft", "facebook", "oidc/company"):
        assert f"/account/{name}/login/" in page
    for name, client_id in {"google": "google-1", "github": "github-1", "microsoft": "microsoft-1"}.items():
        address = Client().post(f"/account/{name}/login/")["Location"]
        assert f"client_id={client_id}" in address
        assert "code_challenge=" in address
    assert "/organizations/" in Client().post("/account/microsoft/login/")["Location"]
    assert "client_id=s&" in Client().post("/account/apple/login/")["Location"]
    settings.ACCOUNTS_SIGN_IN = ["email"]
    assert "/account/google/login/" not in Client().get("/account/login/").content.decode()
    for name in ("google", "apple", "github", "microsoft", "facebook", "oidc/company"):
        assert Client().post(f"/account/{name}/login/").status_code == 404
        assert Client().get(f"/account/{name}/login/callback/?code=a&state=b").status_code in (401, 404, 405)


def test_without_secrets_the_pages_offer_none(settings: Any) -> None:
    settings.ACCOUNTS_GOOGLE = {"client_ids": ["a"]}
    assert Google.on_pages() == {}
    settings.ACCOUNTS_GOOGLE = {"client_ids": ["a"], "client_secret": "s"}
    assert Google.on_pages().keys() == {"google"}


def test_the_environment_sets_providers_up() -> None:
    key = pem(ec_key("k"))
    given = {
        "DJANGO_SETTINGS_MODULE": "podium.settings",
        "ACCOUNTS_SIGN_IN": "google, oidc",
        "GOOGLE_CLIENT_IDS": "web,phone",
        "GOOGLE_CLIENT_SECRET": "s",
        "APPLE_PRIVATE_KEY": key.replace("\n", "\\n"),
        "OIDC_PROVIDERS": '{"company": {"issuer": "https://x.example", "client_ids": ["a"]}}',
        "DATABASE_URL": "postgresql://127.0.0.1:1/x",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SECRET_KEY": "x" * 50,
    }
    code = (
        "from django.conf import settings as s\n"
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
