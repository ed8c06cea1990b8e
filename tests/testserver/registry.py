"""The test server's own endpoints, as clients are generated from them: those of the project's apps are left out."""

from __future__ import annotations

from endpoints.definitions import EndpointDefinition
from endpoints.registry import Registry, registry


def definitions() -> list[EndpointDefinition]:
    """Those of the project and of its module. Raises BadEndpoints."""
    here = __package__ or ""
    return Registry(one for one in registry().classes if one.__module__.startswith(f"{here}.")).definitions()
