"""The project's settings with the legacy module switched on, and providers that the tests play."""

from __future__ import annotations

import os

os.environ["LEGACY_AUTH"] = os.environ["LEGACY_CHAT"] = "true"

from tests.settings import *  # noqa: F403
from tests.settings import CACHES as PROJECT_CACHES
from tests.settings import INSTALLED_APPS as PROJECT_APPS

INSTALLED_APPS = [*PROJECT_APPS, "tests.legacy_auth.app", "tests.legacy_auth.stand_ins"]
CLIENT, SECRET, REDIRECT = "our-client", "our-secret", "https://app.example.com/auth"
"""The values of tests/accounts/oidc_provider.py, which can't be imported here."""
ACCOUNTS_GOOGLE = {"client_ids": [CLIENT], "client_secret": SECRET, "redirect_uris": [REDIRECT]}
ACCOUNTS_APPLE = {"bundle_ids": [CLIENT]}
ACCOUNTS_FIREBASE = {"project_ids": [CLIENT]}
EMAIL_BACKEND, EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", os.environ["MAILS"]
CACHES = {
    name: {**cache, "KEY_PREFIX": os.environ["PODIUM_TESTING"]} for name, cache in PROJECT_CACHES.items()
}
"""Limits apply for an hour, and the next test run may start sooner."""
ACCOUNTS_SESSION_CACHE_SECONDS = 0.0  # the tests change rows without the server's notice
LEGACY_AUTH_USER_CAN_EDIT_FULL_NAME = True
"""Serverpod's default is the opposite."""
ACCOUNTS_SIGN_IN = ["email", "anonymous", "google", "apple", "firebase"]
