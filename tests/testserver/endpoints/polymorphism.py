"""Subclasses as values of a declared parent class."""

from __future__ import annotations

from collections.abc import AsyncIterator

from serverpod_test.models import (
    ModulePolymorphicChildContainer,
    PolymorphicChildContainer,
    PolymorphicParent,
)

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint


class InheritancePolymorphismTestEndpoint(Endpoint):
    """They keep their class."""

    async def polymorphic_container_roundtrip(
        self, call: Call, container: PolymorphicChildContainer
    ) -> PolymorphicChildContainer:
        return container

    async def polymorphic_module_container_roundtrip(
        self, call: Call, container: ModulePolymorphicChildContainer
    ) -> ModulePolymorphicChildContainer:
        return container

    async def polymorphic_roundtrip(
        self, call: Call, parent: PolymorphicParent
    ) -> tuple[str, PolymorphicParent]:
        return type(parent).__name__, parent

    async def polymorphic_streaming_roundtrip(
        self, call: Call, stream: AsyncIterator[PolymorphicParent]
    ) -> AsyncIterator[tuple[str, PolymorphicParent]]:
        async for each in stream:
            yield type(each).__name__, each
