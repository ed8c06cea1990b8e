"""Podium's settings with the tests' own app: those of all tests, and of the servers and workers that they start."""

from __future__ import annotations

from podium.settings import *  # noqa: F403
from podium.settings import INSTALLED_APPS as PODIUM_APPS
from podium.settings import PASSWORD_HASHERS as PODIUM_HASHERS

INSTALLED_APPS = [*PODIUM_APPS, "tests.notes"]
ROOT_URLCONF = "podium.server.urls"
ACCOUNTS_SIGN_IN = ["email", "anonymous"]
QUICK = {"accounts.passwords.hashers.Argon2": "tests.quick_hashes.Argon2"}
PASSWORD_HASHERS = [
    QUICK.get(each, each) for each in PODIUM_HASHERS
]  # tests/accounts/test_hashers.py checks the real one
