"""One call: a POST with the arguments as JSON. Sync and async; the shared part is at the top."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import httpx

from .auth import Auth
from .errors import NetworkError, NoAnswerError, WireError, http_error
from .models import decode_exception
from .wire import UNSET, Codec, Unset, at

T = TypeVar("T")

Arguments = Mapping[str, tuple[Codec[Any], Any]]
"""Name on the wire -> codec and value; a value of UNSET is not sent."""
Timeout = float | None | Unset
"""Seconds until a call fails, or a stream must be open. None: no limit; UNSET: the client's."""


@dataclass(frozen=True, slots=True)
class MethodCall(Generic[T]):
    """One call of a method. unauthenticated: no credential is sent."""

    endpoint: str
    method: str
    arguments: Arguments
    returns: Codec[T]
    unauthenticated: bool = False
    inputs: Mapping[str, tuple[Codec[Any], Any]] = field(default_factory=dict[str, tuple[Codec[Any], Any]])
    timeout: Timeout = UNSET

    @property
    def name(self) -> str:
        return f"{self.endpoint}.{self.method}"

    def encode(self) -> str:
        """The arguments as JSON text."""
        encoded = {}
        for name, (codec, value) in self.arguments.items():
            if not isinstance(value, Unset):
                with at(f"{self.name}({name})"):
                    encoded[name] = codec.encode(value)
        return json.dumps(encoded, allow_nan=False)

    def headers(self, auth: Auth) -> dict[str, str]:
        authorization = None if self.unauthenticated else auth.header
        found = {"Content-Type": "application/json; charset=utf-8"}
        return found | {"Authorization": authorization} if authorization else found

    def read(self, response: httpx.Response) -> T:
        """Return the result; raise the error of any other answer."""
        if response.status_code != 200:
            raise _failure(response)
        try:
            data = response.json()
        except ValueError:
            raise WireError(f"{self.name}: the answer is not JSON: {response.text:.80}") from None
        with at(self.name):
            return self.returns.decode(data)


def _failure(response: httpx.Response) -> Exception:
    if response.status_code == 400 and response.text.startswith("{"):
        try:
            exception = decode_exception(response.json())
        except json.JSONDecodeError:
            exception = None
        if exception is not None:
            return exception
    return http_error(response.status_code, response.text)


def http_timeout(timeout: Timeout) -> Any:
    """A timeout for httpx, whose client has its own default."""
    return httpx.USE_CLIENT_DEFAULT if isinstance(timeout, Unset) else timeout


class Caller:
    """A maker of calls; several threads may share it."""

    def __init__(self, host: str, auth: Auth, http: httpx.Client) -> None:
        self._host, self._auth, self._http = host, auth, http

    def call(self, call: MethodCall[T]) -> T:
        """Make a call. After a 401 the token is renewed once, if possible, and the call repeated."""
        body = call.encode()
        if not call.unauthenticated:
            self._auth.freshen()
        token = self._auth.token
        response = self._post(call, body)
        if response.status_code == 401 and not call.unauthenticated and self._auth.renew(token):
            response = self._post(call, body)
        return call.read(response)

    def _post(self, call: MethodCall[T], body: str) -> httpx.Response:
        url = f"{self._host}{call.endpoint}/{call.method}"
        try:
            return self._http.post(
                url, content=body, headers=call.headers(self._auth), timeout=http_timeout(call.timeout)
            )
        except httpx.TransportError as error:
            raise network_error(url, error) from error


class AsyncCaller:
    """The same for asyncio."""

    def __init__(self, host: str, auth: Auth, http: httpx.AsyncClient) -> None:
        self._host, self._auth, self._http = host, auth, http

    async def call(self, call: MethodCall[T]) -> T:
        body = call.encode()
        if not call.unauthenticated:
            await self._auth.freshen_async()
        token = self._auth.token
        response = await self._post(call, body)
        if response.status_code == 401 and not call.unauthenticated and await self._auth.renew_async(token):
            response = await self._post(call, body)
        return call.read(response)

    async def _post(self, call: MethodCall[T], body: str) -> httpx.Response:
        url = f"{self._host}{call.endpoint}/{call.method}"
        try:
            return await self._http.post(
                url, content=body, headers=call.headers(self._auth), timeout=http_timeout(call.timeout)
            )
        except httpx.TransportError as error:
            raise network_error(url, error) from error


def network_error(url: str, error: httpx.TransportError) -> NetworkError:
    """Convert an error of httpx to this package's."""
    if isinstance(error, httpx.TimeoutException):
        return NoAnswerError(f"No answer from {url} in time")
    return NetworkError(f"Could not reach {url}: {error}")
