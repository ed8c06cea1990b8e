"""Measure the cost of Postgres outages: failures of each kind of call, and the last failure after Postgres is back.

Run it: .venv/bin/python -m tests.outages.postgres [disconnect outage restart pause ...] [--seconds 70]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

import httpx

from tests.outages.load import CALL_SECONDS, Load
from tests.outages.stack import Stack

KINDS = ("empty", "read_sync", "read_async", "read_fast", "write", "signed_in", "page", "stream", "readyz")
BEFORE_SECONDS, AFTER_SECONDS = 3, 8
DISCONNECTIONS = 10


def disconnect(stack: Stack, seconds: float) -> None:
    """pg_terminate_backend on all connections, ten times, each after reads were answered again."""
    for _ in range(DISCONNECTIONS):
        stack.postgres.disconnect()
        time.sleep(0.3)
        for path in ("readSync", "readAsync", "readFast"):
            httpx.post(f"{stack.web.url}/outage/{path}", timeout=CALL_SECONDS)


def outage(stack: Stack, seconds: float) -> None:
    """Kill it, and start it again later."""
    stack.postgres.kill()
    time.sleep(seconds)
    stack.postgres.start()


def restart(stack: Stack, seconds: float) -> None:
    """An orderly restart ("fast")."""
    stack.postgres.restart()


def immediate(stack: Stack, seconds: float) -> None:
    """Kill it and start it at once."""
    stack.postgres.kill()
    stack.postgres.start()


def pause(stack: Stack, seconds: float) -> None:
    """SIGSTOP: connections stay open, but nothing answers."""
    stack.postgres.pause()
    time.sleep(seconds)
    stack.postgres.resume()


FAULTS: dict[str, Callable[[Stack, float], None]] = {
    each.__name__: each for each in (disconnect, outage, restart, immediate, pause)
}


def measure(stack: Stack, fault: str, *, seconds: float, per_second: float) -> tuple[Load, float]:
    """Load the stack, cause a fault, and continue. Return the load and the moment when Postgres was back."""
    with stack.load(*KINDS, per_second=per_second) as load:
        time.sleep(BEFORE_SECONDS)
        FAULTS[fault](stack, seconds)
        back = time.monotonic()
        time.sleep(AFTER_SECONDS if seconds < 30 else 60)
    return load, back


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faults", nargs="*", default=list(FAULTS), help="which (%(default)s)")
    parser.add_argument("--seconds", type=float, default=15, help="duration of the outage (%(default)s)")
    parser.add_argument("--rate", type=float, default=10, help="calls of each kind per second (%(default)s)")
    options = parser.parse_args()
    with Stack(workers=0, beats=0) as stack:
        for fault in options.faults:
            load, back = measure(stack, fault, seconds=options.seconds, per_second=options.rate)
            description = " ".join((FAULTS[fault].__doc__ or "").split())
            sys.stdout.write(f"\n{fault}: {description}\n{load.summary(back)}\n")
            sys.stdout.flush()
            stack.restore()


if __name__ == "__main__":
    main()
