"""The settings with every app that can be switched on, for type checks. No server runs with them."""

from __future__ import annotations

import os

os.environ["LEGACY_AUTH"] = os.environ["LEGACY_CHAT"] = "true"

from config.settings import *  # noqa: F403
