"""`manage.py check`: sign-in methods that are on but not set up, or set up but off; invalid limits and lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DEFAULT_DB_ALIAS
from django.utils.module_loading import import_string

from accounts import jobs
from accounts.conf import conf
from accounts.endpoints.idp_base import SignInEndpoint
from accounts.passwords import rules
from accounts.providers import registry
from accounts.serverpod import tables
from accounts.sign_in import methods
from accounts.throttling import captcha, throttling
from podium.core import deprecation
from podium.endpoints import rates
from podium.endpoints.registry import module_of, not_served, place

DOMAIN = re.compile(r"localhost|([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*")
ORIGIN = re.compile(
    r"https://[a-z0-9.-]+(:\d+)?|http://localhost(:\d+)?|android:apk-key-hash:[A-Za-z0-9_-]{43}"
)


@register
def sign_in_methods_are_known(app_configs: Any, **options: Any) -> Iterator[CheckMessage]:
    """Check that ACCOUNTS_SIGN_IN lists known methods, those of the project's own endpoints, and one for the admin."""
    unknown = [name for name in conf.SIGN_IN if name not in methods.every()]
    if unknown:
        yield Error(
            f"ACCOUNTS_SIGN_IN: unknown sign-in methods {', '.join(map(repr, unknown))}.",
            hint=f"These exist: {', '.join(methods.every())}.",
            id="accounts.E011",
        )
    for cls in not_served(SignInEndpoint):
        if module_of(cls):  # one of the platform's modules, such as legacy_auth
            continue
        method = getattr(cls, "method", "")
        yield Error(
            f"{place(cls)} {cls.__name__}: clients can't call it, because ACCOUNTS_SIGN_IN does not list {method!r}.",
            hint=f"Add {method!r} to ACCOUNTS_SIGN_IN in config/settings.py, or delete the class.",
            id="accounts.E012",
        )
    if not set(conf.SIGN_IN) - methods.without_pages():
        yield Warning(
            "Nobody can sign in to the admin: ACCOUNTS_SIGN_IN lists no method that works in browsers.",
            hint='Add "email" to ACCOUNTS_SIGN_IN.',
            id="accounts.W003",
        )


@register
def deletions_have_a_worker(app_configs: Any, **options: Any) -> Iterator[CheckMessage]:
    """Check that a worker can delete accounts whose deletion is due later."""
    if conf.DELETION_DAYS and not jobs.INSTALLED:
        yield Error(
            f"ACCOUNTS_DELETION_DAYS is {conf.DELETION_DAYS}, but the project leaves out the app tasks: no worker "
            "deletes the accounts after that time.",
            hint='Set ACCOUNTS_DELETION_DAYS = 0, or remove "tasks" from leave_out(...).',
            id="accounts.E013",
        )


@register
def providers_are_set_up(app_configs: Any, **options: Any) -> Iterator[CheckMessage]:
    """Run the checks of all providers, and check that ACCOUNTS_TRUSTED_PROVIDERS names some of them."""
    known = set()
    for provider in registry.every().values():
        known |= set(provider.identities())
        yield from provider.checks()
    for name in conf.TRUSTED_PROVIDERS:
        if name not in known:
            yield Error(
                f"ACCOUNTS_TRUSTED_PROVIDERS: no provider named {name!r}.",
                hint=f"These exist: {', '.join(sorted(known))}.",
                id="accounts.E003",
            )


@register
def throttle_rates_are_valid(app_configs: Any, **options: Any) -> Iterator[CheckMessage]:
    """Check that ACCOUNTS_THROTTLE_RATES has known actions with valid rates."""
    for action, given in conf.THROTTLE_RATES.items():
        if new := throttling.RENAMED_ACTIONS.get(action):
            old = f"ACCOUNTS_THROTTLE_RATES[{action!r}]"
            sentence = deprecation.message(old, f"ACCOUNTS_THROTTLE_RATES[{new!r}]", since="0.2.0")
            yield Warning(f"{sentence}.", id="accounts.W005")
        elif action not in throttling.RATES:
            known = ", ".join(throttling.RATES)
            yield Error(
                f"ACCOUNTS_THROTTLE_RATES: unknown action {action!r}, expected one of {known}.",
                id="accounts.E004",
            )
        for kind, text in given.items():
            if kind not in throttling.FREE:
                known = ", ".join(throttling.FREE)
                yield Error(
                    f"ACCOUNTS_THROTTLE_RATES[{action!r}]: {kind!r} is not one of {known}.",
                    id="accounts.E004",
                )
            try:
                rates.parse(text)
            except ValueError as error:
                yield Error(f"ACCOUNTS_THROTTLE_RATES[{action!r}][{kind!r}]: {error}", id="accounts.E004")


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
        for fault in rules.faults(Path(conf.BREACHED_PASSWORDS)):
            hint = "See docs/how-to/abuse.md."
            yield Error(
                f"BREACHED_PASSWORDS, {conf.BREACHED_PASSWORDS}: {fault}.", hint=hint, id="accounts.E005"
            )


