"""Outages under load, and the promises for each: which calls never fail, and how soon the others work again."""

from __future__ import annotations

import asyncio
import json
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

import httpx
import websockets

from tests.outages.load import KINDS, Kind, Load, call
from tests.outages.stack import Stack, wait_until

BEFORE_SECONDS, OUTAGE_SECONDS, AFTER_SECONDS = 2.0, 6.0, 8.0
TASK_SECONDS = 90
"""Time after an outage until every scheduled call has run."""
CLOSE_SECONDS = 5
"""Time for the listener's socket to close, if the server doesn't answer."""

ALL = frozenset({*KINDS, "slow"})
WITHOUT_DATABASE = frozenset({"empty", "limited", "say", "stream", "livez", "slow"})
WITHOUT_REDIS = ALL - {"say"}


@dataclass(frozen=True)
class Scenario:
    """One outage.

    act, undo  functions that cause and end it; undo returns when the component works again
    keeps      kinds of calls that must never fail
    recovers   seconds after the recovery from which no call may fail
    finishes   whether calls begun before the outage must succeed
    """

    name: str
    act: Callable[[Stack], object]
    undo: Callable[[Stack], object]
    keeps: frozenset[str] = ALL
    recovers: float = 1.0
    finishes: bool = False


@dataclass
class Result:
    """The result of an outage. broken: the promises that were not kept."""

    scenario: Scenario
    calls: int = 0
    failed: int = 0
    slowest: float = 0.0
    recovered: float = 0.0
    messages: float | None = None
    tasks: float = 0.0
    broken: list[str] = field(default_factory=list)

    @property
    def row(self) -> str:
        heard = "-" if self.messages is None else f"{self.messages:.1f} s"
        return (
            f"{self.scenario.name:<28} {self.calls:>6} {self.failed:>7} {self.slowest:>8.1f} s "
            f"{self.recovered:>8.1f} s {heard:>9} {self.tasks:>6.1f} s  {'; '.join(self.broken) or 'held'}"
        )


HEAD = (
    f"{'outage':<28} {'calls':>6} {'failed':>7} {'slowest':>10} {'recovered':>10} {'messages':>9} "
    f"{'tasks':>8}  promise"
)

SCENARIOS = [
    Scenario("web: kill -9", lambda s: s.web.kill(), lambda s: s.web.start(), frozenset()),
    Scenario("web: TERM", lambda s: s.web.terminate(), lambda s: s.web.start(), frozenset(), finishes=True),
    Scenario("worker: kill -9", lambda s: s.worker.kill(), lambda s: s.worker.start()),
    Scenario("worker: TERM", lambda s: s.worker.terminate(), lambda s: s.worker.start()),
    Scenario("worker: hangs", lambda s: s.worker.pause(), lambda s: s.worker.resume()),
    Scenario("scheduler: kill -9", lambda s: s.beat.kill(), lambda s: s.beat.start()),
    Scenario("scheduler: hangs", lambda s: s.beat.pause(), lambda s: s.beat.resume()),
    Scenario(
        "Postgres: kill -9", lambda s: s.postgres.kill(), lambda s: s.postgres.start(), WITHOUT_DATABASE
    ),
    Scenario(
        "Postgres: restart", lambda s: s.postgres.terminate(), lambda s: s.postgres.start(), WITHOUT_DATABASE
    ),
    Scenario(
        "Postgres: hangs", lambda s: s.postgres.pause(), lambda s: s.postgres.resume(), WITHOUT_DATABASE
    ),
    Scenario("Postgres: disconnects", lambda s: s.postgres.disconnect(), lambda s: None, WITHOUT_DATABASE),
    Scenario("Redis: kill -9", lambda s: s.valkey.kill(), lambda s: s.valkey.start(), WITHOUT_REDIS, 3.0),
    Scenario(
        "Redis: restart", lambda s: s.valkey.terminate(), lambda s: s.valkey.start(), WITHOUT_REDIS, 3.0
    ),
    Scenario("Redis: hangs", lambda s: s.valkey.pause(), lambda s: s.valkey.resume(), WITHOUT_REDIS, 6.0),
    Scenario("Redis: disconnects", lambda s: s.valkey.disconnect(), lambda s: None, WITHOUT_REDIS, 3.0),
    Scenario("Redis: flush", lambda s: s.valkey.flush(), lambda s: None),
]


