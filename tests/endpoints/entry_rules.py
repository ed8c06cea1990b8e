"""Endpoints and REST views with one rule each, and one way to call them for each entry of the server.

A method answers with its caller: "nobody", "anna", "anna by olga". Each rule has a call, `who`, and a stream, `watch`.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing
from typing import Any, ClassVar

import httpx
from django.urls import path
from rest_framework.decorators import api_view, permission_classes
from rest_framework.permissions import SAFE_METHODS, AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from accounts.models import User
from podium.core.errors import PodiumError
from podium.endpoints import asgi
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import (
    Endpoint,
    allow_api_keys,
    allow_impersonation,
    credential_optional,
    max_body_bytes,
    rate_limit,
    unauthenticated_call,
    unfinished_allowed,
    unlogged,
)
from podium.endpoints.testing import Caller
from realtime.consumer import StreamConsumer

SECONDS = 10


def name_of(identity: Any) -> str:
    if identity is None:
        return "nobody"
    names = {str(user.pk): str(user.email).partition("@")[0] for user in User.objects.all()}
    operator = f" by {names[identity.operator]}" if identity.operator else ""
    api_key = f" with {identity.api_key}" if identity.api_key else ""
    return names[identity.user_id] + operator + api_key


class OpenEndpoint(Endpoint):
    def who(self, call: Call) -> str:
        return name_of(call.identity)

    def watch(self, call: Call) -> AsyncIterator[str]:
        return _one(name_of(call.identity))


async def _one(value: str) -> AsyncIterator[str]:
    yield value


class MembersEndpoint(OpenEndpoint):
    require_login: ClassVar[bool] = True


class StaffEndpoint(OpenEndpoint):
    required_scopes: ClassVar[frozenset[str]] = frozenset({"reader", "writer"})


class OptionalEndpoint(Endpoint):
    @credential_optional
    def who(self, call: Call) -> str:
        return name_of(call.identity)

    @credential_optional
    def watch(self, call: Call) -> AsyncIterator[str]:
        return _one(name_of(call.identity))


@allow_impersonation
class ReadsEndpoint(Endpoint):
    def who(self, call: Call) -> str:
        return name_of(call.identity)

    def watch(self, call: Call) -> AsyncIterator[str]:
        return _one(name_of(call.identity))


@allow_api_keys
class ProgramsEndpoint(Endpoint):
    required_scopes: ClassVar[frozenset[str]] = frozenset({"reader"})

    def who(self, call: Call) -> str:
        return name_of(call.identity)

    def watch(self, call: Call) -> AsyncIterator[str]:
        return _one(name_of(call.identity))


@unfinished_allowed
class SetUpEndpoint(OpenEndpoint):
    """The methods that set up a second factor."""


@unauthenticated_call
class SignInEndpoint(Endpoint):
    def who(self, call: Call) -> str:
        return name_of(call.identity)

    def watch(self, call: Call) -> AsyncIterator[str]:
        return _one(name_of(call.identity))


@rate_limit("1/d")
class SeldomEndpoint(OpenEndpoint):
    """Once a day."""


@unlogged
class SilentEndpoint(OpenEndpoint):
    """Stays out of the call log."""


class NumbersEndpoint(Endpoint):
    async def who(self, call: Call, number: int) -> str:
        return str(number)

    async def watch(self, call: Call, number: int) -> AsyncIterator[str]:
        yield str(number)


class SmallEndpoint(Endpoint):
    @max_body_bytes(100)
    async def who(self, call: Call, text: str) -> str:
        return "nobody"

    async def watch(self, call: Call, text: str) -> AsyncIterator[str]:
        yield "nobody"


class SwappedEndpoint(Endpoint):
    """The call is a stream, and the stream is a call."""

    async def who(self, call: Call) -> AsyncIterator[str]:
        yield "nobody"

    async def watch(self, call: Call) -> str:
        return "nobody"


class EmptyEndpoint(Endpoint):
    """Has neither method."""


ENDPOINTS = [
    each
    for each in list(globals().values())
    if isinstance(each, type) and issubclass(each, Endpoint) and each is not Endpoint
]


# REST -----------------------------------------------------------------------------------------------------------------


@api_view(["GET"])
def closed(request: Request) -> Response:
    return Response(name_of(request.auth))


@api_view(["GET"])
@permission_classes([AllowAny])
def open_to_all(request: Request) -> Response:
    return Response(name_of(request.auth))


@allow_impersonation
@api_view(["GET"])
def reads(request: Request) -> Response:
    return Response(name_of(request.auth))


class Staff(APIView):
    required_scopes = StaffEndpoint.required_scopes

    def get(self, request: Request) -> Response:
        return Response(name_of(request.auth))


@rate_limit("1/d")
class Seldom(APIView):
    permission_classes = [AllowAny]

    def get(self, request: Request) -> Response:
        return Response(name_of(request.auth))


class Programs(APIView):
    api_key_methods = SAFE_METHODS
    required_scopes = ProgramsEndpoint.required_scopes

    def get(self, request: Request) -> Response:
        return Response(name_of(request.auth))


urlpatterns = [
    path("members/", closed),
    path("open/", open_to_all),
    path("reads/", reads),
    path("staff/", Staff.as_view()),
    path("seldom/", Seldom.as_view()),
    path("programs/", Programs.as_view()),
]


# Entries --------------------------------------------------------------------------------------------------------------

Arguments = Mapping[str, Any]
Enter = Callable[[str, str | None, Arguments], str]


def http(endpoint: str, authorization: str | None, arguments: Arguments) -> str:
    """POST to the ASGI application. Returns the result, or the status with the error's code."""

    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(asgi.application)
        headers = {"authorization": authorization} if authorization is not None else {}
        async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
            return await client.post(f"/{endpoint}/who", json=dict(arguments), headers=headers)

    answer = asyncio.run(post())
    if answer.status_code == 200:
        return str(answer.json())
    return f"{answer.status_code} {answer.headers.get('x-error-code', '')}".strip()


