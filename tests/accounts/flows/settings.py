"""The project's settings for an app with every way in, in the place of the example."""

from __future__ import annotations

import os

from config.settings import *  # noqa: F403
from config.settings import CACHES as PROJECT_CACHES
from config.settings import INSTALLED_APPS as PROJECT_APPS

INSTALLED_APPS = [*(each for each in PROJECT_APPS if each != "example"), "tests.accounts.flows"]
ACCOUNTS_TOKENS = os.environ.get("FLOWS_TOKENS", "session")
CACHES = {"default": {**PROJECT_CACHES["default"], "KEY_PREFIX": f"flows-{ACCOUNTS_TOKENS}"}}
ACCOUNTS_LIMITS = {  # all people of the tests come from one address
    "registration": {"address": "500/h", "site": "500/h", "device": "10/h", "account": "5/h"},
    "password_reset": {"address": "500/h", "site": "500/h", "device": "10/h", "account": "5/h"},
    "anonymous": {"address": "500/h", "site": "500/h", "device": "20/h"},
    "provider": {"address": "500/m", "site": "500/m"},
}
