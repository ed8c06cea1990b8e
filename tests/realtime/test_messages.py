"""Messages over a real Redis: order, slow readers, transactions, and outages of Redis."""

from __future__ import annotations

import asyncio
import time
import uuid
from typing import Any

import pytest
import redis
from asgiref.sync import async_to_sync, sync_to_async
from django.core.exceptions import SynchronousOnlyOperation
from django.db import transaction

from realtime import hub, messages, revocation
from realtime.errors import BadChannel, BusUnavailable, MessageTooLarge, SubscriberTooSlow
from realtime.revocation import Revoked
from tests.notes.models import Note, NoteStatistics


async def first(values, count: int = 1) -> list[Any]:
    async with asyncio.timeout(5):
        return [await anext(values) for _ in range(count)]


async def test_all_readers_get_messages_in_order(room):
    async with messages.subscribe(room) as one, messages.subscribe(room) as other:
        for number in range(50):
            await messages.publish(room, number)
        assert await first(one, 50) == list(range(50))
        assert await first(other, 50) == list(range(50))


async def test_readers_of_a_process_share_the_value(room):
    async with messages.subscribe(room) as one, messages.subscribe(room) as other:
        await messages.publish(room, NoteStatistics(total=1, by_color={}))
        [value], [same] = await first(one), await first(other)
    assert value is same
    assert value.total == 1


async def test_messages_of_another_channel_are_not_received(room):
    async with messages.subscribe(room) as values:
        await messages.publish(room + "x", 1)
        await messages.publish(room, 2)
        assert await first(values) == [2]


async def test_several_channels_are_read_as_one(room):
    other = room + "x"
    async with messages.subscribe(room, other, room) as both, messages.subscribe(other) as one:
        for number in range(10):
            await messages.publish(other if number % 2 else room, number)
        assert await first(both, 10) == list(range(10))
        assert await first(one, 5) == [1, 3, 5, 7, 9]
    assert hub.current()._subscriptions == {}
    async with messages.subscribe(other) as again:
        await messages.publish(other, "still heard")
        assert await first(again) == ["still heard"]
    with pytest.raises(BadChannel):
        async with messages.subscribe(room, ""):
            pass


async def test_a_channel_is_left_and_read_again(room, settings):
    name = f"{settings.REALTIME_PREFIX}:messages:{room}"
    for number in range(20):
        async with messages.subscribe(room) as values:
            await messages.publish(room, number)
            assert await first(values) == [number]
    with redis.from_url(settings.REDIS_URL) as client:
        for _ in range(50):
            if client.pubsub_numsub(name) == [(name.encode(), 0)]:
                return
            await asyncio.sleep(0.02)
        assert client.pubsub_numsub(name) == [(name.encode(), 0)]


async def test_a_slow_reader_is_ended_and_the_others_continue(room, settings):
    settings.REALTIME_MESSAGE_QUEUE = 10
    async with messages.subscribe(room) as slow, messages.subscribe(room) as quick:
        for number in range(30):
            await messages.publish(room, number)
            assert await first(quick) == [number]
        with pytest.raises(SubscriberTooSlow) as ended:
            await first(slow)
        assert ended.value.details["limit"] == 10
        assert slow._waiting == []


async def test_an_unreadable_message_is_dropped(room, settings, caplog):
    async with messages.subscribe(room) as values:
        name = f"{settings.REALTIME_PREFIX}:messages:{room}"
        await hub.current().publish(name, b'{"className":"NoSuchClass","data":{}}')
        await hub.current().publish(name, b"{")
        await messages.publish(room, 1)
        assert await first(values) == [1]
    assert caplog.text.count("was dropped") == 2


async def test_names_and_sizes_are_limited(room, settings):
    settings.REALTIME_MESSAGE_BYTES = 100
    with pytest.raises(MessageTooLarge):
        await messages.publish(room, "x" * 100)
    for channel in ["", "x" * 201]:
        with pytest.raises(BadChannel):
            await messages.publish(channel, 1)
        with pytest.raises(BadChannel):
            async with messages.subscribe(channel):
                pass


async def test_server_only_fields_are_sent_between_servers(room):
    note = Note(title="a", tags=[], owner_id=uuid.uuid4())
    async with messages.subscribe(room) as values:
        await messages.publish(room, note)
        [arrived] = await first(values)
    assert arrived.owner_id == note.owner_id


def _cut_subscribers(settings) -> int:
    """End the listening connections to Redis. Returns their number."""
    with redis.from_url(settings.REDIS_URL) as client:
        name = f"{settings.REALTIME_PREFIX}:subscriber"
        mine = [each for each in client.client_list("pubsub") if each["name"] == name]
        for each in mine:
            client.client_kill_filter(_id=each["id"])
        return len(mine)


async def test_reading_continues_after_a_lost_connection(room, settings):
    heard: list[Revoked | None] = []
    revocation.listen(heard.append)
    revocation.watch()
    async with messages.subscribe(room) as values:
        cut = 0
        async with asyncio.timeout(20):
            while None not in heard:
                cut += await asyncio.to_thread(_cut_subscribers, settings)
                for _ in range(50):  # a connection that is cut while it subscribes does not count as lost yet
                    await asyncio.sleep(0.02)
                    if None in heard:
                        break
        assert cut
        await messages.publish(room, "again")
        assert await first(values) == ["again"]
    revocation._listeners.remove(heard.append)


async def test_without_redis_publication_and_subscription_fail_clearly(room, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.REALTIME_BUS_SECONDS = 0.3
    with pytest.raises(BusUnavailable):
        await messages.publish(room, 1)
    started = time.monotonic()
    with pytest.raises(BusUnavailable):
        async with messages.subscribe(room):
            pass
    assert time.monotonic() - started < 2


async def test_sync_publication_is_refused_on_the_event_loop(room):
    with pytest.raises(SynchronousOnlyOperation):
        messages.publish_sync(room, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "publish", [messages.publish_sync, async_to_sync(messages.publish)], ids=["sync", "async"]
)
def test_a_message_is_sent_when_the_transaction_commits(room, publish):

    def act():
        with transaction.atomic():
            publish(room, "kept")
            time.sleep(0.1)
            assert received == []
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            publish(room, "lost")
            raise ZeroDivisionError

    received: list[object] = []

    async def run():
        async with messages.subscribe(room) as values:

            async def collect():
                async for value in values:
                    received.append(value)

            collecting = asyncio.create_task(collect())
            await sync_to_async(act)()
            async with asyncio.timeout(5):
                while not received:
                    await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            collecting.cancel()

    async_to_sync(run)()
    assert received == ["kept"]


@pytest.mark.django_db(transaction=True)
def test_a_commit_succeeds_without_redis(room, settings, caplog):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    with transaction.atomic():
        messages.publish_sync(room, 1)
    assert "Redis, which carries the messages" in caplog.text
    with pytest.raises(BusUnavailable):
        messages.publish_sync(room, 1)
