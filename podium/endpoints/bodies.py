"""Read request bodies up to a limit, on the event loop, from clients that may be slow but must make progress.

A body may continue as long as READ_TIMEOUT_SECONDS * MIN_RATE bytes arrive in every READ_TIMEOUT_SECONDS. The number of
unfinished bodies is limited, per address and in total: one more ends the one that has been waited for longest.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterator, MutableMapping
from contextlib import contextmanager, suppress
from typing import Any

from podium.endpoints.conf import conf
from podium.endpoints.errors import BodyTooLarge, BodyTooSlow
from podium.endpoints.waiting import Waiting, strangers

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Owner = Callable[[], str]
"""Returns the owner of a body. Called only if the body must be waited for."""
Put = Callable[[bytes], Awaitable[None]]

LONGEST_LENGTH = 18
"""Maximum digits of a Content-Length; Python raises an error for numbers with thousands of them."""


class ClientGone(Exception):
    """The client closed the connection; nobody is left to answer."""


class EagerCoroutine:
    """A coroutine that has run up to its first wait. If it never waits, it needs no timer."""

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
        """Run the rest."""
        waits_for = self._waits_for
        try:
            while True:
                try:
                    came = yield waits_for
                except BaseException as error:  # noqa: BLE001  the coroutine handles cancellations
                    waits_for = self._coroutine.throw(error)
                else:
                    waits_for = self._coroutine.send(came)
        except StopIteration as end:
            return end.value


async def read(receive: Receive, announced: str, limit: int, owner: Owner) -> bytes:
    """Return the whole body. Raises BodyTooLarge as early as possible, BodyTooSlow, ClientGone.

    announced  the Content-Length header, "" without one
    """
    check_announced(announced, limit)
    if announced == "0":
        return b""
    started = EagerCoroutine(_piece(receive))
    if started.done and not started.result[1]:  # it usually arrives together with the head
        body: bytes = started.result[0]
        if len(body) > limit:
            raise too_large(limit)
        return body
    parts: list[bytes] = []

    async def put(part: bytes) -> None:
        parts.append(part)

    await _receive(receive, started, limit, strangers, owner, put)
    return b"".join(parts)


async def each_piece(
    receive: Receive, announced: str, limit: int, waiting: Waiting, owner: Owner, put: Put
) -> None:
    """Pass the body to `put` as it arrives. Raises like `read`. The piece that exceeds the limit is passed too."""
    check_announced(announced, limit)
    await _receive(receive, EagerCoroutine(_piece(receive)), limit, waiting, owner, put)


def check_announced(announced: str, limit: int) -> None:
    """Raise BodyTooLarge for a Content-Length over the limit."""
    if announced.isdecimal() and (len(announced) > LONGEST_LENGTH or int(announced) > limit):
        raise too_large(limit)


def too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(text=f"Request size exceeds the maximum allowed size of {limit} bytes.")


async def _piece(receive: Receive) -> tuple[bytes, bool]:
    """Return the next bytes and whether more follow. Raises ClientGone."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientGone
    return bytes(message.get("body", b"")), bool(message.get("more_body"))


async def _receive(
    receive: Receive, started: EagerCoroutine, limit: int, waiting: Waiting, owner: Owner, put: Put
) -> None:
    seconds = conf.READ_TIMEOUT_SECONDS
    size = fresh = 0
    try:
        async with asyncio.timeout(seconds) as timer:
            with _counted(timer, waiting, owner()):
                part, more = started.result if started.done else await started
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
        with suppress(RuntimeError):  # its time has just run out
            timer.reschedule(asyncio.get_running_loop().time())

    waiting.enter(give_up, owner)
    try:
        yield
    finally:
        waiting.leave(give_up)