def socket(endpoint: str, authorization: str | None, arguments: Arguments) -> str:
    """Open a stream on a new socket. Returns its first value, or the wire's name of the refusal."""
    return asyncio.run(_open(endpoint, authorization, arguments))


async def _open(endpoint: str, authorization: str | None, arguments: Arguments) -> str:
    received: asyncio.Queue[Any] = asyncio.Queue()
    sent: asyncio.Queue[Any] = asyncio.Queue()
    scope = {"type": "websocket", "path": "/v1/websocket", "client": ("127.0.0.1", 1), "headers": []}
    task = asyncio.create_task(StreamConsumer.as_asgi()(scope, received.get, sent.put))
    head = {"en": endpoint, "m": "watch", "cid": str(uuid.uuid4())}
    auth = {} if authorization is None else {"auth": authorization}
    data = {**head, "args": json.dumps(dict(arguments)), "is": [], **auth}
    received.put_nowait({"type": "websocket.connect"})
    received.put_nowait({"type": "websocket.receive", "text": json.dumps({"type": "omsc", "data": data})})
    try:
        async with asyncio.timeout(SECONDS):
            return await _first(sent)
    finally:
        received.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await task


async def _first(sent: asyncio.Queue[Any]) -> str:
    """Return the first word of a stream: its value, a refusal, "error" for its end, or the code of a closed socket."""
    while True:
        message = await sent.get()
        if message["type"] == "websocket.close":
            return str(message["code"])
        frame = json.loads(message.get("text") or "{}")
        match frame.get("type"):
            case "omsr" if frame["data"]["res"] != "success":
                return str(frame["data"]["res"])
            case "msm":
                return str(frame["data"]["o"]["data"])
            case "cmsc":
                return str(frame["data"]["cr"])


def _caller(authorization: str | None) -> Caller:
    return Caller(headers={} if authorization is None else {"Authorization": authorization})


def _or_error(run: Callable[[], Any]) -> str:
    try:
        return str(run())
    except PodiumError as error:
        return type(error).__name__


def call(endpoint: str, authorization: str | None, arguments: Arguments) -> str:
    return _or_error(lambda: _caller(authorization).call(f"{endpoint}.who", **arguments))


def acall(endpoint: str, authorization: str | None, arguments: Arguments) -> str:
    return _or_error(lambda: asyncio.run(_caller(authorization).acall(f"{endpoint}.who", **arguments)))


def stream(endpoint: str, authorization: str | None, arguments: Arguments) -> str:
    async def first() -> str:
        async with aclosing(_caller(authorization).stream(f"{endpoint}.watch", **arguments)) as values:
            return str(await anext(values))

    return _or_error(lambda: asyncio.run(first()))


def rest(endpoint: str, authorization: str | None, arguments: Arguments) -> str:
    client = APIClient()
    if authorization is not None:
        client.credentials(HTTP_AUTHORIZATION=authorization)
    answer = client.get(f"/{endpoint}/")
    if answer.status_code == 200:
        return str(answer.json())
    return f"{answer.status_code} {answer.json()['error']['code']}"


ENTRIES: dict[str, Enter] = {
    "http": http,
    "socket": socket,
    "call": call,
    "acall": acall,
    "stream": stream,
    "rest": rest,
}
