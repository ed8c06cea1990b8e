"""The cost of open streams, and the speed of a message to many readers, as ratios to peers in the same run.

fanout/websockets  messages a second to all streams of one process, compared with a bare `websockets` server
fanout/channels    the same compared with Channels groups on Redis
loop/websockets    like the first, with a method that yields each message instead of one that returns a relay
microseconds       of the server's processor time for each message that a reader received
kilobytes          of the server's memory for each open stream: one on a socket of its own, and ten on each socket

Run it: .venv/bin/python -m benchmarks.streams
It needs DATABASE_URL, REDIS_URL and SECRET_KEY, and creates its own database beside that of DATABASE_URL.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import statistics
import sys
import time
import uuid
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from benchmarks import installed
from benchmarks.prepare import Prepared, prepare
from benchmarks.servers import Server, free_port, running, uvicorn
from podium.server.web import HTTP, WEBSOCKETS

TEXT = "What there is to say. " * 5
SECONDS = 60  # timeout of every step
HEARD_SECONDS = 10  # timeout of one message to all readers
PINGS_OFF = ["--ws-ping-interval", "3600"]


class Socket(asyncio.Protocol):
    """A WebSocket client that only counts received bytes, so that its cost does not hide the server's."""

    def __init__(self, host: str, path: str) -> None:
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        ).encode()
        self._awaited: tuple[int, asyncio.Future[None]] | None = None
        self._head = b""
        self._is_open = False
        self.received = 0
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if not self._is_open:
            self._head += data
            if b"\r\n\r\n" not in self._head:
                return
            head, _, data = self._head.partition(b"\r\n\r\n")
            if b" 101 " not in head:
                self.opened.set_exception(RuntimeError(f"no WebSocket: {head[:200]!r}"))
                return
            self._is_open = True
            self.opened.set_result(None)
        self.received += len(data)
        if self._awaited and self.received >= self._awaited[0] and not self._awaited[1].done():
            self._awaited[1].set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        if self._awaited and not self._awaited[1].done():
            self._awaited[1].set_exception(ConnectionError(f"the server closed a socket: {error}"))

    def reach(self, count: int) -> asyncio.Future[None]:
        """A future that is done after `count` received bytes in total."""
        reached: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self.received >= count:
            reached.set_result(None)
        self._awaited = (count, reached)
        return reached

    def send(self, text: str) -> None:
        """A frame, masked as clients must (RFC 6455 5.3); with a mask of zeros the text stays unchanged."""
        payload = text.encode()
        length = (
            bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
        )
        self.transport.write(b"\x81" + length + bytes(4) + payload)


async def connect(url: str, path: str) -> Socket:
    parts = urlsplit(url)
    _, socket = await asyncio.get_running_loop().create_connection(
        lambda: Socket(parts.netloc, path), parts.hostname or "", parts.port or 80
    )
    await asyncio.wait_for(socket.opened, SECONDS)
    return socket


def opening(token: str, room: str, method: str = "relay") -> str:
    """The frame that opens a stream on Podium."""
    data = {
        **{"en": "benchmark", "m": method, "cid": str(uuid.uuid4()), "is": []},
        **{"args": json.dumps({"room": room}), "auth": f"Bearer {token}"},
    }
    return json.dumps({"type": "omsc", "data": data})


async def streams(url: str, frame: Callable[[], str], sockets: int, each: int) -> list[Socket]:
    """Open `each` streams on each of `sockets` sockets; returns once the server has answered all."""
    made = []
    for number in range(sockets):
        socket = await connect(url, "/v1/websocket")
        for _ in range(each):
            before = socket.received
            socket.send(frame())
            await asyncio.wait_for(socket.reach(before + 1), SECONDS)
        made.append(socket)
        if number % 500 == 499:
            print(f"  {(number + 1) * each:,} streams", file=sys.stderr)
    return made


# Memory ---------------------------------------------------------------------------------------------------------------


def memory(prepared: Prepared, *, sockets: int, each: int) -> float:
    """Kilobytes (1,024 bytes) of one server process for each open stream."""
    print(f"memory: {each} on each of {sockets:,} sockets", file=sys.stderr)
    port = free_port()
    with running(
        uvicorn("config.asgi:application", port, *PINGS_OFF, *HTTP, *WEBSOCKETS), port, prepared.environment
    ) as server:

        async def run() -> float:
            warm = await streams(server.url, lambda: opening(prepared.token, "warm"), 50, 1)
            for socket in warm:
                socket.transport.close()
            await asyncio.sleep(1)
            before = resident(server)
            made = await streams(server.url, lambda: opening(prepared.token, "room"), sockets, each)
            await asyncio.sleep(1)
            after = resident(server)
            for socket in made:
                socket.transport.close()
            kilobytes = (after - before) / (sockets * each)
            print(f"  {kilobytes:.1f} KB a stream", file=sys.stderr)
            return kilobytes

        return asyncio.run(run())


def resident(server: Server) -> int:
    """The resident memory of a process in kilobytes (Linux)."""
    for line in Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise SystemExit("/proc has no memory figures; this benchmark needs Linux.")


# Fan-out --------------------------------------------------------------------------------------------------------------


