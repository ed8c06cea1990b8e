"""What must not reach production: run by `manage.py check --deploy`, beside Django's own checks."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Tags, register

from config import production


@register(Tags.security, deploy=True)
def production_settings(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Faults in the settings that only matter where strangers can reach the server."""
    return production.faults()
