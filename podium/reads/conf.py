"""Settings of the reads."""

from __future__ import annotations

from typing import Literal

from podium.core.conf import AppSettings


class ReadsSettings(AppSettings, prefix=""):
    READS: Literal["fast", "orm"] = "fast"
    """"orm": Django's own query sets do all reads, for comparison and to rule the fast path out."""


conf = ReadsSettings()
