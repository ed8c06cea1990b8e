"""`manage.py check`: ways in that an app lets people use, but that are not set up; limits and lists that are none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.checks import CheckMessage, Error, Warning, register
from django.utils.module_loading import import_string

from accounts import human, limits, passwords
from accounts.conf import conf
from accounts.endpoints import idp_passkey, idp_social
from accounts.providers import setups
from endpoints import rates
from endpoints.endpoint import Endpoint
from endpoints.registry import is_abstract, registry

SETUPS: dict[type[Endpoint], type[setups.Setup]] = {
    idp_social.GoogleIdpBaseEndpoint: setups.Google,
    idp_social.AppleIdpBaseEndpoint: setups.Apple,
    idp_social.FirebaseIdpBaseEndpoint: setups.Firebase,
    idp_social.GitHubIdpBaseEndpoint: setups.GitHub,
    idp_social.MicrosoftIdpBaseEndpoint: setups.Microsoft,
    idp_social.FacebookIdpBaseEndpoint: setups.Facebook,
}
HINT = "See docs/sign-in-providers.md."
DOMAIN = re.compile(r"localhost|([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*")
ORIGIN = re.compile(
    r"https://[a-z0-9.-]+(:\d+)?|http://localhost(:\d+)?|android:apk-key-hash:[A-Za-z0-9_-]{43}"
)
CODES_ONLY = (setups.GitHub, setups.Microsoft)
"""Providers whose every sign-in has a redirect address."""


@register
def providers_are_set_up(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Every endpoint for a provider has its settings, and the settings can be read."""
    return [*_exposed(), *_oidc(), *_trusted()]


def _exposed() -> Iterator[CheckMessage]:
    for cls in registry().classes:
        kind = next((kind for base, kind in SETUPS.items() if issubclass(cls, base)), None)
        if kind is None or is_abstract(cls):
            continue
        given = getattr(conf, kind.setting)
        for fault in setups.faults(kind, given):
            yield Error(
                f"{cls.__name__} signs people in with {kind.name}, but ACCOUNTS_{kind.setting} is not good: {fault}",
                hint=HINT,
                id="accounts.E001",
            )
        if kind in CODES_ONLY and not given.get("redirect_uris"):
            yield Error(
                f"{cls.__name__} needs the addresses that {kind.name} may send people back to: "
                f"'redirect_uris' of ACCOUNTS_{kind.setting} is empty.",
                hint=HINT,
                id="accounts.E001",
            )
        if kind is setups.Apple and not setups.faults(kind, given) and not setups.Apple(**given).redeems:
            yield Warning(
                f"{cls.__name__}: without 'team_id', 'key_id' and 'private_key' in ACCOUNTS_APPLE Apple is not told "
                "when somebody deletes their account, which it wants of apps in its store.",
                hint=HINT,
                id="accounts.W001",
            )


def _oidc() -> Iterator[CheckMessage]:
    served = [each for each in registry().classes if not is_abstract(each)]
    exposed = any(issubclass(each, idp_social.OidcIdpBaseEndpoint) for each in served)
    if exposed and not conf.OIDC:
        yield Error(
            "An endpoint signs people in with OpenID Connect, but ACCOUNTS_OIDC names no provider.",
            hint=HINT,
            id="accounts.E001",
        )
    for name, given in conf.OIDC.items():
        if name in setups.BUILT_IN:
            yield Error(
                f"ACCOUNTS_OIDC: {name!r} is the name of another provider; choose another one.",
                id="accounts.E002",
            )
        for fault in setups.faults(setups.OpenIDConnect, given):
            yield Error(f"ACCOUNTS_OIDC[{name!r}]: {fault}", hint=HINT, id="accounts.E002")


def _trusted() -> Iterator[CheckMessage]:
    for name in conf.TRUSTED_PROVIDERS:
        if name not in setups.BUILT_IN and name not in conf.OIDC:
            yield Error(f"ACCOUNTS_TRUSTED_PROVIDERS: there is no provider {name!r}.", id="accounts.E003")


