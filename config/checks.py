"""What must not reach production: run by `manage.py check --deploy`, beside Django's own checks."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register


@register(Tags.security, deploy=True)
def production_settings(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Faults in the settings that only matter where strangers can reach the server."""
    found: list[CheckMessage] = []
    if settings.DEVELOPMENT:
        found.append(
            Error("DATABASE_URL is not set: this is a development set-up.", hint="Set it.", id="podium.E001")
        )
    if "*" in settings.ALLOWED_HOSTS:
        found.append(
            Error("ALLOWED_HOSTS lets every host through.", hint="Name your hosts.", id="podium.E002")
        )
    if urlsplit(settings.PUBLIC_URL).scheme != "https":
        found.append(
            Error(
                f"PUBLIC_URL is {settings.PUBLIC_URL}: addresses of uploads would not be encrypted.",
                hint="Set it to the https address that clients use.",
                id="podium.E003",
            )
        )
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        found.append(
            Warning(
                "Mail goes to the console.",
                hint="Set EMAIL_URL, e.g. smtp+tls://user:password@host:587",
                id="podium.W001",
            )
        )
    return found
