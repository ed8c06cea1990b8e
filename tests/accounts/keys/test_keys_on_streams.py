"""A stream that runs on an API key ends with it."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from accounts.keys import keys
from accounts.models import User
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint, allow_api_keys
from podium.endpoints.testing import serving
from realtime.consumer import StreamConsumer

SECONDS = 10


class TicksEndpoint(Endpoint):
    require_login = True

    @allow_api_keys
    async def watch(self, call: Call) -> AsyncIterator[int]:
        yield 1
        await asyncio.Event().wait()


def of_watch(message: Any) -> str:
    """The type of a frame of the stream: "omsr" when it is open, "msm" for a value, "cmsc" for its end."""
    return str(json.loads(message.get("text") or "{}").get("type", ""))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", [keys.revoke, keys.rotate])
async def test_a_stream_ends_with_its_key(act: Any) -> None:
    anna = await sync_to_async(User.objects.create_user)("anna@example.com")
    issued = await sync_to_async(keys.create)(anna, name="shop")
    received: asyncio.Queue[Any] = asyncio.Queue()
    sent: asyncio.Queue[Any] = asyncio.Queue()
    scope = {"type": "websocket", "path": "/v1/websocket", "client": ("127.0.0.1", 1), "headers": []}
    head = {"en": "ticks", "m": "watch", "cid": str(uuid.uuid4()), "args": "{}", "is": []}
    opening = {"type": "omsc", "data": {**head, "auth": f"Bearer {issued.key}"}}
    with serving(TicksEndpoint):
        task = asyncio.create_task(StreamConsumer.as_asgi()(scope, received.get, sent.put))
        received.put_nowait({"type": "websocket.connect"})
        received.put_nowait({"type": "websocket.receive", "text": json.dumps(opening)})
        try:
            async with asyncio.timeout(SECONDS):
                while of_watch(await sent.get()) != "msm":
                    pass
                await sync_to_async(act)(issued.row)
                while of_watch(await sent.get()) != "cmsc":
                    pass
        finally:
            received.put_nowait({"type": "websocket.disconnect", "code": 1000})
            await task
