"""The behaviour of behaviour.json for the Python client. The sync client runs the same scenarios on threads."""

from __future__ import annotations

import asyncio
import json
import re
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

Lab = Any  # the generated package
Connect = Callable[..., Any]
"""Returns a client, for `async with`; takes the arguments of its class after the host, and `host` for another one."""


class OnThreads:
    """A sync client with the async one's interface: each method of an endpoint runs on a thread."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name in ("auth", "host"):
            return found
        return _threaded(found) if callable(found) else OnThreads(found)

    async def __aenter__(self) -> OnThreads:
        return self

    async def __aexit__(self, *error: object) -> None:
        await asyncio.to_thread(self._inner.close)


class ThreadedStream:
    """A sync stream, read on threads."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def reconnecting(self) -> ThreadedStream:
        return ThreadedStream(self._inner.reconnecting())

    def __aiter__(self) -> ThreadedStream:
        return self

    async def __anext__(self) -> Any:
        end = object()
        found = await asyncio.to_thread(next, self._inner, end)
        if found is end:
            raise StopAsyncIteration
        return found


def _threaded(method: Any) -> Any:
    """Return a stream immediately, anything else as an awaitable."""
    if "Stream[" in str(method.__annotations__.get("return", "")):
        return lambda *given, **named: ThreadedStream(method(*given, **named))
    return lambda *given, **named: asyncio.to_thread(method, *given, **named)


async def run(lab: Lab, connect: Connect, host: str, behaviour: dict[str, Any]) -> dict[str, str]:
    """Run all; return name -> "" for success, else the error."""
    found = {}
    steps: dict[str, Callable[[], Awaitable[None]]] = {
        one["name"]: partial(_value, lab, connect, behaviour["everything"], one)
        for one in behaviour["values"]
    }
    for name in behaviour["scenarios"]:
        steps[name] = partial(SCENARIOS[name], lab, connect, host)
    for name, step in steps.items():
        try:
            await asyncio.wait_for(step(), 30)
            found[name] = ""
        except Exception:  # noqa: BLE001 - any error is a result
            found[name] = traceback.format_exc()
    return found


async def _value(lab: Lab, connect: Connect, everything: dict[str, Any], one: dict[str, Any]) -> None:
    sent = everything | {one["field"]: one["wire"]}
    if "python" in one.get("refused", []):
        return await raises(lab.WireError, _read(lab, sent))
    async with connect() as client:
        found = await client.lab.echo(lab.Everything.from_json(sent))
    expected = sent | {one["field"]: one.get("reads", {}).get("python", one["wire"])}
    if expected[one["field"]] is None:
        del expected[one["field"]]  # a null field is left out
    assert _plain(found.to_json()) == _plain(expected)


async def _read(lab: Lab, data: Any) -> Any:
    return lab.Everything.from_json(data)


async def raises(kind: type[Exception], work: Awaitable[Any]) -> Any:
    try:
        await work
    except kind as error:
        return error
    raise AssertionError(f"expected a {kind.__name__}")


async def _exceptions(lab: Lab, connect: Connect, host: str) -> None:
    async with connect() as client:
        hot = await raises(lab.FireException, client.lab.burn(True))
        assert (hot.message, hot.degrees, isinstance(hot, lab.LabException)) == ("too hot", 500, True)
        assert not isinstance(await raises(lab.LabException, client.lab.burn(False)), lab.FireException)


async def _statuses(lab: Lab, connect: Connect, host: str) -> None:
    expected = {
        400: lab.BadRequestError, 401: lab.UnauthorizedError, 403: lab.ForbiddenError, 404: lab.NotFoundError,
        413: lab.TooLargeError, 418: lab.HttpError, 429: lab.TooManyRequestsError, 503: lab.ServerError,
    }  # fmt: skip
    async with connect() as client:
        for status, kind in expected.items():
            error = await raises(kind, client.lab.fail(status))
            assert (type(error), error.status) == (kind, status)


async def _late(lab: Lab, connect: Connect, host: str) -> None:
    async with connect(timeout=0.1) as client:
        await raises(lab.NoAnswerError, client.lab.slow())
        await client.lab.slow(timeout=None)
    async with connect() as client:
        await raises(lab.NoAnswerError, client.lab.slow(timeout=0.1))


async def _nowhere(lab: Lab, connect: Connect, host: str) -> None:
    async with connect(host="http://127.0.0.1:9/") as client:
        await raises(lab.NetworkError, client.lab.ping())


