"""The simplest endpoints: a number that all calls share, a greeting, folders, the parts of a request."""

from __future__ import annotations

from typing import ClassVar

from serverpod_test.models import MyFeatureModel

from podium.endpoints.calls import Call
from podium.endpoints.credentials import token_of
from podium.endpoints.endpoint import Endpoint


class SimpleEndpoint(Endpoint):
    """A number of this process."""

    global_int: int = 0

    async def set_global_int(self, call: Call, value: int | None, second_value: int | None = None) -> None:
        """`second_value` is used if `value` is null."""
        given = second_value if value is None else value
        type(self).global_int = 0 if given is None else given

    async def add_to_global_int(self, call: Call) -> None:
        type(self).global_int += 1

    async def get_global_int(self, call: Call) -> int:
        return self.global_int

    async def hello(self, call: Call, name: str) -> str:
        return f"Hello {name}"


class SubDirTestEndpoint(Endpoint):
    async def test_method(self, call: Call) -> str:
        return "subDir"


class SubSubDirTestEndpoint(Endpoint):
    async def test_method(self, call: Call) -> str:
        return "subSubDir"


class MyFeatureEndpoint(Endpoint):
    """An endpoint in a feature's own folder."""

    async def my_feature_method(self, call: Call) -> str:
        return "Hello, world!"

    async def my_feature_model(self, call: Call) -> MyFeatureModel:
        return MyFeatureModel(name="Alex")


class EchoRequestEndpoint(Endpoint):
    """The credential and headers of a request, for signed-in callers."""

    require_login: ClassVar[bool] = True

    async def echo_authentication_key(self, call: Call) -> str | None:
        header = call.headers.get("authorization")
        return token_of(header) if header else None

    async def echo_http_header(self, call: Call, header_name: str) -> list[str] | None:
        value = call.headers.get(header_name.lower())
        return None if value is None else [value]
