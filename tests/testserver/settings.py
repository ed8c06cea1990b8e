"""The project's settings with the corpus' models and the test server's endpoints."""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["LEGACY_AUTH"] = "true"

from tests.settings import *  # noqa: F403
from tests.settings import CACHES as PROJECT_CACHES
from tests.settings import DATABASES as PROJECT_DATABASES
from tests.settings import DEVELOPMENT
from tests.settings import INSTALLED_APPS as PROJECT_APPS
from tests.testserver import build

BASE_DIR = Path(os.environ.get("TESTSERVER_APPS") or build.apps(frozenset()))
"""The folder of the generated apps; its pyproject.toml names the classes written by hand."""
sys.path.insert(0, str(BASE_DIR))

DATABASES = {"default": dict(PROJECT_DATABASES["default"])}
if DEVELOPMENT:  # the corpus' tables must not be among those of the app in development
    DATABASES["default"]["NAME"] = build.DATABASE

INSTALLED_APPS = [*PROJECT_APPS, *build.packages(), "tests.testserver.module", "tests.testserver"]
MIGRATION_MODULES = dict.fromkeys(build.packages())
"""Their tables are created from the models, without migrations."""
ENDPOINTS_KEY_IN_BODY = False
"""As in Serverpod since 4.0."""
LEGACY_AUTH_USER_CAN_EDIT_FULL_NAME = True
AUTH_PASSWORD_VALIDATORS = []
"""The tests' passwords are well known."""
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
"""Tests ask for the code that was mailed."""
ALLOWED_HOSTS = ["*"]
CACHES = {
    **PROJECT_CACHES,
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "testserver"},
}
SILENCED_SYSTEM_CHECKS = [
    "endpoints.E002",  # its endpoint `admin` has the path of Django's admin
    *(f"podium.E{number:03}" for number in range(1, 100)),  # not production, even with DATABASE_URL
]
