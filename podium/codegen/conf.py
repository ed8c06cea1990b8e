"""Settings of the generated clients."""

from __future__ import annotations

from podium.codegen.about import PRIVATE
from podium.core.conf import AppSettings


class CodegenSettings(AppSettings, prefix="CLIENT_"):
    NAME: str = ""
    """Name of the project in the packages' names: shop_client, shop-client; "": the name in pyproject.toml."""
    VERSION: str = "0.1.0"
    """Version of the packages."""
    DESCRIPTION: str = PRIVATE.description
    """Description of the packages, one sentence; pub.dev asks for 60 to 180 characters."""
    LICENSE: str = PRIVATE.license
    """License of the packages, an SPDX expression such as "MIT"; "": they cannot be published."""
    REPOSITORY: str = PRIVATE.repository
    """https address of the source of the packages; "": none."""


conf = CodegenSettings()
