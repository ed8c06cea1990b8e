"""Streams in and out: echoed, delayed, failing, cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

from serverpod_test.models import ExceptionWithData, SimpleData

from legacy_auth.models import UserInfo
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from podium.wire.types import SetAsList
from realtime.errors import InputFailed
from tests.testserver import closing
from tests.testserver.endpoints.failures import exception_with_data

SIMPLE_COUNT = 10
"""The default number of values in a stream."""


class MethodStreamingEndpoint(Endpoint):
    """One object serves all calls, so tests read the state of this process."""

    def __init__(self) -> None:
        self._delayed: set[asyncio.Event] = set()
        self._broadcast_cancelled = False

    # Values out

    async def simple_stream(self, call: Call) -> AsyncIterator[int]:
        for number in range(SIMPLE_COUNT):
            yield number

    async def simple_stream_with_parameter(self, call: Call, value: int) -> AsyncIterator[int]:
        for number in range(value):
            yield number

    async def int_stream_from_value(self, call: Call, value: int) -> AsyncIterator[int]:
        for number in range(value):
            yield number

    async def simple_data_stream(self, call: Call, value: int) -> AsyncIterator[SimpleData]:
        for number in range(value):
            yield SimpleData(num=number)

    async def never_ending_stream_with_delay(self, call: Call, milliseconds_delay: int) -> AsyncIterator[int]:
        """Numbers from 0 on until the client closes the stream."""
        call.on_close(closing.note)
        number = 0
        while True:
            yield number
            number += 1
            await asyncio.sleep(milliseconds_delay / 1000)

    async def was_session_will_close_listener_called(self, call: Call) -> bool:
        """Return whether it was closed since the last request."""
        return closing.was_called()

    async def get_broadcast_stream(self, call: Call) -> AsyncIterator[int | None]:
        """A stream without a value, until the client closes it."""
        self._broadcast_cancelled = False
        try:
            await asyncio.Event().wait()
            yield None  # makes it a stream
        finally:
            self._broadcast_cancelled = True

    async def was_broadcast_stream_canceled(self, call: Call) -> bool:
        return self._broadcast_cancelled

    # Values in, and out again

    async def int_echo_stream(self, call: Call, stream: AsyncIterator[int]) -> AsyncIterator[int]:
        async for each in stream:
            yield each

    async def nullable_int_echo_stream(
        self, call: Call, stream: AsyncIterator[int | None]
    ) -> AsyncIterator[int | None]:
        async for each in stream:
            yield each

    async def dynamic_echo_stream(self, call: Call, stream: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for each in stream:
            yield each

    async def multiple_int_echo_streams(
        self, call: Call, stream1: AsyncIterator[int], stream2: AsyncIterator[int]
    ) -> AsyncIterator[int]:
        """The values of both in the order of their arrival, until both have ended."""
        values: asyncio.Queue[int | None] = asyncio.Queue()  # None: one of them has ended

        async def read(stream: AsyncIterator[int]) -> None:
            try:
                async for each in stream:
                    values.put_nowait(each)
            finally:
                values.put_nowait(None)

        reading = [asyncio.create_task(read(stream)) for stream in (stream1, stream2)]
        ended = 0
        try:
            while ended < len(reading):
                value = await values.get()
                if value is None:
                    ended += 1
                else:
                    yield value
            await asyncio.gather(*reading)  # raises the failure of the other stream
        finally:
            for task in reading:
                task.cancel()

    async def simple_in_out_data_stream(
        self, call: Call, simple_data_stream: AsyncIterator[SimpleData]
    ) -> AsyncIterator[SimpleData]:
        async for each in simple_data_stream:
            yield each

    async def simple_list_in_out_int_stream(
        self, call: Call, simple_data_list_stream: AsyncIterator[list[int]]
    ) -> AsyncIterator[list[int]]:
        async for each in simple_data_list_stream:
            yield each

    async def simple_list_in_out_data_stream(
        self, call: Call, simple_data_list_stream: AsyncIterator[list[SimpleData]]
    ) -> AsyncIterator[list[SimpleData]]:
        async for each in simple_data_list_stream:
            yield each

    async def simple_list_in_out_nullable_data_stream(
        self, call: Call, simple_data_list_stream: AsyncIterator[list[SimpleData | None]]
    ) -> AsyncIterator[list[SimpleData | None]]:
        async for each in simple_data_list_stream:
            yield each

    async def simple_nullable_list_in_out_nullable_data_stream(
        self, call: Call, simple_data_list_stream: AsyncIterator[list[SimpleData] | None]
    ) -> AsyncIterator[list[SimpleData] | None]:
        async for each in simple_data_list_stream:
            yield each

    async def simple_list_in_out_other_module_type_stream(
        self, call: Call, user_info_list_stream: AsyncIterator[list[UserInfo]]
    ) -> AsyncIterator[list[UserInfo]]:
        async for each in user_info_list_stream:
            yield each

    async def simple_set_in_out_int_stream(
        self, call: Call, simple_data_set_stream: AsyncIterator[set[int]]
    ) -> AsyncIterator[set[int]]:
        async for each in simple_data_set_stream:
            yield each

    async def simple_set_in_out_data_stream(
        self, call: Call, simple_data_set_stream: AsyncIterator[SetAsList[SimpleData]]
    ) -> AsyncIterator[SetAsList[SimpleData]]:
        async for each in simple_data_set_stream:
            yield each

    async def nested_set_in_list_in_out_data_stream(
        self, call: Call, simple_data_set_stream: AsyncIterator[list[SetAsList[SimpleData]]]
    ) -> AsyncIterator[SetAsList[SimpleData]]:
        """The sets of each list, one by one."""
        async for each in simple_data_set_stream:
            for one in each:
                yield one

    # Values in, one result

    async def int_return_from_stream(self, call: Call, stream: AsyncIterator[int]) -> int:
        """The first value."""
        return await anext(stream)

    async def nullable_int_return_from_stream(
        self, call: Call, stream: AsyncIterator[int | None]
    ) -> int | None:
        """The first value."""
        return await anext(stream)

    async def simple_input_return_stream(self, call: Call, stream: AsyncIterator[int]) -> int:
        """The first value."""
        return await anext(stream)

    async def void_return_after_stream(self, call: Call, stream: AsyncIterator[int]) -> None:
        async for _ in stream:
            pass

    async def direct_void_return_with_stream_input(self, call: Call, stream: AsyncIterator[int]) -> None:
        """At once, whatever comes."""

    async def direct_one_int_return_with_stream_input(self, call: Call, stream: AsyncIterator[int]) -> int:
        """At once, whatever comes."""
        return 1

    async def did_input_stream_have_error(self, call: Call, stream: AsyncIterator[int]) -> bool:
        try:
            async for _ in stream:
                pass
        except InputFailed:
            return True
        return False

    async def did_input_stream_have_serializable_exception_error(
        self, call: Call, stream: AsyncIterator[int]
    ) -> bool:
        try:
            async for _ in stream:
                pass
        except ExceptionWithData:
            return True
        return False

    # Plain calls

    async def simple_endpoint(self, call: Call) -> None:
        return None

    async def method_call_endpoint(self, call: Call) -> None:
        return None

    async def int_parameter(self, call: Call, value: int) -> None:
        return None

    async def double_input_value(self, call: Call, value: int) -> int:
        return value * 2

    # Slow methods: `delay` in seconds

    async def delayed_response(self, call: Call, delay: int) -> None:
        await self._wait(delay)

    async def delayed_stream_response(self, call: Call, delay: int) -> AsyncIterator[int]:
        await self._wait(delay)
        yield 42

    async def delayed_never_listened_input_stream(
        self, call: Call, delay: int, stream: AsyncIterator[int]
    ) -> None:
        await self._wait(delay)

    async def delayed_paused_input_stream(self, call: Call, delay: int, stream: AsyncIterator[int]) -> None:
        """Read one value, and no more until the delay is over."""
        await anext(stream, None)
        await self._wait(delay)

    async def complete_all_delayed_responses(self, call: Call) -> None:
        """Let all waiting calls continue at once."""
        for event in self._delayed:
            event.set()

    async def _wait(self, seconds: int) -> None:
        event = asyncio.Event()
        self._delayed.add(event)
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return
        finally:
            self._delayed.discard(event)

    # Failures

    async def throws_exception(self, call: Call, stream: AsyncIterator[int]) -> int:
        raise ValueError("not for clients")

    async def throws_exception_void(self, call: Call, stream: AsyncIterator[int]) -> None:
        raise ValueError("not for clients")

    async def throws_serializable_exception(self, call: Call, stream: AsyncIterator[int]) -> int:
        raise exception_with_data()

    async def throws_serializable_exception_void(self, call: Call, stream: AsyncIterator[int]) -> None:
        raise exception_with_data()

    async def in_stream_throws_exception(self, call: Call, stream: AsyncIterator[int]) -> None:
        raise ValueError("not for clients")

    async def in_stream_throws_serializable_exception(self, call: Call, stream: AsyncIterator[int]) -> None:
        raise exception_with_data()

    async def throws_exception_stream(self, call: Call) -> AsyncIterator[int]:
        raise ValueError("not for clients")
        yield 0  # makes it a stream

    async def throws_serializable_exception_stream(self, call: Call) -> AsyncIterator[int]:
        raise exception_with_data()
        yield 0  # makes it a stream

    def exception_thrown_before_stream_return(self, call: Call) -> Iterator[int]:
        raise ValueError("not for clients")

    async def exception_thrown_in_stream_return(self, call: Call) -> AsyncIterator[int]:
        raise ValueError("not for clients")
        yield 0  # makes it a stream

    async def out_stream_throws_exception(self, call: Call) -> AsyncIterator[int]:
        raise ValueError("not for clients")
        yield 0  # makes it a stream

    async def out_stream_throws_serializable_exception(self, call: Call) -> AsyncIterator[int]:
        raise exception_with_data()
        yield 0  # makes it a stream
