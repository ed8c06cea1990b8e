"""The project's settings with the laboratory's endpoints, and small limits: for servers that tests start."""

from __future__ import annotations

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS as PROJECT_APPS

INSTALLED_APPS = [*PROJECT_APPS, "tests.endpoints.laboratory"]
PODIUM_AUTHENTICATE = "tests.endpoints.laboratory.tokens.resolve"
ENDPOINTS_READ_TIMEOUT_SECONDS = 1
ENDPOINTS_THREADS = 4
