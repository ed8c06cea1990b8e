"""Values that all servers share: in the cache, on channels."""

from __future__ import annotations

import asyncio
import contextlib

import redis.asyncio as redis
from django.conf import settings
from django.core.cache import cache
from serverpod_test.models import SimpleData

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from podium.wire.codecs import codec
from realtime import messages
from realtime.conf import conf

LIFETIME_SECONDS = 1
LISTEN_SECONDS = 2
DATA = codec("SimpleData")


class RedisEndpoint(Endpoint):
    async def set_simple_data(self, call: Call, key: str, data: SimpleData) -> None:
        await cache.aset(_key(key), DATA.encode(data), timeout=None)

    async def set_simple_data_with_lifetime(self, call: Call, key: str, data: SimpleData) -> None:
        """Kept for LIFETIME_SECONDS."""
        await cache.aset(_key(key), DATA.encode(data), timeout=LIFETIME_SECONDS)

    async def get_simple_data(self, call: Call, key: str) -> SimpleData | None:
        found = await cache.aget(_key(key))
        return None if found is None else DATA.decode(found)

    async def delete_simple_data(self, call: Call, key: str) -> None:
        await cache.adelete(_key(key))

    async def reset_message_central_test(self, call: Call) -> None:
        """Nothing is left between tests: a channel is read only during the call that reads it."""

    async def listen_to_channel(self, call: Call, channel: str) -> SimpleData | None:
        """The last value that arrives within LISTEN_SECONDS; null if none does."""
        last = None
        async with messages.subscribe(channel) as values:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LISTEN_SECONDS):
                    async for value in values:
                        last = value
        return last

    async def post_to_channel(self, call: Call, channel: str, data: SimpleData) -> None:
        await messages.publish(channel, data)

    async def count_subscribed_channels(self, call: Call) -> int:
        """The number of message channels that are read, in all processes."""
        async with redis.from_url(settings.REDIS_URL) as client:
            return len(await client.pubsub_channels(f"{conf.PREFIX}:messages:*"))


def _key(key: str) -> str:
    return f"testserver:{key}"
