"""Settings of the generated clients."""

from __future__ import annotations

from codegen.about import PRIVATE
from core.conf import AppSettings


class CodegenSettings(AppSettings, prefix="CLIENT_"):
    NAME: str = "example"  # the packages are named after it: example_client, example-client
    VERSION: str = "0.1.0"  # of the packages
    DESCRIPTION: str = PRIVATE.description  # a sentence; pub.dev wants 60 to 180 characters
    LICENSE: str = PRIVATE.license  # an SPDX expression, e.g. "MIT"; "": the packages can't be published
    REPOSITORY: str = PRIVATE.repository  # https address of their source; "" for none


conf = CodegenSettings()
