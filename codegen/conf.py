"""Settings of the generated clients."""

from __future__ import annotations

from core.conf import AppSettings


class CodegenSettings(AppSettings, prefix="CLIENT_"):
    NAME: str = "example"  # the packages are named after it: example_client, example-client
    VERSION: str = "0.1.0"  # of the packages


conf = CodegenSettings()