class FanOut:
    """Sockets at a server, and the function that makes it send messages to all of them."""

    def __init__(
        self, server: Server, readers: list[Socket], publish: Callable[[int], Awaitable[None]]
    ) -> None:
        self._process = psutil.Process(server.process.pid)
        self._readers = readers
        self._publish = publish
        self._size = 0
        self._rates: list[float] = []
        self._costs: list[float] = []

    @property
    def rate(self) -> float:
        """Messages a second, the median."""
        return statistics.median(self._rates)

    @property
    def cost(self) -> float:
        """Microseconds of processor time for a message to one reader, the median."""
        return statistics.median(self._costs)

    async def warm_up(self) -> None:
        """Find the size of one message on the wire. Streams are answered before they listen: repeat until all do."""
        for _ in range(SECONDS // HEARD_SECONDS):
            before = [reader.received for reader in self._readers]
            arrived = [reader.reach(reader.received + len(TEXT)) for reader in self._readers]
            await self._publish(1)
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.gather(*arrived), HEARD_SECONDS)
            await asyncio.sleep(0.5)  # for the rest of a frame, and late ones
            sizes = {reader.received - was for reader, was in zip(self._readers, before, strict=True)}
            if len(sizes) == 1 and 0 not in sizes:
                self._size = sizes.pop()
                return
        raise SystemExit(f"Not all readers have received a message within {SECONDS} s.")

    async def measure(self, messages: int) -> None:
        """Send messages, and wait until all readers have all."""
        arrived = [reader.reach(reader.received + messages * self._size) for reader in self._readers]
        begun, worked = time.perf_counter(), self._worked()
        await self._publish(messages)
        await asyncio.wait_for(asyncio.gather(*arrived), SECONDS)
        self._rates.append(messages / (time.perf_counter() - begun))
        self._costs.append((self._worked() - worked) / messages / len(self._readers) * 1e6)

    def _worked(self) -> float:
        """Seconds of processor time that the server has used."""
        times = self._process.cpu_times()
        return times.user + times.system


async def of_podium(server: Server, token: str, method: str, readers: int) -> FanOut:
    room = f"room of {method}"
    sockets = await streams(server.url, lambda: opening(token, room, method), readers, 1)
    parts = urlsplit(server.url)

    async def publish(count: int) -> None:
        body = json.dumps({"room": room, "text": TEXT, "count": count})
        _, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(
            f"POST /benchmark/publish HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: {len(body)}\r\n"
            f"Authorization: Bearer {token}\r\nConnection: close\r\n\r\n{body}".encode()
        )

    return FanOut(server, sockets, publish)


async def of_peer(server: Server, readers: int) -> FanOut:
    sockets = [await connect(server.url, "/") for _ in range(readers)]

    async def publish(count: int) -> None:
        sockets[0].send(f"publish {count}")

    return FanOut(server, sockets, publish)


def fan_out(prepared: Prepared, *, readers: int, messages: int, rounds: int) -> dict[str, FanOut]:
    """Measure each server, in turn in every round; results by name."""
    message = json.dumps(  # as long as Podium's frame, with its head
        {
            "type": "msm",
            "data": {**json.loads(opening("", ""))["data"], "o": {"className": "String", "data": TEXT}},
        }
    )
    environment = {
        **prepared.environment,
        "BENCHMARK_MESSAGE": message,
        "PYTHONPATH": str(installed.python_packages()),
    }
    with ExitStack() as stack:

        def run_on_a_port(command: Callable[[int], list[str]]) -> Server:
            port = free_port()
            return stack.enter_context(running(command(port), port, environment))

        podium = run_on_a_port(
            lambda port: uvicorn("config.asgi:application", port, *PINGS_OFF, *HTTP, *WEBSOCKETS)
        )
        bare = run_on_a_port(lambda port: [sys.executable, "-m", "benchmarks.stream_peers", str(port)])
        channels = run_on_a_port(
            lambda port: uvicorn("benchmarks.stream_peers:channels", port, "--factory", *PINGS_OFF)
        )

        async def run() -> dict[str, FanOut]:
            pairs = {
                "fanout": await of_podium(podium, prepared.token, "relay", readers),
                "loop": await of_podium(podium, prepared.token, "listen", readers),
                "websockets": await of_peer(bare, readers),
                "channels": await of_peer(channels, readers),
            }
            for each in pairs.values():
                await each.warm_up()
            for number in range(rounds):
                for name, each in pairs.items():
                    await each.measure(messages)
                    print(f"round {number + 1} of {rounds}: {name}", file=sys.stderr)
            return pairs

        return asyncio.run(run())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--streams", type=int, default=5000, help="open streams for the memory measurement (%(default)s)"
    )
    parser.add_argument(
        "--readers", type=int, default=1000, help="streams that receive each message (%(default)s)"
    )
    parser.add_argument("--messages", type=int, default=50, help="messages in one measurement (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds; the median is reported (%(default)s)")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    options = parser.parse_args()
    import uvloop

    uvloop.install()
    prepared = prepare()
    kilobytes = {
        "own_socket": round(memory(prepared, sockets=options.streams, each=1), 1),
        "ten_on_a_socket": round(memory(prepared, sockets=options.streams // 10, each=10), 1),
    }
    found = fan_out(prepared, readers=options.readers, messages=options.messages, rounds=options.rounds)
    rates = {name: each.rate for name, each in found.items()}
    costs = {name: round(each.cost, 1) for name, each in found.items()}
    pairs = [("fanout", "websockets"), ("fanout", "channels"), ("loop", "websockets")]
    ratios = {f"{one}/{other}": round(rates[one] / rates[other], 2) for one, other in pairs}
    if options.format == "json":
        figures = {"messages_per_second": rates, "microseconds": costs, "kilobytes": kilobytes}
        print(json.dumps({"ratios": ratios, **figures}))
        return
    for name, size in kilobytes.items():
        print(f"{name:18} {size:6.1f} KB a stream, {options.streams:,} open")
    for (one, other), ratio in zip(pairs, ratios.values(), strict=True):
        print(
            f"{one + '/' + other:18} {ratio:6.2f}   ({rates[one]:,.1f} to {rates[other]:,.1f} messages/s to"
            f" {options.readers:,} readers; {costs[one]:.1f} to {costs[other]:.1f} µs of processor time each)"
        )


if __name__ == "__main__":
    main()