async def _arguments(lab: Lab, connect: Connect, host: str) -> None:
    async with connect() as client:
        found = json.loads(await client.lab.arguments("Ada", "Hi", 3, color=lab.Color.RED, loud=True))
        assert found == {"name": "Ada", "greeting": "Hi", "times": 3, "color": 1, "loud": True}
        assert json.loads(await client.lab.awkward("a", in_="b")) == {
            "class": "a",
            "in": "b",
            "options": None,
        }


async def _modules(lab: Lab, connect: Connect, host: str) -> None:
    async with connect() as client:
        assert await client.modules.lab_module.status.ping() == "pong"


async def _token(lab: Lab, connect: Connect, host: str) -> None:
    async with connect() as client:
        assert await client.lab.authorization() == ""
        client.auth.set("good")
        assert await client.lab.authorization() == "Bearer good"
        assert await client.lab.open_authorization() == ""


async def _renewed_once(lab: Lab, connect: Connect, host: str) -> None:
    renewed = []

    def refresh(token: str) -> str:
        time.sleep(0.03)
        renewed.append(1)
        return "good"

    async with connect(auth=lab.Auth("stale", refresh=refresh)) as client:
        found = await asyncio.gather(*(client.lab.authorization() for _ in range(3)))
        assert (found, renewed) == (["Bearer good"] * 3, [1])


async def _signed_out(lab: Lab, connect: Connect, host: str) -> None:
    async with connect(auth=lab.Auth("stale", refresh=lambda token: None)) as client:
        await raises(lab.UnauthorizedError, client.lab.authorization())
        assert not client.auth.is_signed_in
        assert await client.lab.authorization() == ""


class Memory:
    """A storage in memory."""

    def __init__(self) -> None:
        self.text: str | None = None

    def load(self) -> str | None:
        return self.text

    def save(self, text: str | None) -> None:
        self.text = text


@asynccontextmanager
async def _renewing(lab: Lab, connect: Connect, **options: Any) -> AsyncIterator[Any]:
    """A client that renews its token with an endpoint of its server."""

    def refresh(token: str) -> Any:
        plain = client._inner if isinstance(client, OnThreads) else client
        return plain.lab.refresh_access_token(refresh_token=token)

    async with connect(auth=lab.Auth(refresh=refresh, **options)) as client:
        yield client


async def _signed_in(lab: Lab, connect: Connect, storage: Memory, seconds: int) -> Any:
    """Sign in and store the result, which is returned."""
    async with connect(auth=lab.Auth(storage=storage)) as client:
        tokens = await client.lab.sign_in(seconds)
        client.auth.set(tokens)
        return tokens


async def _three(client: Any) -> list[str]:
    return await asyncio.gather(*(client.lab.authorization() for _ in range(3)))


async def _renewed_early(lab: Lab, connect: Connect, host: str) -> None:
    storage = Memory()
    before = await _signed_in(lab, connect, storage, 10)
    async with connect() as nobody:
        await nobody.lab.notes()
    async with _renewing(lab, connect, storage=storage) as client:
        found = await _three(client)
        assert len(set(found)) == 1 and found[0] != f"Bearer {before.token}"
        assert (await client.lab.notes()).count("refreshed") == 1
    async with _renewing(lab, connect, storage=storage) as following:
        assert following.auth.is_signed_in
        assert await following.lab.authorization() == found[0]
        following.auth.clear()
        assert (storage.text, await following.lab.authorization()) == (None, "")


async def _short(lab: Lab, connect: Connect, host: str) -> None:
    async with _renewing(lab, connect) as client:
        given = await client.lab.sign_in(10)
        client.auth.set(lab.Tokens(given.token, given.token_expires_at, "none"))
        assert await client.lab.authorization() == f"Bearer {given.token}"


async def _renewed_by_refresh_token(lab: Lab, connect: Connect, host: str) -> None:
    async with _renewing(lab, connect) as client:
        before = await client.lab.sign_in(3600)
        client.auth.set(before)
        assert await client.lab.authorization() == f"Bearer {before.token}"
        await client.lab.revoke()
        found = await _three(client)
        assert len(set(found)) == 1 and found[0] != f"Bearer {before.token}"
        await client.lab.revoke()
        assert await client.lab.authorization() != found[0]  # by the second refresh token


