"""Kill, pause and disconnect every component under load. Print the failures and the time until everything worked again.

    python -m tests.outages              # all, about ten minutes
    python -m tests.outages Redis        # those whose name contains a word
    python -m tests.outages -v Postgres  # with a line for each kind of call

It starts a separate installation in a temporary folder. Exit status 1: a promise of
docs/explanation/reliability.md is broken.
"""

from __future__ import annotations

import argparse
import sys

from tests.outages import scenarios
from tests.outages.stack import Stack


def main() -> int:
    words = argparse.ArgumentParser(prog="python -m tests.outages", description=__doc__.splitlines()[0])
    words.add_argument("part", nargs="?", default="", help="run the outages whose name contains this")
    words.add_argument("-v", "--verbose", action="store_true", help="a line for each kind of call")
    given = words.parse_args()
    chosen = [each for each in scenarios.SCENARIOS if given.part.lower() in each.name.lower()]
    say = sys.stdout.write
    say("Starting Postgres, Valkey, web server, worker and scheduler ...\n")
    broken = 0
    with Stack() as stack:
        say(scenarios.HEAD + "\n")
        for scenario in chosen:
            result, load = scenarios.run(stack, scenario)
            broken += bool(result.broken)
            say(result.row + "\n")
            if given.verbose:
                say(load.summary() + "\n\n")
            sys.stdout.flush()
    say(f"{len(chosen) - broken} of {len(chosen)} promises held\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
