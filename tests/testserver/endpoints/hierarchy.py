"""Endpoints that extend others: abstract and concrete ones, a module's, those that only signed-in users reach."""

from __future__ import annotations

import abc
from collections.abc import AsyncIterator
from typing import ClassVar

from endpoints.calls import Call
from endpoints.endpoint import Endpoint
from tests.testserver.endpoints.accounts import ADMIN
from tests.testserver.module import endpoints as module

# Abstract and concrete ---------------------------------------------------------------------------------------------


class AbstractBaseEndpoint(Endpoint, abc.ABC):
    """Says what those who extend it have."""

    @abc.abstractmethod
    async def abstract_base_method(self, call: Call) -> str: ...

    @abc.abstractmethod
    async def abstract_base_stream_method(self, call: Call) -> AsyncIterator[str]:
        yield ""

    async def virtual_method(self, call: Call) -> str:
        return "base virtual method"


class ConcreteBaseEndpoint(AbstractBaseEndpoint):
    """Can be called, and extended."""

    async def abstract_base_method(self, call: Call) -> str:
        return "concrete base"

    async def abstract_base_stream_method(self, call: Call) -> AsyncIterator[str]:
        yield "concrete base"

    async def concrete_method(self, call: Call) -> str:
        return "concrete method"


class AbstractSubClassEndpoint(ConcreteBaseEndpoint, abc.ABC):
    """Abstract again."""

    @abc.abstractmethod
    async def sub_class_virtual_method(self, call: Call) -> str: ...

    async def virtual_method(self, call: Call) -> str:
        return "abstract sub class virtual method"


class ConcreteSubClassEndpoint(AbstractSubClassEndpoint):
    """At the end of the line."""

    async def sub_class_virtual_method(self, call: Call) -> str:
        return "concrete sub class"


class IndependentEndpoint(Endpoint):
    """The same methods, and for clients no relation to the others."""

    async def abstract_base_method(self, call: Call) -> str:
        return "independent"

    async def abstract_base_stream_method(self, call: Call) -> AsyncIterator[str]:
        yield "independent"

    async def concrete_method(self, call: Call) -> str:
        return "independent"

    async def sub_class_virtual_method(self, call: Call) -> str:
        return "independent"

    async def virtual_method(self, call: Call) -> str:
        return "independent"


# Those of a module -------------------------------------------------------------------------------------------------


class AbstractModuleBaseEndpoint(module.AbstractBaseEndpoint, abc.ABC):
    module: ClassVar[str] = ""

    async def virtual_method(self, call: Call) -> str:
        return "abstract module base virtual method"


class ConcreteFromModuleAbstractBaseEndpoint(module.AbstractBaseEndpoint):
    module: ClassVar[str] = ""

    async def abstract_base_method(self, call: Call) -> str:
        return "concrete from module abstract base"


class ConcreteModuleBaseEndpoint(module.ConcreteBaseEndpoint):
    module: ClassVar[str] = ""

    async def concrete_method(self, call: Call) -> str:
        return "concrete module base"


class AbstractModuleSubClassEndpoint(module.ConcreteBaseEndpoint, abc.ABC):
    module: ClassVar[str] = ""

    async def virtual_method(self, call: Call) -> str:
        return "abstract module sub class virtual method"


# Who may call --------------------------------------------------------------------------------------------------------


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
    """As RequireLoginEndpoint in accounts.py: what asks for a sign-in is called with one."""

    module: ClassVar[str] = ""
    require_login: ClassVar[bool] = True

    async def unauthenticated_method(self, call: Call) -> bool:
        return call.identity is None

    async def unauthenticated_stream(self, call: Call) -> AsyncIterator[bool]:
        yield call.identity is None
