"""A hand-written server of the wire, for faults that a real one rarely has: it drops sockets, refuses, floods.

It knows no types: it returns received values unchanged.
"""

from __future__ import annotations

import asyncio
import datetime
import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

HEADERS = [
    (b"content-type", b"text/plain"),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"POST, PUT"),
    (b"access-control-allow-headers", b"authorization, content-type, x-extra"),
]
"""Headers of each answer; pages of other origins may read it."""
refused = {"Bearer stale"}
refreshable: set[str] = set()
"""Refresh tokens that were issued and not yet used."""
notes: list[str] = []
"""Events, for tests to read with `lab.notes`."""


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        status, body = (
            (200, b"") if scope["method"] == "OPTIONS" else await _http(scope, await _body(receive))
        )
        await send({"type": "http.response.start", "status": status, "headers": HEADERS})
        await send({"type": "http.response.body", "body": body})
    elif scope["type"] == "websocket":
        await _Socket(receive, send).run()


async def _body(receive: Any) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


async def _http(scope: dict[str, Any], body: bytes) -> tuple[int, bytes]:
    headers = {key.decode(): value.decode() for key, value in scope["headers"]}
    path = scope["path"]
    if path.startswith("/upload/"):
        notes.append(
            f"{scope['method']} {headers.get('content-type', '')} {headers.get('x-extra', '')} {body!r}"
        )
        return (204 if "multipart" in path else 200 if "fine" in path else 403), b""
    endpoint, _, method = path.strip("/").partition("/")
    if endpoint not in ("lab", "close", "lab_module.status"):
        return 404, b"There is no such endpoint"
    return await _method(method, json.loads(body), body.decode(), headers.get("authorization", ""))


async def _method(method: str, given: dict[str, Any], text: str, authorization: str) -> tuple[int, bytes]:
    if authorization in refused:
        return 401, b""
    result: Any = None
    if method.startswith("echo"):
        result = given["value"]
    elif method in ("arguments", "awkward"):
        result = text
    elif method in ("authorization", "openAuthorization"):
        result = authorization
    elif method == "signIn":
        result = _signed_in(given["seconds"])
    elif method == "revoke":
        refused.add(authorization)
    elif method == "refreshAccessToken":
        return await _refresh(given["refreshToken"])
    elif method == "ping":
        result = "pong"
    elif method == "fail":
        return given["status"], b"{no JSON"
    elif method == "burn":
        return 400, json.dumps(_exception(given["fire"])).encode()
    elif method == "slow":
        await asyncio.sleep(1)
    elif method == "notes":
        result = list(notes)
        notes.clear()
    return 200, json.dumps(result).encode()


def _signed_in(seconds: int) -> dict[str, Any]:
    """A token that expires after `seconds`, and a refresh token for one use."""
    refresh = str(uuid.uuid4())
    refreshable.add(refresh)
    end = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)
    tokens = {"token": str(uuid.uuid4()), "tokenExpiresAt": end.isoformat(), "refreshToken": refresh}
    return {"__className__": "AuthSuccess", **tokens}


async def _refresh(token: str) -> tuple[int, bytes]:
    await asyncio.sleep(0.03)
    if token == "expired":
        return 401, b""
    if token not in refreshable:
        return 400, json.dumps(_exception(fire=False)).encode()
    refreshable.remove(token)
    notes.append("refreshed")
    return 200, json.dumps(_signed_in(3600)).encode()


def _exception(fire: bool) -> dict[str, Any]:
    name = "FireException" if fire else "LabException"
    data = {"__className__": name, "message": "too hot"} | ({"degrees": 500} if fire else {})
    return {"className": name, "data": data}


