"""Google, Apple, Firebase, GitHub, Microsoft, Facebook and an OpenID Connect provider, imitated by one server.

The request names the user: the access token "of:7" is that of user 7, and "not-ours:7" is one that was
made for another app. The steps get tokens and codes at /make/token and /make/code.
"""

from __future__ import annotations

import json
from typing import Any

from tests.accounts.oidc_provider import CLIENT, REDIRECT, SECRET, VERIFIER, Provider, ec_key, pem

GOOGLE = "123-web.apps.googleusercontent.com"
BUNDLE = "com.example.app"
PROJECT = "our-project"
APPLE_KEY = ec_key("apple-key-id")


def play(provider: Provider) -> None:
    """Make it answer at the addresses of all providers."""
    provider.check_secret = lambda form: (
        True
    )  # Apple's secret is signed, Microsoft needs none: test_social.py checks them
    provider.answers |= {
        "/make/token": lambda query, form, headers: {"token": provider.token(**form)},
        "/make/code": lambda query, form, headers: {"code": provider.code(**form)},
        "/revoke": (200, b""),
        "/tokeninfo": lambda query, form, headers: _told_by_google(form["access_token"]),
        f"/api/applications/{CLIENT}/token": lambda query, form, headers: _owner_at_github(
            form["access_token"]
        ),
        "/api/user": lambda query, form, headers: {
            "id": int(_user(headers)),
            "login": f"g{_user(headers)}",
        },
        "/api/user/emails": [],
        "/common/discovery/v2.0/keys": {
            "keys": [provider.keys[0].jwk(issuer=f"{provider.url}/{{tenantid}}/v2.0")]
        },
        "/common/oauth2/v2.0/token": lambda query, form, headers: provider.redeem(form),
        "/graph/me": lambda query, form, headers: {"id": _user(headers), "displayName": "Anna"},
        "/facebook/debug_token": lambda query, form, headers: {
            "data": _told_by_facebook(query["input_token"])
        },
        "/facebook/me": lambda query, form, headers: {"id": query["access_token"].partition(":")[2]},
    }


def settings(provider: Provider) -> dict[str, str]:
    """The environment of a server with these providers set up."""
    oidc = {
        "issuer": provider.url,
        "client_ids": [CLIENT],
        "client_secret": SECRET,
        "redirect_uris": [REDIRECT],
    }
    return {
        "FLOWS_PROVIDER": provider.url,
        "GOOGLE_CLIENT_IDS": GOOGLE,
        "GOOGLE_CLIENT_SECRET": SECRET,
        "GOOGLE_REDIRECT_URIS": REDIRECT,
        "APPLE_BUNDLE_IDS": BUNDLE,
        "APPLE_TEAM_ID": "TEAM",
        "APPLE_KEY_ID": APPLE_KEY.id,
        "APPLE_PRIVATE_KEY": pem(APPLE_KEY).replace("\n", "\\n"),
        "FIREBASE_PROJECT_IDS": PROJECT,
        "GITHUB_CLIENT_ID": CLIENT,
        "GITHUB_CLIENT_SECRET": SECRET,
        "GITHUB_REDIRECT_URIS": REDIRECT,
        "MICROSOFT_CLIENT_ID": CLIENT,
        "MICROSOFT_CLIENT_SECRET": SECRET,
        "MICROSOFT_REDIRECT_URIS": REDIRECT,
        "FACEBOOK_APP_ID": CLIENT,
        "FACEBOOK_APP_SECRET": SECRET,
        "OIDC_PROVIDERS": json.dumps({"ours": oidc}),
    }


def known_to_the_steps(provider: Provider) -> str:
    """Data that the steps need, as JSON."""
    return json.dumps(
        {
            "url": provider.url,
            "client": CLIENT,
            "google": GOOGLE,
            "bundle": BUNDLE,
            "project": PROJECT,
            "redirectUri": REDIRECT,
            "codeVerifier": VERIFIER,
        }
    )


def _user(headers: Any) -> str:
    return str(headers["Authorization"].partition(":")[2])


def _is_ours(access_token: str) -> bool:
    return access_token.startswith("of:")


def _told_by_google(access_token: str) -> dict[str, str]:
    made_for = GOOGLE if _is_ours(access_token) else "999-x.apps.googleusercontent.com"
    return {"aud": made_for, "azp": made_for, "sub": access_token.partition(":")[2]}


def _owner_at_github(access_token: str) -> Any:
    if not _is_ours(access_token):
        return 404, {}  # GitHub only knows the tokens of the requesting app
    return {"app": {"client_id": CLIENT}, "user": {"id": int(access_token.partition(":")[2])}}


def _told_by_facebook(access_token: str) -> dict[str, Any]:
    made_for = CLIENT if _is_ours(access_token) else "another-app"
    owner = access_token.partition(":")[2]
    return {"is_valid": True, "app_id": made_for, "type": "USER", "expires_at": 0, "user_id": owner}
