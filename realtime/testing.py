"""Streams in tests: run one until it waits for a message, publish, then check its values.

async with listening(stream("rooms.watch", room="kitchen"), "room.kitchen") as heard:
    await acall("rooms.put_up", room="kitchen", note=Note(title="Tea"))
    assert (await anext(heard)).title == "Tea"
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

from podium.core import cancellation
from realtime import hub, messages

LOOK_SECONDS = 0.005
WAIT_SECONDS = 5.0
END = object()


@asynccontextmanager
async def listening(values: AsyncGenerator[Any, None], channel: str) -> AsyncIterator[AsyncIterator[Any]]:
    """Run a stream in the background; the block begins once its method waits for messages of the channel.

    Yields the values, including earlier ones. Leaving the block ends the stream. Raises the stream's own exceptions;
    AssertionError if it ends or does not read the channel within 5 s.
    """
    heard = _Heard(values)
    try:
        await _until_it_waits(heard.task, channel)
        yield heard
    finally:
        await cancellation.end(heard.task)  # the test has already seen its exceptions


async def _until_it_waits(stream: asyncio.Task[None], channel: str) -> None:
    here, name = hub.current(), messages.name_of(channel)
    others = here.waiting(name)
    give_up_at = time.monotonic() + WAIT_SECONDS
    while here.waiting(name) <= others:
        if stream.done():
            stream.result()
            raise AssertionError(f"The stream ended before it read the channel {channel!r}.")
        if time.monotonic() > give_up_at:
            raise AssertionError(
                f"The stream did not read the channel {channel!r} within {WAIT_SECONDS:g} s."
            )
        await asyncio.sleep(LOOK_SECONDS)


class _Heard:
    """The values of a stream that runs in a separate task."""

    def __init__(self, values: AsyncGenerator[Any, None]) -> None:
        self._waiting: asyncio.Queue[Any] = asyncio.Queue()
        self.task = asyncio.create_task(self._run(values))

    async def _run(self, values: AsyncGenerator[Any, None]) -> None:
        try:
            async with aclosing(values):
                async for value in values:
                    self._waiting.put_nowait(value)
        finally:
            self._waiting.put_nowait(END)

    def __aiter__(self) -> _Heard:
        return self

    async def __anext__(self) -> Any:
        """The next value. Raises the stream's exception after all earlier values."""
        value = await self._waiting.get()
        if value is not END:
            return value
        self._waiting.put_nowait(END)  # for further calls
        await asyncio.wait([self.task])
        self.task.result()
        raise StopAsyncIteration
