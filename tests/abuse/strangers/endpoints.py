"""Endpoints for strangers, and one for members."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import ClassVar

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint, rate_limit


class OpenEndpoint(Endpoint):
    """Open to everyone."""

    async def length(self, call: Call, text: str) -> int:
        """The length of a text."""
        return len(text)

    async def repeat(self, call: Call, text: str, times: int) -> str:
        """Return a text repeated many times."""
        return text * times

    async def stay(self, call: Call) -> AsyncIterator[int]:
        """A stream that does not end."""
        yield 1
        await asyncio.Event().wait()

    def block(self, call: Call, seconds: float) -> str:
        """Hold a thread."""
        time.sleep(seconds)
        return "done"

    @rate_limit("1/d")
    async def seldom(self, call: Call) -> str:
        """Once a day."""
        return "once"


class MembersEndpoint(Endpoint):
    """For signed-in users."""

    require_login: ClassVar[bool] = True

    def name(self, call: Call) -> str:
        """Needs a thread."""
        return call.user_id