async def _renewed_by_another(lab: Lab, connect: Connect, host: str) -> None:
    storage = Memory()
    await _signed_in(lab, connect, storage, 10)
    async with (
        _renewing(lab, connect, storage=storage) as one,
        _renewing(lab, connect, storage=storage) as other,
    ):
        assert await one.lab.authorization() == await other.lab.authorization()


async def _refresh_refused(lab: Lab, connect: Connect, host: str) -> None:
    for refresh_token in ("expired", "used"):
        storage = Memory()
        async with _renewing(lab, connect, storage=storage) as client:
            client.auth.set(lab.Tokens("stale", None, refresh_token))
            await raises(lab.UnauthorizedError, client.lab.authorization())
            assert (client.auth.is_signed_in, storage.text) == (False, None)


async def _refresh_fails(lab: Lab, connect: Connect, host: str) -> None:
    fails = True

    def refresh(token: str) -> str:
        if fails:
            raise ArithmeticError("no network")
        return "good"

    async with connect(auth=lab.Auth("stale", refresh=refresh)) as client:
        await raises(ArithmeticError, client.lab.authorization())
        await raises(ArithmeticError, anext(client.lab.authorized_stream()))
        fails = False
        assert await client.lab.authorization() == "Bearer good"


async def _signed_in_meanwhile(lab: Lab, connect: Connect, host: str) -> None:
    def refresh(token: str) -> str:
        client.auth.set("good")
        time.sleep(0.03)
        return "late"

    async with connect(auth=lab.Auth("stale", refresh=refresh)) as client:
        assert (await client.lab.authorization(), client.auth.token) == ("Bearer good", "good")


async def _values(lab: Lab, connect: Connect, host: str) -> None:
    async with connect() as client:
        assert await all_of(client.lab.count(300)) == list(range(1, 301))


async def _classes(lab: Lab, connect: Connect, host: str) -> None:
    async with connect() as client:
        [circle] = await all_of(client.lab.shapes())
        assert isinstance(circle, lab.Circle)
        assert await all_of(client.lab.anything()) == [1, None, ["a"]]


async def _leaving(lab: Lab, connect: Connect, host: str) -> None:
    async with connect() as client:
        async for number in client.lab.forever():
            if number == 3:
                break
        await _eventually(client, "cancelled forever")


async def _one_socket(lab: Lab, connect: Connect, host: str) -> None:
    async with connect() as client:
        await client.lab.notes()
        first = client.lab.forever()
        await anext(first)
        await asyncio.gather(all_of(client.lab.count(2)), all_of(client.lab.count(3)))
        assert (await client.lab.notes()).count("connected") == 1


async def _raised(lab: Lab, connect: Connect, host: str) -> None:
    async with connect() as client:
        stream = client.lab.burn_stream(True)
        assert await anext(stream) == 1
        assert (await raises(lab.FireException, anext(stream))).degrees == 500


async def _broken(lab: Lab, connect: Connect, host: str) -> None:
    async with connect() as client:
        stream = client.lab.break_stream()
        assert await anext(stream) == 1
        await raises(lab.StreamClosed, anext(stream))


async def _lost(lab: Lab, connect: Connect, host: str) -> None:
    async with connect() as client:
        await client.lab.notes()
        await raises(lab.ConnectionLost, all_of(client.lab.flaky()))


async def _reconnecting(lab: Lab, connect: Connect, host: str) -> None:
    async with connect() as client:
        await client.lab.notes()
        assert await all_of(client.lab.flaky().reconnecting()) == ["open 1", "open 2", "open 3"]


async def _gives_up(lab: Lab, connect: Connect, host: str) -> None:
    started = time.monotonic()
    async with connect(host="http://127.0.0.1:9/", timeout=0.7) as client:
        await raises(lab.NetworkError, anext(client.lab.forever()))
    assert time.monotonic() - started < 5


async def _stream_gives_up(lab: Lab, connect: Connect, host: str) -> None:
    started = time.monotonic()
    async with connect(host="http://127.0.0.1:9/") as client:
        await raises(lab.NetworkError, anext(client.lab.forever(timeout=0.7)))
    assert time.monotonic() - started < 5


async def _stream_lasts(lab: Lab, connect: Connect, host: str) -> None:
    storage = Memory()
    before = await _signed_in(lab, connect, storage, 10)
    async with _renewing(lab, connect, storage=storage) as client:
        [one], [other], called = await asyncio.gather(
            all_of(client.lab.authorized_stream()),
            all_of(client.lab.authorized_stream()),
            client.lab.authorization(),
        )
        assert one == other == called != f"Bearer {before.token}"


