"""The project's settings for an app with every sign-in method, instead of the tests' own app."""

from __future__ import annotations

import os

from tests.settings import *  # noqa: F403
from tests.settings import CACHES as PROJECT_CACHES
from tests.settings import INSTALLED_APPS as PROJECT_APPS

INSTALLED_APPS = [*(each for each in PROJECT_APPS if each != "tests.notes"), "tests.accounts.flows"]
ACCOUNTS_SESSION_STRATEGY = os.environ.get("FLOWS_TOKENS", "session")
CACHES = {"default": {**PROJECT_CACHES["default"], "KEY_PREFIX": f"flows-{ACCOUNTS_SESSION_STRATEGY}"}}
ACCOUNTS_THROTTLE_RATES = {  # all users of the tests have the same address
    "registration": {"address": "500/h", "site": "500/h", "device": "10/h", "account": "5/h"},
    "password_reset": {"address": "500/h", "site": "500/h", "device": "10/h", "account": "5/h"},
    "anonymous": {"address": "500/h", "site": "500/h", "device": "20/h"},
    "provider": {"address": "500/m", "site": "500/m"},
}
PROVIDERS = ["google", "apple", "firebase", "github", "microsoft", "facebook", "oidc"]
ACCOUNTS_SIGN_IN = ["email", "anonymous", "passkey", *PROVIDERS]
