"""The test apps of a stack: its own endpoints, and the laboratory's, whose label another laboratory has already."""

from __future__ import annotations

from django.apps import AppConfig


class OutageConfig(AppConfig):
    name = "tests.outages.app"
    label = "outage"


class LaboratoryEndpointsConfig(AppConfig):
    name = "tests.endpoints.laboratory"
    label = "laboratory_endpoints"
