"""The stack's own test app."""

from __future__ import annotations

from django.apps import AppConfig


class OutageConfig(AppConfig):
    name = "tests.outages.app"
    label = "outage"
