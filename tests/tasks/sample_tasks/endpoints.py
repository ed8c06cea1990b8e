"""Schedule from endpoints, on a thread and on the event loop."""

from __future__ import annotations

from datetime import timedelta

from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from tasks.scheduling import aschedule, schedule
from tests.tasks.sample_tasks.tasks import write_line, write_line_slowly


class SchedulingEndpoint(Endpoint):
    """Open to everyone."""

    def from_sync(self, call: Call, path: str) -> None:
        """Schedule on a thread."""
        schedule(write_line, path=path)

    async def from_async(self, call: Call, path: str) -> None:
        """Schedule from the event loop."""
        await aschedule(write_line, path=path)

    def slowly(self, call: Call, path: str, seconds: float) -> None:
        """Schedule a task that takes a while."""
        schedule(write_line_slowly, path=path, seconds=seconds)

    def later(self, call: Call, path: str, seconds: float) -> None:
        """Schedule for later."""
        schedule(write_line, after=timedelta(seconds=seconds), path=path)