def run(stack: Stack, scenario: Scenario) -> tuple[Result, Load]:
    """Run one outage under load."""
    stack.restore()
    out = stack.folder / f"tasks-{uuid.uuid4().hex}"
    remind = call("/outage/remind", path=str(out), line="ran")
    kinds: list[str | tuple[str, Kind]] = [
        *KINDS,
        ("slow", call("/slow/wait", seconds=1.0)),
        ("remind", remind),
    ]
    result = Result(scenario)
    with Listener(stack.web.socket) as listener, stack.load(*kinds, per_second=3) as load:
        time.sleep(BEFORE_SECONDS)
        begun = time.monotonic()
        scenario.act(stack)
        time.sleep(OUTAGE_SECONDS)
        scenario.undo(stack)
        back = time.monotonic()
        time.sleep(AFTER_SECONDS)
    _judge(result, load, begun, back)
    if not scenario.name.startswith("web"):  # clients reopen their streams themselves
        result.messages = listener.first_after(back)
        if result.messages is None or result.messages > 5:
            result.broken.append("a stream that stayed open hears no messages")
    _wait_for_tasks(result, load, stack, out)
    return result, load


def _judge(result: Result, load: Load, begun: float, back: float) -> None:
    scenario = result.scenario
    result.calls, result.failed = len(load.outcomes), len(load.failures())
    result.slowest = load.slowest()
    result.recovered = load.last_failure(back)
    for kind in sorted(scenario.keeps):
        if failures := load.failures(kind):
            result.broken.append(f"{kind}: {len(failures)} failed ({failures[0].error[:80]})")
    late = load.failures(begun_after=back + scenario.recovers)
    if late:
        first = f"{late[0].kind} {late[0].error[:80]}"
        result.broken.append(
            f"{len(late)} failed later than {scenario.recovers:g} s after the return: {first}"
        )
    if scenario.finishes:
        cut = [each for each in load.failures() if each.begun < begun]
        if cut:
            result.broken.append(f"{len(cut)} calls were cut off: {cut[0].kind} {cut[0].error[:80]}")


def _wait_for_tasks(result: Result, load: Load, stack: Stack, out: object) -> None:
    """Every call whose schedule() succeeded runs once. A call whose schedule() was not answered may run as well."""
    answered = sum(each.kind == "remind" and not each.error for each in load.outcomes)
    asked = sum(each.kind == "remind" for each in load.outcomes)
    path = stack.folder / str(out)

    def count() -> int:
        return len(path.read_text().splitlines()) if path.exists() else 0

    try:
        result.tasks = wait_until(lambda: count() >= answered, TASK_SECONDS)
    except AssertionError:
        result.broken.append(f"{answered - count()} of {answered} scheduled calls have not run")
    if count() > asked:
        result.broken.append(f"{count() - asked} scheduled calls ran twice")


class Listener:
    """An open stream that receives the load's messages. Arrival times are by time.monotonic()."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.arrivals: list[float] = []
        self._ready = threading.Event()
        self._stop: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def first_after(self, moment: float) -> float | None:
        """Seconds from a moment to the next message; None if there was none."""
        later = [each - moment for each in self.arrivals if each >= moment]
        return later[0] if later else None

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(30)
        return self

    def __exit__(self, *error: object) -> None:
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    async def _run(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        reading = asyncio.create_task(self._read())
        stopping = asyncio.create_task(self._stop.wait())
        await asyncio.wait([reading, stopping], return_when=asyncio.FIRST_COMPLETED)
        await stopping
        reading.cancel()
        await asyncio.wait([reading])  # else asyncio.run cancels it again while it closes its socket

    async def _read(self) -> None:
        head = {"en": "outage", "m": "listen", "cid": str(uuid.uuid4())}
        opening = {**head, "args": json.dumps({"room": "load"}), "is": []}
        try:
            async with websockets.connect(
                self.url, proxy=None, ping_interval=None, close_timeout=CLOSE_SECONDS
            ) as connection:
                await connection.send(json.dumps({"type": "omsc", "data": opening}))
                async for text in connection:
                    frame = json.loads(text)
                    if frame["type"] == "ping":
                        await connection.send('{"type":"pong"}')
                    elif frame["type"] == "msm":
                        self._ready.set()
                        self.arrivals.append(time.monotonic())
        except (OSError, websockets.WebSocketException):
            return  # the server has gone; unlike real clients, this one does not reconnect


def readiness(stack: Stack) -> str:
    return str(httpx.get(f"{stack.web.url}/readyz", timeout=30).json()["status"])
