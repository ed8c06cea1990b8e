"""The admin's front page: that of the app monitoring, if it is installed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import apps
from django.http import HttpRequest


def callback(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """unfold's DASHBOARD_CALLBACK."""
    if not apps.is_installed("monitoring"):
        return context
    shown: dict[str, Any] = import_module("monitoring.dashboard").callback(request, context)
    return shown