async def _stream_renewed(lab: Lab, connect: Connect, host: str) -> None:
    async with connect(auth=lab.Auth("stale", refresh=lambda token: "good")) as client:
        assert await all_of(client.lab.authorized_stream()) == ["Bearer good"]


async def _stream_refused(lab: Lab, connect: Connect, host: str) -> None:
    async with connect() as client:
        refused = await raises(lab.StreamRefused, anext(client.lab.authorized_stream()))
        assert refused.reason == "authenticationFailed"


async def _inputs(lab: Lab, connect: Connect, host: str) -> None:
    async def numbers() -> AsyncIterator[int]:
        yield 1
        await asyncio.sleep(0.005)
        yield 2

    async with connect() as client:
        given = [1, 2] if isinstance(client, OnThreads) else numbers()
        assert await all_of(client.lab.doubled(given)) == [2, 4]
        assert await client.lab.total([1, 2, 3]) == 6
        points = [[lab.Point(x=1)]]
        assert await all_of(client.lab.lists(points, 1)) == points


async def _exception_in(lab: Lab, connect: Connect, host: str) -> None:
    def burning() -> Any:
        yield 1
        raise lab.FireException(message="hot")

    async with connect() as client:
        await client.lab.notes()
        assert await all_of(client.lab.doubled(burning())) == [2]
        assert "msse FireException" in await _eventually(client, "input error")


async def _files(lab: Lab, connect: Connect, host: str) -> None:
    place = {
        "type": "binary",
        "url": f"{host}upload/fine",
        "method": "PUT",
        "headers": {"X-Extra": "e", "Content-Type": "a/b"},
    }
    async with connect() as client:
        await client.lab.notes()
        await client.upload(json.dumps(place), b"\1\2")
        assert await client.lab.notes() == ["PUT a/b e b'\\x01\\x02'"]


SCENARIOS: dict[str, Callable[[Lab, Connect, str], Awaitable[None]]] = {
    "exceptions arrive as themselves": _exceptions,
    "other answers are errors by status": _statuses,
    "a call without an answer in time fails": _late,
    "a server that is not there is an error": _nowhere,
    "only arguments that were given are sent": _arguments,
    "methods of modules are below modules": _modules,
    "the token is sent where it is needed": _token,
    "a refused token is renewed once for all waiting calls": _renewed_once,
    "a signed-out user stays signed out": _signed_out,
    "a token is renewed before its end, once for all waiting calls": _renewed_early,
    "a token that is short is not renewed at each call": _short,
    "a refused token is renewed with its refresh token": _renewed_by_refresh_token,
    "a token that another renewed is found in the storage": _renewed_by_another,
    "a refresh token that is refused signs out": _refresh_refused,
    "a failing refresh fails the call, and the next call tries again": _refresh_fails,
    "a sign-in during a renewal stays": _signed_in_meanwhile,
    "a stream yields its values, then ends": _values,
    "a stream's values arrive as their own class": _classes,
    "leaving a stream ends its method": _leaving,
    "streams share one socket": _one_socket,
    "a stream's exception comes after its values": _raised,
    "a stream that breaks is an error": _broken,
    "a lost connection ends a stream": _lost,
    "a stream that reconnects is opened again": _reconnecting,
    "opening a stream gives up in time": _gives_up,
    "a stream has its own time to be opened": _stream_gives_up,
    "a stream is opened with a renewed token": _stream_renewed,
    "a stream is opened with a token that lasts": _stream_lasts,
    "a stream is refused without a token": _stream_refused,
    "input streams": _inputs,
    "an exception ends an input stream": _exception_in,
    "files are sent where the server says": _files,
}


async def all_of(stream: Any) -> list[Any]:
    return [value async for value in stream]


async def _eventually(client: Any, note: str) -> list[str]:
    seen: list[str] = []
    for _ in range(100):
        seen += await client.lab.notes()
        if note in seen:
            return seen
        await asyncio.sleep(0.02)
    raise AssertionError(f"never saw {note}, only {seen}")


def _plain(value: Any) -> Any:
    """Shorten moments to the digits they need: 05.006000Z is 05.006Z."""
    if isinstance(value, str):
        return re.sub(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d*?)0*)?Z$", r"\1.\2Z", value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return {key: _plain(item) for key, item in value.items()} if isinstance(value, dict) else value