@register
def captcha_backends_are_valid(app_configs: Any, **options: Any) -> Iterator[CheckMessage]:
    """Check that ACCOUNTS_CAPTCHA_BACKENDS can be imported, and that CAPTCHAs have their secret."""
    for path in conf.CAPTCHA_BACKENDS:
        try:
            found = import_string(path)
        except ImportError as error:
            yield Error(
                f"ACCOUNTS_CAPTCHA_BACKENDS: {error}",
                hint="See docs/how-to/add-a-captcha.md.",
                id="accounts.E006",
            )
            continue
        if isinstance(found, captcha.SiteVerify) and not conf.CAPTCHA_SECRET:
            yield Error(f"ACCOUNTS_CAPTCHA_BACKENDS: {path} needs CAPTCHA_SECRET.", id="accounts.E006")


@register
def passkeys_have_a_domain(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Passkeys, where they are a sign-in method, have the settings that they are checked against."""
    return [*_passkeys()] if methods.is_on(methods.PASSKEY) else []


def _passkeys() -> Iterator[CheckMessage]:
    hint = "See docs/how-to/second-factors.md."
    if not DOMAIN.fullmatch(conf.PASSKEY_RP_ID):
        yield Error(
            f"ACCOUNTS_SIGN_IN lists 'passkey', but ACCOUNTS_PASSKEY_RP_ID is {conf.PASSKEY_RP_ID!r}: "
            'name the domain they belong to, as "example.com", without "https://" and port.',
            hint=hint,
            id="accounts.E007",
        )
    for origin in conf.PASSKEY_ORIGINS:
        if not ORIGIN.fullmatch(origin):
            yield Error(
                f"ACCOUNTS_PASSKEY_ORIGINS: {origin!r} is not an origin. Write a page's as https://app.example.com, "
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
            hint="See docs/how-to/second-factors.md.",
            id="accounts.E008",
        )


@register
def serverpods_peppers_are_set(app_configs: Any, **options: Any) -> Iterator[CheckMessage]:
    """Check that what is stored for a server of Serverpod beside this one can be hashed as it does."""
    if conf.SERVERPOD_TABLES and not conf.SERVERPOD_PEPPERS:
        yield Error(
            "SERVERPOD_TABLES is true, but SERVERPOD_PEPPERS is not set: Serverpod could not check a password that "
            "is set here.",
            hint="Set it to emailSecretHashPepper in Serverpod's config/passwords.yaml. "
            "See docs/how-to/moving-users.md.",
            id="accounts.E009",
        )
    used = {"session": "SERVERPOD_SESSION_PEPPERS", "jwt": "SERVERPOD_REFRESH_PEPPERS"}[conf.SESSION_STRATEGY]
    if conf.SERVERPOD_TABLES and not getattr(conf, used):
        yield Warning(
            f"SERVERPOD_TABLES is true, but {used} is not set: devices that Serverpod signed in must sign in again "
            "here, and devices signed in here must sign in again there.",
            hint="See docs/how-to/moving-users.md.",
            id="accounts.W002",
        )


@register(Tags.database)
def serverpods_tables_are_there(
    app_configs: Any, databases: Any = None, **options: Any
) -> Iterator[CheckMessage]:
    """Check that the database is one that Serverpod uses, or used; one with its older module has no such tables."""
    if not conf.SERVERPOD_TABLES or DEFAULT_DB_ALIAS not in (databases or []):
        return
    missing = [name for name in tables.NEEDED if not tables.exists(name)]
    if missing and not tables.exists(tables.LEGACY_USERS):
        yield Error(
            f"SERVERPOD_TABLES is true, but the database has no {', '.join(missing)}.",
            hint="Unset SERVERPOD_TABLES once Serverpod's tables are gone. See docs/how-to/moving-users.md.",
            id="accounts.E010",
        )
