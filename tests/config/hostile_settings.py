"""The sample app's server behind one proxy: addresses that a client claims reach the logs."""

from __future__ import annotations

from tests.endpoints.settings import *  # noqa: F403

ENDPOINTS_TRUSTED_PROXIES = 1
