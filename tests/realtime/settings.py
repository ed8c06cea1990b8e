"""The project's settings with the test app's streams, and small limits: for servers that tests start."""

from __future__ import annotations

import os

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS as PROJECT_APPS

INSTALLED_APPS = [*PROJECT_APPS, "tests.realtime.chat"]
PODIUM_AUTHENTICATE = "tests.realtime.chat.tokens.resolve"
REALTIME_PREFIX = os.environ["REALTIME_TEST_PREFIX"]
REALTIME_FRAME_BYTES = 10_000
REALTIME_STREAMS = 20
REALTIME_INPUT_QUEUE = 5
REALTIME_INPUT_SECONDS = 0.5
REALTIME_MESSAGE_QUEUE = 200
REALTIME_PING_SECONDS = 1
REALTIME_IDLE_SECONDS = 8
REALTIME_SEND_SECONDS = 2
REALTIME_SOCKETS_PER_USER = 6
REALTIME_SOCKETS_PER_ADDRESS = 60
