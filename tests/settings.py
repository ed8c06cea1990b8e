"""Podium's settings with the tests' own app: those of all tests, and of the servers and workers that they start."""

from __future__ import annotations

from podium.settings import *  # noqa: F403
from podium.settings import INSTALLED_APPS as PODIUM_APPS

INSTALLED_APPS = [*PODIUM_APPS, "tests.notes"]
ROOT_URLCONF = "podium.server.urls"
ACCOUNTS_SIGN_IN = ["email", "anonymous"]