class _Socket:
    def __init__(self, receive: Any, send: Any) -> None:
        self._receive, self._send = receive, send
        self._running: dict[str, asyncio.Task[None]] = {}
        self._inputs: dict[str, asyncio.Queue[dict[str, Any] | None]] = {}

    async def run(self) -> None:
        await self._receive()
        await self._send({"type": "websocket.accept"})
        notes.append("connected")
        try:
            while (message := await self._receive())["type"] == "websocket.receive":
                await self._frame(json.loads(message["text"]))
        finally:
            notes.append("disconnected")
            for task in self._running.values():
                task.cancel()

    async def _frame(self, frame: dict[str, Any]) -> None:
        kind, data = frame["type"], frame.get("data", {})
        stream = data.get("cid", "")
        if kind == "ping":
            await self._text("pong")
        elif kind == "omsc":
            self._inputs[stream] = asyncio.Queue()
            self._running[stream] = asyncio.create_task(self._stream(data, json.loads(data["args"])))
        elif kind == "msm":
            self._inputs[stream].put_nowait(data["o"])
        elif kind == "msse":
            notes.append(f"msse {data['ex']['className']}")
        elif kind == "cmsc" and data.get("p"):
            notes.append(f"input {data['cr']}")
            self._inputs[stream].put_nowait(None)
        elif kind == "cmsc":
            notes.append(f"cancelled {data['m']}")
            if task := self._running.pop(stream, None):
                task.cancel()

    async def _stream(self, opened: dict[str, Any], given: dict[str, Any]) -> None:
        self._to = to = {key: opened[key] for key in ("en", "m", "cid")}
        method, authorization = opened["m"], opened.get("auth", "")
        if method == "authorizedStream" and (not authorization or authorization in refused):
            return await self._text("omsr", {**to, "res": "authenticationFailed"})
        await self._text("omsr", {**to, "res": "success"})
        reason = "done"
        if method == "flaky":
            opens = len([note for note in notes if note == "flaky"])
            notes.append("flaky")
            await self._value(to, "String", f"open {opens + 1}")
            if opens < 2:
                return await self._send({"type": "websocket.close"})
        elif method in ("burnStream", "breakStream"):
            reason = "error"
            await self._value(to, "int", 1)
            if method == "burnStream":
                await self._text("msse", {**to, "ex": _exception(given["fire"])})
        else:
            await self._values(method, to, given, authorization)
        await self._text("cmsc", {**to, "cr": reason})

    async def _values(
        self, method: str, to: dict[str, Any], given: dict[str, Any], authorization: str
    ) -> None:
        if method == "count":
            for number in range(1, given["upTo"] + 1):
                await self._value(to, "int", number)
        elif method in ("forever", "flood"):
            for number in range(1_000_000):
                await self._value(to, "int", number)
                await asyncio.sleep(0.005 if method == "forever" else 0)
        elif method == "shapes":
            circle = {"__className__": "Circle", "label": "o", "color": 0, "radius": 1}
            await self._value(to, "Circle", circle)
        elif method == "anything":
            for name, data in (("int", 1), ("null", None), ("List", [{"className": "String", "data": "a"}])):
                await self._value(to, name, data)
        elif method == "authorizedStream":
            await self._value(to, "String", authorization)
        elif method == "total":
            await self._value(to, "int", sum([one["data"] async for one in self._input(to["cid"])]))
        else:  # doubled, lists
            async for one in self._input(to["cid"]):
                data = one["data"] * 2 if method == "doubled" else one["data"]
                await self._value(to, one["className"], data)

    async def _input(self, stream: str) -> Any:
        while (item := await self._inputs[stream].get()) is not None:
            yield item

    async def _value(self, to: dict[str, Any], name: str, data: Any) -> None:
        await self._text("msm", {**to, "o": {"className": name, "data": data}})

    async def _text(self, kind: str, data: dict[str, Any] | None = None) -> None:
        text = json.dumps({"type": kind} if data is None else {"type": kind, "data": data})
        await self._send({"type": "websocket.send", "text": text})


@contextmanager
def running() -> Iterator[str]:
    """Run the server on a free port; yields its address."""
    notes.clear()
    config = uvicorn.Config(
        application,
        port=0,
        log_level="error",
        lifespan="off",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise RuntimeError("the wire server did not start")
            threading.Event().wait(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
