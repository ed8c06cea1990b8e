"""Serverpod's end-to-end suite on a Dart VM, against a test server of its own.

    python3 -m tests.dart.end_to_end --packages FOLDER --suite FOLDER

packages: the sources of the Dart packages, a folder for each, or the package_config.json of `dart pub get`. suite:
tests/serverpod_test_server/test_e2e in Serverpod's repository; the test projects beside it are used.

The table in docs/reference/compatibility.md lists the failing tests and the reasons.
Exits with 1 if another one fails, or one of these passes.
"""

from __future__ import annotations

import argparse
import fnmatch
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.dart import known, packages, suite, vm
from tests.dart.suite import Outcome
from tests.testserver import build
from tests.testserver.running import NotStarted, fresh

ERROR_LINES = 6
"""Lines of a failed test's error that are shown; a stack trace follows."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the suite. 0: as in the table; 1: different; 2: it can't run."""
    options = _parser().parse_args(argv)
    listed = known.read()
    not_run = [each.file for each in listed if each.test == known.ALL]
    tests = suite.load(options.suite, packages.true(options.packages), not_run)
    if not tests.files:
        return _refused(f"{options.suite}: there are no tests here")
    for file, names in suite.lacking(tests).items():
        return _refused(
            f"{file} needs the package {', '.join(sorted(names))}: put it into {options.packages}"
        )
    if not (options.server or build.is_possible()):
        return _refused(build.MISSING)
    try:
        with tempfile.TemporaryDirectory() as work, _server(options.server) as host:
            if options.client == "podium":
                tests = suite.with_our_client(tests, Path(work))
            command = suite.compile(tests, host, Path(work))
            outcomes = [
                each for file in fnmatch.filter(tests.files, options.only) for each in _run(command, file)
            ]
    except (suite.CannotCompile, vm.MissingVM, NotStarted) as error:
        return _refused(str(error))
    surprises = compared(outcomes, listed)
    passed = sum(not each.error for each in outcomes)
    sys.stdout.write("".join(f"{line}\n" for line in surprises))
    sys.stdout.write(f"{passed} of {len(outcomes)} tests pass, {len(surprises)} differ from the table\n")
    return 1 if surprises else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m tests.dart.end_to_end",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--packages", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--suite", type=Path, required=True, metavar="FOLDER")
    parser.add_argument(
        "--client",
        choices=["serverpod", "podium"],
        default="serverpod",
        help="whose generated client (%(default)s)",
    )
    parser.add_argument("--only", default="*", metavar="GLOB", help="the files to run, e.g. 'set_*'")
    parser.add_argument(
        "--server", default="", metavar="URL", help="a running test server, instead of a new one"
    )
    return parser


@contextmanager
def _server(given: str) -> Iterator[str]:
    if given:
        yield given
        return
    with fresh() as host:
        yield host


def _run(command: Sequence[str], file: str) -> list[Outcome]:
    began = time.monotonic()
    outcomes = suite.run(command, file)
    passed = sum(not each.error for each in outcomes)
    sys.stdout.write(f"{passed:4} of {len(outcomes):3} {time.monotonic() - began:6.1f} s  {file}\n")
    for each in outcomes:
        if each.error:
            said = "".join(f"         {line}\n" for line in each.error.splitlines()[:ERROR_LINES])
            sys.stdout.write(f"     {each.test}\n{said}")
    sys.stdout.flush()
    return outcomes


def compared(outcomes: Sequence[Outcome], listed: Sequence[known.Known]) -> list[str]:
    """Differences from the table: tests that fail and are not listed, listed ones that pass or do not exist."""
    files = {each.file for each in outcomes}
    expected = {(each.file, each.test) for each in listed if each.file in files and each.test != known.ALL}
    failed = {(each.file, each.test) for each in outcomes if each.error}
    seen = {(each.file, each.test) for each in outcomes}
    return [
        *(f"fails and is not in the table: {file}: {test}" for file, test in sorted(failed - expected)),
        *(f"is in the table and passes: {file}: {test}" for file, test in sorted(expected & seen - failed)),
        *(f"is in the table and not in the suite: {file}: {test}" for file, test in sorted(expected - seen)),
    ]


def _refused(message: str) -> int:
    sys.stderr.write(f"{message}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
