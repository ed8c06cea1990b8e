"""What the example's clients are generated from."""

from __future__ import annotations

from pathlib import Path

from endpoints import registry
from endpoints.definitions import EndpointDefinition
from schema import project
from schema.definitions import Protocol

ROOT = Path(__file__).parent.parent.parent


def definitions() -> tuple[Protocol, list[EndpointDefinition]]:
    """What the server runs from."""
    protocol, faults = project.load(ROOT, name="example")
    assert not [fault for fault in faults if fault.severity == "error"], [str(fault) for fault in faults]
    return protocol, registry.registry().definitions()
