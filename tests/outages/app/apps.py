"""The stack's test apps: its own endpoints, and the laboratory's under another label, because its own is taken."""

from __future__ import annotations

from django.apps import AppConfig


class OutageConfig(AppConfig):
    name = "tests.outages.app"
    label = "outage"


class LaboratoryEndpointsConfig(AppConfig):
    name = "tests.endpoints.laboratory"
    label = "laboratory_endpoints"
