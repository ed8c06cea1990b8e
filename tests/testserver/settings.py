"""The project's settings with the corpus' models and the test server's endpoints."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from config.settings import *  # noqa: F403
from config.settings import CACHES as PROJECT_CACHES
from config.settings import DATABASES as PROJECT_DATABASES
from config.settings import DEVELOPMENT
from config.settings import INSTALLED_APPS as PROJECT_APPS
from tests.testserver import build

BASE_DIR = Path(os.environ.get("TESTSERVER_APPS") or build.apps(frozenset()))
"""Where the generated apps are; its pyproject.toml names the classes written by hand."""
sys.path.insert(0, str(BASE_DIR))

DATABASES = {"default": dict(PROJECT_DATABASES["default"])}
if DEVELOPMENT:  # the corpus' tables have no place among those of the app that is developed
    DATABASES["default"]["NAME"] = build.DATABASE

INSTALLED_APPS = [*PROJECT_APPS, *build.packages(), "tests.testserver.module", "tests.testserver"]
MIGRATION_MODULES = dict.fromkeys(build.packages())
"""Their tables are made as the models say, without migrations."""
PODIUM_AUTHENTICATE = "tests.testserver.identity.resolve"
ALLOWED_HOSTS = ["*"]
CACHES = {
    **PROJECT_CACHES,
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "testserver"},
}
SILENCED_SYSTEM_CHECKS = [
    "endpoints.E002",  # its endpoint `admin` stands where Django's admin would be
    *(f"podium.E{number:03}" for number in range(1, 12)),  # it is no production, also with DATABASE_URL
]
