"""The bodies of requests: read up to a limit, on the event loop, from clients that may be slow but must move.

A body is waited for as long as READ_TIMEOUT_SECONDS bring READ_TIMEOUT_SECONDS * MIN_RATE bytes of it. Of an address,
and in all, only so many are waited for at a time: one more ends the one that has been waited for longest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterator, MutableMapping
from contextlib import contextmanager, suppress
from typing import Any

from endpoints.conf import conf
from endpoints.errors import BodyTooLarge, BodyTooSlow
from endpoints.waiting import Waiting, strangers

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Owner = Callable[[], str]
"""Gives whose body it is; asked only for one that is waited for."""
Put = Callable[[bytes], Awaitable[None]]

LONGEST_LENGTH = 18
"""Digits of a Content-Length that are read; a number of thousands of them is an error in Python."""


class ClientGone(Exception):
    """The client closed the connection; nobody is left to answer."""


class Begun:
    """A coroutine run to where it first waits: one that waits for nothing needs no timer and no watch."""

    __slots__ = ("_coroutine", "_waits_for", "done", "result")

    def __init__(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self.result: Any = None
        self.done = False
        self._coroutine = coroutine
        try:
            self._waits_for = coroutine.send(None)
        except StopIteration as end:
            self.result, self.done = end.value, True

    def __await__(self) -> Generator[Any, Any, Any]:
        """The rest of it."""
        waits_for = self._waits_for
        try:
            while True:
                try:
                    came = yield waits_for
                except BaseException as error:  # noqa: BLE001  a cancellation is the coroutine's matter
                    waits_for = self._coroutine.throw(error)
                else:
                    waits_for = self._coroutine.send(came)
        except StopIteration as end:
            return end.value


async def read(receive: Receive, announced: str, limit: int, owner: Owner) -> bytes:
    """The whole body. Raises BodyTooLarge as soon as that is known, BodyTooSlow, ClientGone.

    announced: the header Content-Length, "" without one.
    """
    check_announced(announced, limit)
    if announced == "0":
        return b""
    begun = Begun(_piece(receive))
    if begun.done and not begun.result[1]:  # mostly it came together with its head
        body: bytes = begun.result[0]
        if len(body) > limit:
            raise too_large(limit)
        return body
    parts: list[bytes] = []

    async def put(part: bytes) -> None:
        parts.append(part)

    await _receive(receive, begun, limit, strangers, owner, put)
    return b"".join(parts)


async def each_piece(
    receive: Receive, announced: str, limit: int, waiting: Waiting, owner: Owner, put: Put
) -> None:
    """Give the body to `put` as it comes. Raises as `read`; a piece that goes over the limit is given, too."""
    check_announced(announced, limit)
    await _receive(receive, Begun(_piece(receive)), limit, waiting, owner, put)


def check_announced(announced: str, limit: int) -> None:
    """Raises BodyTooLarge for a Content-Length over the limit."""
    if announced.isdecimal() and (len(announced) > LONGEST_LENGTH or int(announced) > limit):
        raise too_large(limit)


def too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(text=f"The request has more than the {limit} bytes that this server accepts.")


async def _piece(receive: Receive) -> tuple[bytes, bool]:
    """The next bytes, and whether there are more. Raises ClientGone."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientGone
    return bytes(message.get("body", b"")), bool(message.get("more_body"))


async def _receive(
    receive: Receive, begun: Begun, limit: int, waiting: Waiting, owner: Owner, put: Put
) -> None:
    seconds = conf.READ_TIMEOUT_SECONDS
    size = fresh = 0
    try:
        async with asyncio.timeout(seconds) as timer:
            with _counted(timer, waiting, owner()):
                part, more = begun.result if begun.done else await begun
                while True:
                    size += len(part)
                    fresh += len(part)
                    await put(part)
                    if size > limit:
                        raise too_large(limit)
                    if not more:
                        return
                    if fresh >= seconds * conf.MIN_RATE:
                        timer.reschedule(asyncio.get_running_loop().time() + seconds)
                        fresh = 0
                    part, more = await _piece(receive)
    except TimeoutError:
        raise BodyTooSlow(text=f"The request did not arrive within {seconds:g} s.") from None


@contextmanager
def _counted(timer: asyncio.Timeout, waiting: Waiting, owner: str) -> Iterator[None]:
    def give_up() -> None:
        with suppress(RuntimeError):  # its time is over just now
            timer.reschedule(asyncio.get_running_loop().time())

    waiting.enter(give_up, owner)
    try:
        yield
    finally:
        waiting.leave(give_up)
