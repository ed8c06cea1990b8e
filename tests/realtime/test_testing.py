"""The helper for tests of streams that wait for messages."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from podium.endpoints.testing import Caller, acall, serving, stream
from realtime import hub, messages
from realtime import testing as helpers
from realtime.testing import listening
from tests.realtime.chat.endpoints import ChatEndpoint


class OddEndpoint(Endpoint):
    async def ends(self, call: Call) -> AsyncIterator[int]:
        yield 1

    async def fails(self, call: Call) -> AsyncIterator[int]:
        raise LookupError("broken")
        yield 1

    async def fails_later(self, call: Call, room: str) -> AsyncIterator[str]:
        async with messages.subscribe(room) as said:
            async for text in said:
                yield text
                if text == "fail":
                    raise LookupError("broken")
                if text == "end":
                    return


@pytest.fixture(autouse=True)
def served():
    with serving(ChatEndpoint, OddEndpoint):
        yield


async def test_a_message_reaches_all_streams_that_listen(room):
    anna, ben = Caller("anna"), Caller("ben")
    async with (
        listening(anna.stream("chat.listen", room=room), room) as by_anna,
        listening(ben.stream("chat.listen", room=room), room) as by_ben,
    ):
        await acall("chat.say", room=room, text="hello")
        await acall("chat.say", room=room, text="bye")
        assert [await anext(by_anna) for _ in range(3)] == ["listening", "hello", "bye"]
        assert [await anext(by_ben) for _ in range(3)] == ["listening", "hello", "bye"]
    assert hub.current().waiting(messages.name_of(room)) == 0


async def test_an_exception_of_a_stream_reaches_the_test(room):
    async with listening(stream("odd.fails_later", room=room), room) as heard:
        await acall("chat.say", room=room, text="fail")
        assert await anext(heard) == "fail"
        for _ in range(2):
            with pytest.raises(LookupError, match="broken"):
                await anext(heard)


async def test_the_end_of_a_stream_is_the_end_of_the_loop(room):
    async with listening(stream("odd.fails_later", room=room), room) as heard:
        for text in ("a", "end"):
            await acall("chat.say", room=room, text=text)
        assert [text async for text in heard] == ["a", "end"]


async def test_a_stream_that_does_not_listen_is_reported(room, monkeypatch):
    with pytest.raises(LookupError, match="broken"):
        async with listening(stream("odd.fails"), room):
            pass
    with pytest.raises(AssertionError, match="ended before it read"):
        async with listening(stream("odd.ends"), room):
            pass
    monkeypatch.setattr(helpers, "WAIT_SECONDS", 0.2)
    with pytest.raises(AssertionError, match=r"did not read the channel 'another' within 0\.2 s"):
        async with listening(stream("chat.listen", room=room), "another"):
            pass
