"""The laboratory's server as it stands behind one proxy: what a client claims of its address reaches the logs."""

from __future__ import annotations

from tests.endpoints.settings import *  # noqa: F403

ENDPOINTS_TRUSTED_PROXIES = 1
