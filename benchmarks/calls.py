"""How fast calls and pages are, as ratios to peers that are measured in the same run.

empty/starlette    an endpoint's method that returns at once, to a bare Starlette route that does the same
page/django-asgi   a page of Django, served on threads beside the calls, to the same through Django's own ASGI handler

Run it: .venv/bin/python -m benchmarks.calls    (in development: python3 manage.py dev runs the database it needs)
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from contextlib import ExitStack

from benchmarks.servers import Request, median_ratio, requests_per_second, served

HELLO = Request("/greeting/hello", '{"name": "World"}')
PAGE = Request("/livez")
QUIET = {"LOG_LEVEL": "ERROR"}


def measure(rounds: int, seconds: int, workers: int) -> dict[str, dict[str, list[float]]]:
    """Requests per second of each pair, in turn, so that a busy moment of the machine meets both."""
    results: dict[str, dict[str, list[float]]] = {}
    with ExitStack() as stack:
        podium = stack.enter_context(served("config.asgi:application", workers=workers, environment=QUIET))
        starlette = stack.enter_context(served("benchmarks.peers:starlette", workers=workers))
        django = stack.enter_context(served("benchmarks.peers:django", workers=workers, environment=QUIET))
        pairs = {"empty/starlette": (HELLO, starlette), "page/django-asgi": (PAGE, django)}
        for number in range(rounds):
            for name, (request, peer) in pairs.items():
                figures = results.setdefault(name, {"podium": [], "peer": []})
                figures["podium"].append(requests_per_second(podium, request, seconds))
                figures["peer"].append(requests_per_second(peer, request, seconds))
                print(f"round {number + 1} of {rounds}: {name}", file=sys.stderr)
    return results


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--rounds", type=int, default=5, help="rounds, of which the median counts (%(default)s)"
    )
    parser.add_argument(
        "--seconds", type=int, default=3, help="seconds of load per measurement (%(default)s)"
    )
    parser.add_argument("--workers", type=int, default=2, help="server processes of each side (%(default)s)")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    options = parser.parse_args()
    results = measure(options.rounds, options.seconds, options.workers)
    ratios = {name: round(median_ratio(each["podium"], each["peer"]), 2) for name, each in results.items()}
    if options.format == "json":
        print(json.dumps({"ratios": ratios}))
        return
    for name, each in results.items():
        ours, theirs = statistics.median(each["podium"]), statistics.median(each["peer"])
        print(f"{name:18} {ratios[name]:6.2f}   ({ours:,.0f} to {theirs:,.0f} requests/s)")


if __name__ == "__main__":
    main()
