"""The speed of calls and pages, as ratios to peers measured in the same run.

empty/starlette    an endpoint's method that returns at once, compared with a bare Starlette route
row/fastapi        a signed-in user reads one row by its key on the event loop, compared with FastAPI and asyncpg
row/parse          the same compared with Parse Server: an object by its id, with a session token
orm/parse          the same in a sync method with Django's plain ORM, compared with Parse Server
list/fastapi       fifty rows
echo/fastapi       an object of fifty fields is received and returned
page/django-asgi   a page of Django, on threads beside the calls, compared with Django's own ASGI handler

Run it: .venv/bin/python -m benchmarks.calls
It needs DATABASE_URL, REDIS_URL and SECRET_KEY, and creates its own databases beside that of DATABASE_URL.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field

from benchmarks import installed, parse
from benchmarks.prepare import Prepared, prepare
from benchmarks.servers import Load, Request, load, served
from benchmarks.wide import SAMPLE
from podium.server.web import HTTP


@dataclass
class Pair:
    """One comparison: Podium's and the peer's address and request, and their results, round by round."""

    ours: tuple[str, Request]
    peers: tuple[str, Request]
    our_loads: list[Load] = field(default_factory=list)
    peer_loads: list[Load] = field(default_factory=list)

    def measure(self, seconds: int) -> None:
        """Load both in turn, so that a busy moment of the machine affects both."""
        self.our_loads.append(load(*self.ours, seconds))
        self.peer_loads.append(load(*self.peers, seconds))

    def figures(self) -> dict[str, float]:
        """Medians: requests per second and 99th percentile in ms, and their ratios."""
        ours, peers = _median(self.our_loads), _median(self.peer_loads)
        return {
            "ratio": round(ours.per_second / peers.per_second, 2),
            "p99_ratio": round(ours.p99 / peers.p99, 2),
            "ours": round(ours.per_second),
            "peer": round(peers.per_second),
            "our_p99_ms": round(ours.p99 * 1000, 2),
            "peer_p99_ms": round(peers.p99 * 1000, 2),
        }


def _median(loads: list[Load]) -> Load:
    return Load(
        statistics.median(each.per_second for each in loads), statistics.median(each.p99 for each in loads)
    )


def measure(*, rounds: int, seconds: int, workers: int, with_parse: bool) -> dict[str, dict[str, float]]:
    prepared = prepare()
    with ExitStack() as stack:
        pairs = _pairs(stack, prepared, workers, with_parse)
        for pair in pairs.values():  # warm up: work of first requests is not measured
            load(*pair.ours, 1)
            load(*pair.peers, 1)
        for number in range(rounds):
            for name, pair in pairs.items():
                pair.measure(seconds)
                print(f"round {number + 1} of {rounds}: {name}", file=sys.stderr)
    return {name: pair.figures() for name, pair in pairs.items()}


def _pairs(stack: ExitStack, prepared: Prepared, workers: int, with_parse: bool) -> dict[str, Pair]:
    environment = prepared.environment
    for_fastapi = {
        **environment,
        "PYTHONPATH": str(installed.python_packages()),
        "BENCHMARK_TOKEN": prepared.token,
    }
    podium = stack.enter_context(
        served("config.asgi:application", *HTTP, workers=workers, environment=environment)
    )
    starlette = stack.enter_context(served("benchmarks.peers:starlette", workers=workers))
    django = stack.enter_context(
        served("benchmarks.peers:django", workers=workers, environment=environment, factory=True)
    )
    fastapi = stack.enter_context(
        served("benchmarks.peers:fastapi", workers=workers, environment=for_fastapi, factory=True)
    )

    def signed_in(method: str, arguments: object) -> Request:
        token = (("Authorization", f"Bearer {prepared.token}"),)
        return Request(f"/benchmark/{method}", json.dumps(arguments), token)

    hello, page = Request("/greeting/hello", '{"name": "World"}'), Request("/livez")
    row, orm = signed_in("row", {"id": prepared.note}), signed_in("orm", {"id": prepared.note})
    rows, echo = signed_in("rows", {}), signed_in("echo", {"wide": SAMPLE})
    pairs = {
        "empty/starlette": Pair((podium, hello), (starlette, hello)),
        "row/fastapi": Pair((podium, row), (fastapi, row)),
        "list/fastapi": Pair((podium, rows), (fastapi, rows)),
        "echo/fastapi": Pair((podium, echo), (fastapi, echo)),
        "page/django-asgi": Pair((podium, page), (django, page)),
    }
    if with_parse:
        peer = stack.enter_context(parse.served(workers))
        pairs["row/parse"] = Pair((podium, row), (peer.url, peer.row))
        pairs["orm/parse"] = Pair((podium, orm), (peer.url, peer.row))
    return pairs


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5, help="rounds; the median is reported (%(default)s)")
    parser.add_argument(
        "--seconds", type=int, default=3, help="seconds of load per measurement (%(default)s)"
    )
    parser.add_argument("--workers", type=int, default=2, help="server processes of each side (%(default)s)")
    parser.add_argument(
        "--without-parse", action="store_true", help="leave out Parse Server, which needs Node"
    )
    parser.add_argument("--format", choices=["text", "json"], default="text")
    options = parser.parse_args()
    results = measure(
        rounds=options.rounds,
        seconds=options.seconds,
        workers=options.workers,
        with_parse=not options.without_parse,
    )
    if options.format == "json":
        print(
            json.dumps(
                {"ratios": {name: each["ratio"] for name, each in results.items()}, "medians": results}
            )
        )
        return
    for name, each in results.items():
        print(
            f"{name:18} {each['ratio']:6.2f}   ({each['ours']:,.0f} to {each['peer']:,.0f} requests/s, "
            f"99th percentile {each['our_p99_ms']} to {each['peer_p99_ms']} ms)"
        )


if __name__ == "__main__":
    main()
