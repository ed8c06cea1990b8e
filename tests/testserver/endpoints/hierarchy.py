"""Endpoints that extend others: abstract and concrete ones, a module's, and those for signed-in users only."""

from __future__ import annotations

import abc
from collections.abc import AsyncIterator
from typing import ClassVar

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint, hidden
from tests.testserver.endpoints.accounts import ADMIN
from tests.testserver.module import endpoints as module

# Abstract and concrete ---------------------------------------------------------------------------------------------


class AbstractBaseEndpoint(Endpoint, abc.ABC):
    """Declares the methods of its subclasses."""

    @abc.abstractmethod
    async def virtual_method(self, call: Call) -> str: ...

    async def abstract_base_method(self, call: Call) -> str:
        return "abstractBaseMethod"

    async def abstract_base_stream_method(self, call: Call) -> AsyncIterator[str]:
        yield "abstractBaseStream"


class ConcreteBaseEndpoint(AbstractBaseEndpoint):
    """Can be called, and extended."""

    async def virtual_method(self, call: Call) -> str:
        return "virtualMethod"

    async def concrete_method(self, call: Call) -> str:
        return "concreteMethod"


class AbstractSubClassEndpoint(ConcreteBaseEndpoint, abc.ABC):
    """Abstract again."""

    @abc.abstractmethod
    async def sub_class_virtual_method(self, call: Call) -> str: ...


class ConcreteSubClassEndpoint(AbstractSubClassEndpoint):
    """The last subclass."""

    async def sub_class_virtual_method(self, call: Call) -> str:
        return "subClassVirtualMethod"


@hidden
class BrokenInheritanceEndpoint(ConcreteSubClassEndpoint):
    """Hidden from clients, so for them the next class has no base."""


class IndependentEndpoint(BrokenInheritanceEndpoint):
    """The same methods, but for clients unrelated to the others."""


# Endpoints of a module ----------------------------------------------------------------------------------------------


class AbstractModuleBaseEndpoint(module.AbstractBaseEndpoint, abc.ABC):
    module: ClassVar[str] = ""


class ConcreteFromModuleAbstractBaseEndpoint(module.AbstractBaseEndpoint):
    module: ClassVar[str] = ""

    async def virtual_method(self, call: Call) -> str:
        return "virtualMethod"


class ConcreteModuleBaseEndpoint(module.ConcreteBaseEndpoint):
    module: ClassVar[str] = ""


class AbstractModuleSubClassEndpoint(module.ConcreteBaseEndpoint, abc.ABC):
    module: ClassVar[str] = ""


# Access --------------------------------------------------------------------------------------------------------------


class LoggedInEndpoint(Endpoint):
    require_login: ClassVar[bool] = True


class MyLoggedInEndpoint(LoggedInEndpoint):
    async def echo(self, call: Call, value: str) -> str:
        return value


class AdminEndpoint(LoggedInEndpoint):
    required_scopes: ClassVar[frozenset[str]] = frozenset({ADMIN})


class MyAdminEndpoint(AdminEndpoint):
    async def echo(self, call: Call, value: str) -> str:
        return value


class AbstractLoggedInEndpoint(Endpoint, abc.ABC):
    require_login: ClassVar[bool] = True


class AbstractAdminEndpoint(AbstractLoggedInEndpoint, abc.ABC):
    required_scopes: ClassVar[frozenset[str]] = frozenset({ADMIN})


class MyConcreteAdminEndpoint(AbstractAdminEndpoint):
    async def echo(self, call: Call, value: str) -> str:
        return value


class UnauthenticatedEndpoint(module.UnauthenticatedEndpoint):
    module: ClassVar[str] = ""


class PartiallyUnauthenticatedEndpoint(module.PartiallyUnauthenticatedEndpoint):
    module: ClassVar[str] = ""


class UnauthenticatedRequireLoginEndpoint(module.UnauthenticatedEndpoint):
    """As RequireLoginEndpoint in accounts.py: methods that require a sign-in are called with one."""

    module: ClassVar[str] = ""
    require_login: ClassVar[bool] = True

    async def unauthenticated_method(self, call: Call) -> bool:
        return call.identity is not None

    async def unauthenticated_stream(self, call: Call) -> AsyncIterator[bool]:
        yield call.identity is not None
