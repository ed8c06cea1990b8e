"""The project's settings with the endpoints and pages of strangers and short time limits, for servers of tests."""

from __future__ import annotations

import os

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS as PROJECT_APPS

INSTALLED_APPS = [*PROJECT_APPS, "tests.abuse.strangers"]
ROOT_URLCONF = "tests.abuse.strangers.urls"
PODIUM_AUTHENTICATE = os.environ.get("AUTHENTICATE", "tests.abuse.strangers.tokens.resolve")
DATA_UPLOAD_MAX_MEMORY_SIZE = None  # the server's own limits are under test

ENDPOINTS_HEAD_SECONDS = 3
ENDPOINTS_READ_TIMEOUT_SECONDS = float(os.environ.get("READ_SECONDS", "3"))
ENDPOINTS_STALL_SECONDS = 3
ENDPOINTS_CONNECTIONS = int(os.environ.get("CONNECTIONS", "20000"))
ENDPOINTS_CONNECTIONS_PER_ADDRESS = int(os.environ.get("CONNECTIONS_PER_ADDRESS", "500"))
ENDPOINTS_UNSENT_BYTES = 64 * 1024 * 1024
ENDPOINTS_THREADS = 4
REALTIME_IDLE_SECONDS = 6
