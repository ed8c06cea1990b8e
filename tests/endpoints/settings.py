"""The project's settings with the sample app's endpoints, and small limits: for servers that tests start."""

from __future__ import annotations

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS as PROJECT_APPS

INSTALLED_APPS = [*PROJECT_APPS, "tests.endpoints.sample_app"]
PODIUM_AUTHENTICATE = "tests.endpoints.sample_app.tokens.resolve"
ENDPOINTS_READ_TIMEOUT_SECONDS = 1
ENDPOINTS_THREADS = 4
