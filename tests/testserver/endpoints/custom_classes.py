"""Round trips of classes written by hand."""

from __future__ import annotations

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from tests.testserver.extra_classes import (
    CustomClass,
    CustomClass2,
    CustomClassWithoutProtocolSerialization,
    CustomClassWithProtocolSerialization,
    CustomClassWithProtocolSerializationMethod,
    ExternalCustomClass,
    FreezedCustomClass,
    ProtocolCustomClass,
)


class CustomTypesEndpoint(Endpoint):
    """As arguments and results."""

    async def return_custom_class(self, call: Call, data: CustomClass) -> CustomClass:
        return data

    async def return_custom_class2(self, call: Call, data: CustomClass2) -> CustomClass2:
        return data

    async def return_custom_class2_nullable(
        self, call: Call, data: CustomClass2 | None
    ) -> CustomClass2 | None:
        return data

    async def return_custom_class_nullable(self, call: Call, data: CustomClass | None) -> CustomClass | None:
        return data

    async def return_custom_class_with_protocol_serialization(
        self, call: Call, data: CustomClassWithProtocolSerialization
    ) -> CustomClassWithProtocolSerialization:
        return data

    async def return_custom_class_with_protocol_serialization_method(
        self, call: Call, data: CustomClassWithProtocolSerializationMethod
    ) -> CustomClassWithProtocolSerializationMethod:
        return data

    async def return_custom_class_without_protocol_serialization(
        self, call: Call, data: CustomClassWithoutProtocolSerialization
    ) -> CustomClassWithoutProtocolSerialization:
        return data

    async def return_external_custom_class(
        self, call: Call, data: ExternalCustomClass
    ) -> ExternalCustomClass:
        return data

    async def return_external_custom_class_nullable(
        self, call: Call, data: ExternalCustomClass | None
    ) -> ExternalCustomClass | None:
        return data

    async def return_freezed_custom_class(self, call: Call, data: FreezedCustomClass) -> FreezedCustomClass:
        return data

    async def return_freezed_custom_class_nullable(
        self, call: Call, data: FreezedCustomClass | None
    ) -> FreezedCustomClass | None:
        return data


class CustomClassProtocolEndpoint(Endpoint):
    """A class that keeps a value from clients."""

    async def get_protocol_field(self, call: Call) -> ProtocolCustomClass:
        return ProtocolCustomClass(value="Value", server_only_value="ServerOnlyValue")
