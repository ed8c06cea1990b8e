"""Checks of settings, in addition to Django's own; `manage.py check --deploy` runs those for production."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Tags, register

from podium.server import app_settings, production


@register(Tags.security, deploy=True)
def production_settings(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Faults in the settings that only matter where strangers can reach the server."""
    return production.faults()


@register()
def settings_of_apps(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Faults in the settings that apps declare in conf.py."""
    return app_settings.faults()
