"""What the module offers: endpoints called as `serverpod_test_module.<name>`, and others that are to be extended."""

from __future__ import annotations

import abc
from collections.abc import AsyncIterator
from typing import ClassVar

from serverpod_test_module.models import ModuleClass

from endpoints.calls import Call
from endpoints.endpoint import Endpoint, hidden, unauthenticated_call
from schema.types import BigInt

MODULE = "serverpod_test_module"


class ModuleEndpoint(Endpoint):
    """Called as one of the module."""

    module: ClassVar[str] = MODULE

    async def hello(self, call: Call, name: str) -> str:
        return f"Hello {name}"

    async def modify_module_object(self, call: Call, object: ModuleClass) -> ModuleClass:
        object.data = 42
        return object


@hidden
class BaseEndpoint(Endpoint):
    """Only to be extended; clients do not know it."""

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
        """Left to those who extend this to show it."""


class AbstractBaseEndpoint(Endpoint, abc.ABC):
    """Says what those who extend it have."""

    module: ClassVar[str] = MODULE

    @abc.abstractmethod
    async def abstract_base_method(self, call: Call) -> str: ...

    async def virtual_method(self, call: Call) -> str:
        return "module base virtual method"


class ConcreteBaseEndpoint(AbstractBaseEndpoint):
    """One that can be called and extended."""

    async def abstract_base_method(self, call: Call) -> str:
        return "module concrete base"

    async def concrete_method(self, call: Call) -> str:
        return "module concrete method"


class UnauthenticatedEndpoint(Endpoint):
    """Called without saying who calls."""

    module: ClassVar[str] = MODULE

    @unauthenticated_call
    async def unauthenticated_method(self, call: Call) -> bool:
        return call.identity is None

    @unauthenticated_call
    async def unauthenticated_stream(self, call: Call) -> AsyncIterator[bool]:
        yield call.identity is None


class PartiallyUnauthenticatedEndpoint(UnauthenticatedEndpoint):
    """Half of it is."""

    async def authenticated_method(self, call: Call) -> bool:
        return call.identity is not None

    async def authenticated_stream(self, call: Call) -> AsyncIterator[bool]:
        yield call.identity is not None
