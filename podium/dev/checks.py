"""`manage.py check`: apps of the project that are not installed or incomplete."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from podium.dev import app_faults
from podium.schema.definitions import Fault

PACKAGE = "config"
"""The settings to check. Others, such as those of a test run, may leave out apps on purpose."""


def faults() -> list[Fault]:
    """The faults of the running project. Needs its settings, but no apps."""
    if os.environ.get("DJANGO_SETTINGS_MODULE", PACKAGE).partition(".")[0] != PACKAGE:
        return []
    return app_faults.find(settings.BASE_DIR, settings.INSTALLED_APPS)


@register
def apps_are_complete(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Report them. `manage.py` stops at errors among them before Django loads; a web server does not."""
    return [
        Error(text, id="podium.E020") if fault.severity == "error" else Warning(text, id="podium.W020")
        for fault in faults()
        for text in [f"{fault.position.file}:{fault.position.line} {fault.message}."]
    ]
