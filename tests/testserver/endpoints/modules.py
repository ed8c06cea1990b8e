"""Endpoints that change those of a module, and values of its classes."""

from __future__ import annotations

from typing import ClassVar

from serverpod_test.models import ModuleDatatype
from serverpod_test_module.models import ModuleClass
from serverpod_test_shared_module.models import SharedModuleTable

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint, hidden
from podium.wire.codecs import codec, dumps, loads
from podium.wire.types import BigInt
from tests.testserver.module import endpoints as module


class ModuleEndpointSubclassEndpoint(module.BaseEndpoint):
    """Unchanged."""

    module: ClassVar[str] = ""


class ModuleEndpointAdaptationEndpoint(module.BaseEndpoint):
    """With some methods overridden."""

    module: ClassVar[str] = ""

    async def echo_string(self, call: Call, value: str) -> str:
        return await super().echo_string(call, f"re-exposed: {value}")

    async def echo_record(
        self, call: Call, value: tuple[int, BigInt], multiplier: int | None = None
    ) -> tuple[int, BigInt]:
        number, big = value
        factor = 1 if multiplier is None else multiplier
        return number * factor, BigInt(big * factor)


class ModuleEndpointReductionEndpoint(module.BaseEndpoint):
    """With one method hidden."""

    module: ClassVar[str] = ""

    @hidden
    async def echo_string(self, call: Call, value: str) -> str:
        return value


class ModuleEndpointExtensionEndpoint(module.BaseEndpoint):
    """With one additional method, and one made visible that is hidden there."""

    module: ClassVar[str] = ""

    async def greet(self, call: Call, name: str) -> str:
        return f"Hello {name}"

    async def ignored_method(self, call: Call) -> None:
        await super().ignored_method(call)


class ModuleSerializationEndpoint(Endpoint):
    """Objects of the module's classes."""

    async def serialize_module_object(self, call: Call) -> bool:
        """Return whether an object comes back from JSON unchanged."""
        made = ModuleClass(name="foo", data=42)
        kind = codec("module:serverpod_test_module:ModuleClass")
        return bool(kind.decode(loads(dumps(kind.encode(made)))) == made)

    async def modify_module_object(self, call: Call, object: ModuleClass) -> ModuleClass:
        object.data = 42
        return object

    async def serialize_nested_module_object(self, call: Call) -> ModuleDatatype:
        made = ModuleClass(name="foo", data=42)
        return ModuleDatatype(model=made, list_field=[made], map={"foo": made})

    async def modify_shared_module_table(self, call: Call, object: SharedModuleTable) -> SharedModuleTable:
        object.data = {"modified": True}
        return object
