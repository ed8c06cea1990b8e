"""Unsafe settings that only matter on a server that strangers can reach. Opens no connections.

`manage.py check --deploy` reports them. The web server, the worker and the scheduler do not start if one of them is an
error. To start anyway, list its code in SILENCED_SYSTEM_CHECKS.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from email.utils import parseaddr
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage
from django.utils.module_loading import import_string

from podium.core import dotenv, project
from podium.endpoints.conf import conf as endpoints

KEY_LENGTH = 50
KEY_CHARACTERS = 5
PASSWORD_LENGTH = 8
LOCAL = ("localhost", "127.0.0.1", "::1")
NOWHERE = ("localhost", "localdomain")
"""Endings of domains that no mail server delivers to."""
REDIS_SCHEMES = ("redis://", "rediss://", "unix://")
ENCRYPTED = ("require", "verify-ca", "verify-full")
CANNOT_START = 3
"""The exit code that makes uvicorn's parent process end instead of starting the next child."""


def read_settings() -> None:
    """Exit if settings are missing or invalid, and name all of them. Called when a process starts."""
    try:
        _ = settings.DEBUG  # the first access reads all of them
    except ImproperlyConfigured as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(CANNOT_START)


def require_app(app: str, *, of: str, installed: Sequence[str]) -> None:
    """Exit if a process needs an app that the project leaves out. Called when a process starts."""
    if app not in installed:
        sys.stderr.write(
            f"{of} can't start: config/settings.py leaves out the app {app}. Start the web server alone, or remove "
            f"{app} from leave_out(...).\n"
        )
        sys.exit(CANNOT_START)


def faults() -> list[CheckMessage]:
    """All faults, including silenced ones."""
    return [fault for check in CHECKS for fault in check()]


def refuse_unsafe() -> None:
    """Exit in production if there are errors, and print them to standard error. Called when a process starts."""
    if settings.DEVELOPMENT or settings.TESTING:
        return
    errors = [each for each in faults() if each.is_serious() and not each.is_silenced()]
    if errors:
        sys.stderr.write("Podium does not start with these settings (python3 manage.py check --deploy):\n")
        sys.stderr.writelines(f"{each}\n" for each in errors)
        sys.stderr.write(
            "To start anyway, list their codes in SILENCED_SYSTEM_CHECKS: docs/explanation/security.md\n"
        )
        sys.exit(CANNOT_START)


def _development() -> Iterator[CheckMessage]:
    if settings.DEVELOPMENT:
        yield Error(
            "DATABASE_URL is not set: this is a development set-up.", hint="Set it.", id="podium.E001"
        )
    if settings.DEBUG:
        hint = "Remove DEBUG from the environment."
        yield Error(
            "DEBUG is on: error pages show settings and code to everyone.", hint=hint, id="podium.E004"
        )


def _hosts() -> Iterator[CheckMessage]:
    if "*" in settings.ALLOWED_HOSTS:
        yield Error("ALLOWED_HOSTS allows every host.", hint="List your hosts.", id="podium.E002")

    if not settings.ALLOWED_HOSTS:
        text = "ALLOWED_HOSTS is not set: every request to a page gets a 400."
        yield Error(text, hint="List your hosts, e.g. api.example.com", id="podium.E002")


def _secret_key() -> Iterator[CheckMessage]:
    hint = "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
    for name, keys in (
        ("SECRET_KEY", [settings.SECRET_KEY]),
        ("SECRET_KEY_FALLBACKS", settings.SECRET_KEY_FALLBACKS),
    ):
        for key in keys:
            if _can_be_guessed(key.strip()):
                text = f"{name} can be guessed: it needs {KEY_LENGTH} random characters."
                yield Error(text, hint=hint, id="podium.E005")