@register
def limits_can_be_read(app_configs: Any, **options: Any) -> Iterator[CheckMessage]:
    """ACCOUNTS_LIMITS names what there is, with rates."""
    for action, given in conf.LIMITS.items():
        if action not in limits.LIMITS:
            known = ", ".join(limits.LIMITS)
            yield Error(f"ACCOUNTS_LIMITS: there is no {action!r}; there are {known}.", id="accounts.E004")
        for kind, text in given.items():
            if kind not in limits.FREE:
                known = ", ".join(limits.FREE)
                yield Error(f"ACCOUNTS_LIMITS[{action!r}]: {kind!r} is none of {known}.", id="accounts.E004")
            try:
                rates.parse(text)
            except ValueError as error:
                yield Error(f"ACCOUNTS_LIMITS[{action!r}][{kind!r}]: {error}", id="accounts.E004")


@register
def breached_passwords_can_be_read(app_configs: Any, **options: Any) -> Iterator[CheckMessage]:
    """Check that ACCOUNTS_BREACHED_PASSWORDS can be searched and ACCOUNTS_BREACHED_PASSWORDS_URL is a valid URL."""
    url = urlsplit(conf.BREACHED_PASSWORDS_URL)
    if conf.BREACHED_PASSWORDS_URL and not (url.scheme == "https" and url.netloc and url.path.endswith("/")):
        yield Error(
            f"BREACHED_PASSWORDS_URL is {conf.BREACHED_PASSWORDS_URL!r}: "
            "expected an https address that ends with a slash.",
            hint="Write https://api.pwnedpasswords.com/range/",
            id="accounts.E005",
        )
    if conf.BREACHED_PASSWORDS:
        for fault in passwords.faults(Path(conf.BREACHED_PASSWORDS)):
            hint = "See docs/abuse.md."
            yield Error(
                f"BREACHED_PASSWORDS, {conf.BREACHED_PASSWORDS}: {fault}.", hint=hint, id="accounts.E005"
            )


@register
def human_checks_can_be_asked(app_configs: Any, **options: Any) -> Iterator[CheckMessage]:
    """ACCOUNTS_HUMAN_CHECK names what there is, and the CAPTCHAs have their secret."""
    for path in conf.HUMAN_CHECK:
        try:
            found = import_string(path)
        except ImportError as error:
            yield Error(f"ACCOUNTS_HUMAN_CHECK: {error}", hint="See docs/abuse.md.", id="accounts.E006")
            continue
        if isinstance(found, human.SiteVerify) and not conf.HUMAN_SECRET:
            yield Error(f"ACCOUNTS_HUMAN_CHECK: {path} needs HUMAN_SECRET.", id="accounts.E006")


@register
def passkeys_have_a_domain(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """An endpoint for passkeys has the settings that a passkey is checked against."""
    served = [each for each in registry().classes if not is_abstract(each)]
    cls = next((each for each in served if issubclass(each, idp_passkey.PasskeyIdpBaseEndpoint)), None)
    return [*_passkeys(cls.__name__)] if cls is not None else []


def _passkeys(endpoint: str) -> Iterator[CheckMessage]:
    hint = "See docs/second-factors.md."
    if not DOMAIN.fullmatch(conf.PASSKEY_RP_ID):
        yield Error(
            f"{endpoint} signs people in with passkeys, but ACCOUNTS_PASSKEY_RP_ID is {conf.PASSKEY_RP_ID!r}: "
            'name the domain they belong to, as "example.com", without "https://" and port.',
            hint=hint,
            id="accounts.E007",
        )
    for origin in conf.PASSKEY_ORIGINS:
        if not ORIGIN.fullmatch(origin):
            yield Error(
                f"ACCOUNTS_PASSKEY_ORIGINS: {origin!r} is no origin. Write a page's as https://app.example.com, "
                "an Android app's as android:apk-key-hash:, and the SHA-256 of its certificate in base64url.",
                hint=hint,
                id="accounts.E007",
            )


@register
def second_factors_are_demanded_of_a_known_group(app_configs: Any, **options: Any) -> Iterator[CheckMessage]:
    """Check ACCOUNTS_REQUIRE_SECOND_FACTOR: a misspelled value would demand a second factor of nobody."""
    if conf.REQUIRE_SECOND_FACTOR not in ("nobody", "staff", "everybody"):
        yield Error(
            f"REQUIRE_SECOND_FACTOR is {conf.REQUIRE_SECOND_FACTOR!r}: expected nobody, staff or everybody.",
            hint="See docs/second-factors.md.",
            id="accounts.E008",
        )
