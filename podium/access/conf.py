"""Settings of access rules: each is a Django setting with the prefix ACCESS_."""

from __future__ import annotations

from typing import Literal

from podium.core.conf import AppSettings


class AccessSettings(AppSettings, prefix="ACCESS_"):
    RESULTS: Literal["check", "off"] = "off"
    """"check": a method fails if it returns a row that its caller may not read. On in development and tests."""


conf = AccessSettings()