def _can_be_guessed(key: str) -> bool:
    repeats = any(key == (key[:part] * KEY_LENGTH)[: len(key)] for part in range(1, KEY_LENGTH // 2))
    short = len(key) < KEY_LENGTH or len(set(key)) < KEY_CHARACTERS
    return short or repeats or key.startswith("django-insecure-")


def _origins() -> Iterator[CheckMessage]:
    public = urlsplit(settings.PUBLIC_URL)
    if public.scheme != "https" or not public.hostname:
        text = f"PUBLIC_URL is {settings.PUBLIC_URL}, not an https address: uploads would not be encrypted."
        yield Error(text, hint="Set it to the https address that clients use.", id="podium.E003")
    lists = {
        "WEB_ORIGINS": settings.WEB_ORIGINS,
        "CSRF_TRUSTED_ORIGINS": settings.CSRF_TRUSTED_ORIGINS,
        "PASSKEY_ORIGINS": settings.ACCOUNTS_PASSKEY_ORIGINS,
        "ENDPOINTS_ALLOWED_ORIGINS": endpoints.ALLOWED_ORIGINS,
    }
    for name, origins in lists.items():
        if unsafe := sorted(each for each in origins if each.lower().startswith("http:")):
            text = f"{name} trusts pages without TLS, which can be changed in transit: {', '.join(unsafe)}."
            yield Error(text, hint="Write https.", id="podium.E009")
    if {"*", "null"} & set(endpoints.ALLOWED_ORIGINS):  # any page can have the origin "null"
        text = "ENDPOINTS_ALLOWED_ORIGINS is open: pages of every origin may call this server."
        yield Warning(
            text, hint="List the origins of your web apps; mobile apps need none.", id="podium.W002"
        )


def _redis() -> Iterator[CheckMessage]:
    if not settings.REDIS_URL.startswith(REDIS_SCHEMES):
        text = "REDIS_URL is not a valid Redis address."
        yield Error(text, hint="Start it with redis://, rediss:// or unix://", id="podium.E012")
    parts = urlsplit(settings.REDIS_URL)
    if parts.scheme == "unix" or (parts.hostname or "localhost") in LOCAL:
        return
    given = parse_qs(parts.query)
    if not (parts.password or "password" in given or "ssl_certfile" in given):
        text = f"REDIS_URL has no password, and {parts.hostname} is another machine."
        hint = "Set requirepass there, and REDIS_URL to rediss://:password@host:6379/0"
        yield Error(text, hint=hint, id="podium.E006")
    if parts.scheme != "rediss":
        text = f"The connection to Redis on {parts.hostname} is not encrypted."
        yield Warning(
            text, hint="Use rediss:// in REDIS_URL, or keep Redis on a private network.", id="podium.W005"
        )


def _database() -> Iterator[CheckMessage]:
    database = settings.DATABASES["default"]
    host = database.get("HOST") or ""
    mode = database.get("OPTIONS", {}).get("sslmode") or os.environ.get("PGSSLMODE", "")
    if host and not host.startswith("/") and host not in LOCAL and mode not in ENCRYPTED:
        text = f"The connection to Postgres on {host} may not be encrypted."
        yield Warning(
            text, hint="Append ?sslmode=verify-full or ?sslmode=require to DATABASE_URL.", id="podium.W004"
        )


def _accounts() -> Iterator[CheckMessage]:
    if settings.ACCOUNT_EMAIL_VERIFICATION != "mandatory":
        text = "Anyone can sign up with someone else's email address: ACCOUNT_EMAIL_VERIFICATION is not mandatory."
        yield Error(text, hint="Set ACCOUNT_EMAIL_VERIFICATION to mandatory.", id="podium.E007")
    validators: Any = settings.AUTH_PASSWORD_VALIDATORS
    lengths = [
        validator.get("OPTIONS", {}).get("min_length", PASSWORD_LENGTH)
        for validator in validators
        if validator["NAME"].endswith("MinimumLengthValidator")
    ]
    if max(lengths, default=0) < PASSWORD_LENGTH:
        text = f"Passwords of fewer than {PASSWORD_LENGTH} characters are accepted."
        yield Error(text, hint=f"Set PASSWORD_MIN_LENGTH to {PASSWORD_LENGTH} or more.", id="podium.E008")


def _storage() -> Iterator[CheckMessage]:
    storages: Any = settings.STORAGES
    backend = import_string(storages["default"]["BACKEND"])
    if settings.HOSTS > 1 and issubclass(backend, FileSystemStorage):
        text = f"Files are stored in a folder of one machine, but HOSTS is {settings.HOSTS}."
        hint = (
            "Set FILES_URL (docs/how-to/store-files-on-s3.md). Silence this if MEDIA_ROOT is a folder that all "
            "machines share."
        )
        yield Error(text, hint=hint, id="podium.E010")


def _mail() -> Iterator[CheckMessage]:
    _, at, domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")
    if not (at and domain) or domain.lower().rpartition(".")[2] in NOWHERE:
        text = f"Mail is sent from {settings.DEFAULT_FROM_EMAIL}, which mail servers reject."
        yield Error(text, hint="Set DEFAULT_FROM_EMAIL to an address of your domain.", id="podium.E011")
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        hint = "Set EMAIL_URL, e.g. smtp+tls://user:password@host:587"
        yield Warning("Mail goes to the console.", hint=hint, id="podium.W001")


def _proxies() -> Iterator[CheckMessage]:
    if not endpoints.TRUSTED_PROXIES:
        text = "No proxy is trusted: behind a proxy, all clients appear to have its address and share its limits."
        hint = (
            "Set ENDPOINTS_TRUSTED_PROXIES to the number of proxies in front of the server, or silence this."
        )
        yield Warning(text, hint=hint, id="podium.W003")


def _dotenv() -> Iterator[CheckMessage]:
    if dotenv.is_readable_by_others(project.ROOT):
        text = "Other users of this machine can read the secrets in .env."
        yield Warning(text, hint="Run: chmod 600 .env", id="podium.W007")


def _legacy_auth() -> Iterator[CheckMessage]:
    if settings.LEGACY_AUTH and not settings.LEGACY_AUTH_KEY_SALT:
        yield Error(
            "LEGACY_AUTH_KEY_SALT is not set: the keys on devices can't be checked without the right salt.",
            hint="Set it to authKeySalt of Serverpod's config/passwords.yaml, or to salty if that has none.",
            id="podium.E013",
        )


CHECKS = (
    _development,
    _hosts,
    _secret_key,
    _origins,
    _redis,
    _database,
    _accounts,
    _storage,
    _mail,
    _proxies,
    _dotenv,
    _legacy_auth,
)
