"""The test server's own endpoints for generating clients, without those of the project's apps."""

from __future__ import annotations

from podium.endpoints.definitions import EndpointDefinition
from podium.endpoints.registry import Registry, registry


def definitions() -> list[EndpointDefinition]:
    """The endpoints of the corpus' project and its module. Raises BadEndpoints."""
    here = __package__ or ""
    return Registry(one for one in registry().classes if one.__module__.startswith(f"{here}.")).definitions()
