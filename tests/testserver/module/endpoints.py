"""The endpoints of the module: some are called as `serverpod_test_module.<name>`, others are bases."""

from __future__ import annotations

import abc
from collections.abc import AsyncIterator
from typing import ClassVar

from serverpod_test_module.models import ModuleClass, ModuleStreamingClass, MyModuleFeatureModel

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint, hidden, unauthenticated_call
from podium.wire.types import BigInt

MODULE = "serverpod_test_module"


class ModuleEndpoint(Endpoint):
    """Called as an endpoint of the module."""

    module: ClassVar[str] = MODULE

    async def hello(self, call: Call, name: str) -> str:
        return f"Hello {name}"

    async def modify_module_object(self, call: Call, object: ModuleClass) -> ModuleClass:
        object.data = 42
        return object


class MyModuleFeatureEndpoint(Endpoint):
    """An endpoint in a feature's own folder."""

    module: ClassVar[str] = MODULE

    async def my_feature_method(self, call: Call) -> str:
        return "Hello, world!"

    async def my_feature_model(self, call: Call) -> MyModuleFeatureModel:
        return MyModuleFeatureModel(name="Isak")


class StreamingEndpoint(Endpoint):
    """Streams of the module."""

    module: ClassVar[str] = MODULE

    async def int_echo_stream(self, call: Call, stream: AsyncIterator[int]) -> AsyncIterator[int]:
        async for each in stream:
            yield each

    async def simple_input_return_stream(self, call: Call, stream: AsyncIterator[int]) -> int:
        """The first value."""
        return await anext(stream)


class RecordStreamingEndpoint(Endpoint):
    """Streams of records with objects of the module's classes."""

    module: ClassVar[str] = MODULE

    async def stream_module_class(
        self, call: Call, values: AsyncIterator[tuple[int | None, ModuleStreamingClass | None]]
    ) -> AsyncIterator[tuple[int | None, ModuleStreamingClass | None]]:
        async for each in values:
            yield each


@hidden
class BaseEndpoint(Endpoint):
    """Only a base; hidden from clients."""

    module: ClassVar[str] = MODULE

    async def echo_string(self, call: Call, value: str) -> str:
        return value

    async def echo_record(self, call: Call, value: tuple[int, BigInt]) -> tuple[int, BigInt]:
        return value

    async def echo_container(self, call: Call, value: set[int]) -> set[int]:
        return value

    async def echo_model(self, call: Call, value: ModuleClass) -> ModuleClass:
        return value

    @hidden
    async def ignored_method(self, call: Call) -> None:
        """Subclasses can make it visible."""


class AbstractBaseEndpoint(Endpoint, abc.ABC):
    """Declares the methods of its subclasses."""

    module: ClassVar[str] = MODULE

    @abc.abstractmethod
    async def virtual_method(self, call: Call) -> str: ...

    async def abstract_base_method(self, call: Call) -> str:
        return "abstractBaseMethod"


class ConcreteBaseEndpoint(AbstractBaseEndpoint):
    """An endpoint that can be called and extended."""

    async def virtual_method(self, call: Call) -> str:
        return "virtualMethod"

    async def concrete_method(self, call: Call) -> str:
        return "concreteMethod"


class UnauthenticatedEndpoint(Endpoint):
    """Called without a credential."""

    module: ClassVar[str] = MODULE

    @unauthenticated_call
    async def unauthenticated_method(self, call: Call) -> bool:
        return call.identity is not None

    @unauthenticated_call
    async def unauthenticated_stream(self, call: Call) -> AsyncIterator[bool]:
        yield call.identity is not None


class PartiallyUnauthenticatedEndpoint(Endpoint):
    """Some of its methods are called without a credential."""

    module: ClassVar[str] = MODULE

    @unauthenticated_call
    async def unauthenticated_method(self, call: Call) -> bool:
        return call.identity is not None

    @unauthenticated_call
    async def unauthenticated_stream(self, call: Call) -> AsyncIterator[bool]:
        yield call.identity is not None

    async def authenticated_method(self, call: Call) -> bool:
        return call.identity is not None

    async def authenticated_stream(self, call: Call) -> AsyncIterator[bool]:
        yield call.identity is not None
