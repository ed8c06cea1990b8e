"""Load: several kinds of calls at a steady rate, from a thread of the test. Records each call's time and outcome.

Each call starts on schedule, however long earlier ones take, so a hanging server does not get fewer calls.

empty        a call that needs neither database nor Redis
read_sync    the ORM in a sync method          read_async   the ORM in an async method
read_fast    a plain read on the loop          write        a write in a sync method
limited      a rate-limited call (Redis)       signed_in    a call with an access token
say          a message to the bus              page         the sign-in page (Django)
stream       a WebSocket, a stream and its first value
livez, readyz
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import threading
import time
import uuid
import warnings
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import httpx
import websockets

logging.getLogger("httpx").setLevel(logging.WARNING)  # a line per call would hide all others

CALL_SECONDS = 60
"""Calls that take longer fail as "timeout"."""
DRAIN_SECONDS = CALL_SECONDS + 5


@dataclass(frozen=True)
class Outcome:
    """One call: its kind, its start and end (time.monotonic), and its error, "" on success."""

    kind: str
    begun: float
    ended: float
    error: str

    @property
    def seconds(self) -> float:
        return self.ended - self.begun


@dataclass(frozen=True)
class Target:
    """The target of calls. `http` has the server's address as its base."""

    url: str
    token: str
    http: httpx.AsyncClient


Kind = Callable[[Target], Awaitable[object]]
"""Makes one call; raises if it fails."""


def call(path: str, /, *, signed_in: bool = False, **arguments: object) -> Kind:
    """Call an endpoint's method by its path: call("/outage/empty")."""

    async def make(target: Target) -> None:
        headers = {"Authorization": f"Bearer {target.token}"} if signed_in else {}
        _check(await target.http.post(path, json=arguments, headers=headers))

    return make


def page(path: str) -> Kind:
    """Get a page."""

    async def make(target: Target) -> None:
        _check(await target.http.get(path))

    return make


def _check(response: httpx.Response) -> None:
    if response.status_code != 200:
        raise RuntimeError(f"{response.status_code} {response.text[:200]}")


async def stream(target: Target) -> None:
    """Open a socket and a stream, and receive its first value."""
    address = target.url.replace("http", "ws", 1) + "/v1/websocket"
    head = {"en": "outage", "m": "tick", "cid": str(uuid.uuid4())}
    async with websockets.connect(address, open_timeout=CALL_SECONDS, proxy=None) as connection:
        await connection.send(json.dumps({"type": "omsc", "data": {**head, "args": "{}", "is": []}}))
        while True:
            frame = json.loads(await connection.recv())
            if frame["type"] == "msm":
                return
            if frame["type"] == "cmsc" or frame.get("data", {}).get("res", "success") != "success":
                raise RuntimeError(f"no stream: {frame}")


KINDS: dict[str, Kind] = {
    "empty": call("/outage/empty"),
    "read_sync": call("/outage/readSync"),
    "read_async": call("/outage/readAsync"),
    "read_fast": call("/outage/readFast"),
    "write": call("/outage/write"),
    "limited": call("/outage/limited"),
    "signed_in": call("/outage/empty", signed_in=True),
    "say": call("/outage/say", room="load", text="hello"),
    "page": page("/account/login/"),
    "stream": stream,
    "livez": page("/livez"),
    "readyz": page("/readyz"),
}


def _collect_broken_connections() -> None:
    """Collect the connections that httpx leaves open when their server is killed: else they fail another test."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


class Load:
    """Makes calls while the block runs. On exit, waits for the last ones.

    kinds       names of KINDS, or (name, function) from the test
    per_second  calls of each kind
    outcomes    all finished calls, in the order in which they ended
    """

    def __init__(
        self, url: str, kinds: Sequence[str | tuple[str, Kind]], *, per_second: float = 5, token: str = ""
    ) -> None:
        self.url = url
        self.token = token
        self.per_second = per_second
        self.outcomes: list[Outcome] = []
        self._kinds = dict((each, KINDS[each]) if isinstance(each, str) else each for each in kinds)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="load", daemon=True)

    def failures(self, *kinds: str, begun_after: float = 0, ended_after: float = 0) -> list[Outcome]:
        """Failed calls of the given kinds (or all), begun and ended after the given moments of time.monotonic()."""
        return [
            each
            for each in list(self.outcomes)
            if each.error
            and (not kinds or each.kind in kinds)
            and each.begun >= begun_after
            and each.ended >= ended_after
        ]

    def last_failure(self, moment: float, *kinds: str) -> float:
        """Seconds from the moment, for example of recovery, to the end of the last failed call; 0 if none failed."""
        return max([0.0, *(each.ended - moment for each in self.failures(*kinds))])

    def slowest(self, *kinds: str, begun_after: float = 0) -> float:
        """Seconds of the longest call, failed or not."""
        chosen = [each for each in list(self.outcomes) if not kinds or each.kind in kinds]
        return max([0.0, *(each.seconds for each in chosen if each.begun >= begun_after)])

    def summary(self, moment: float | None = None) -> str:
        """One line per kind: calls, failures, the slowest call, and the last failure after the moment."""
        lines = []
        for kind in self._kinds:
            mine = [each for each in self.outcomes if each.kind == kind]
            failed = [each for each in mine if each.error]
            line = (
                f"{kind:<12} {len(mine):>5} calls {len(failed):>4} failed, slowest {self.slowest(kind):.1f} s"
            )
            if moment is not None and failed:
                line += (
                    f", last failure {max(each.ended for each in failed) - moment:+.1f} s: {failed[-1].error}"
                )
            lines.append(line)
        return "\n".join(lines)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._thread.join(DRAIN_SECONDS)
        _collect_broken_connections()

    async def _run(self) -> None:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=2)
        transport = httpx.AsyncHTTPTransport(limits=limits)
        async with httpx.AsyncClient(
            base_url=self.url, transport=transport, timeout=CALL_SECONDS, trust_env=False
        ) as client:
            target = Target(self.url, self.token, client)
            running: set[asyncio.Task[None]] = set()
            while not self._stopping.is_set():
                for name, make in self._kinds.items():
                    task = asyncio.create_task(self._one(name, make, target))
                    running.add(task)
                    task.add_done_callback(running.discard)
                await asyncio.sleep(1 / self.per_second)
            await asyncio.gather(*running)

    async def _one(self, name: str, make: Kind, target: Target) -> None:
        begun = time.monotonic()
        error = ""
        try:
            async with asyncio.timeout(CALL_SECONDS):
                await make(target)
        except TimeoutError:
            error = f"timeout after {CALL_SECONDS} s"
        except Exception as failure:  # noqa: BLE001  every failure is an outcome
            error = f"{type(failure).__name__}: {failure}"
        self.outcomes.append(Outcome(name, begun, time.monotonic(), error))
