"""The command: run each part with data in the corpus, print disagreements, exit 1 below the figures."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from podium.dev import paths, services
from tests.conformance.corpus import Corpus
from tests.conformance.parts import PARTS
from tests.conformance.result import Result


def main(argv: list[str] | None = None) -> int:
    """Run the command. 0: every part reaches its figure; 1: one is below; 2: nothing to compare."""
    parser = argparse.ArgumentParser(prog="python3 -m tests.conformance", description=__doc__)
    parser.add_argument("corpus", type=Path, help="a folder laid out like the corpus")
    parser.add_argument("--only", default="", metavar="PROJECT", help="one project only")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    options = parser.parse_args(argv)
    corpus = Corpus(options.corpus, options.only)
    results = [result for part in PARTS if (result := part(corpus))]
    if not any(result.total or result.notes for result in results):
        sys.stderr.write(f"{options.corpus}: no projects and no validation cases here\n")
        return 2
    if options.format == "json":
        sys.stdout.write(
            json.dumps([asdict(one) | {"passed": one.passed} for one in results], indent=2) + "\n"
        )
    else:
        for result in results:
            sys.stdout.write(_text(result))
    return 0 if all(result.passed for result in results) else 1


def _text(result: Result) -> str:
    lines = [f"    {line}\n" for line in (*result.disagreements, *result.notes)]
    if not result.total:
        return "".join(lines) + f"{result.part:4} {result.title}: not run\n"
    verdict = "ok" if result.passed else f"BELOW {result.wanted}"
    return "".join(lines) + f"{result.part:4} {result.title}: {result.agree} of {result.total}  {verdict}\n"


@contextmanager
def a_database() -> Iterator[None]:
    """The Postgres of DATABASE_URL; default: the private Postgres of development, while the block runs."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    with services.running():
        os.environ["DATABASE_URL"] = paths.database_url()
        yield


if __name__ == "__main__":
    with a_database():
        sys.exit(main())
