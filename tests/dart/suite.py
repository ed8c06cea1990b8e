"""Serverpod's end-to-end suite as one Dart program, and its report.

The test files are compiled as they are. In their package only `test_util/config.dart` is replaced,
since it holds the server's address.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.dart import imports, packages, vm
from tests.testserver import build

FILE_SECONDS = 600
"""The timeout of one test file; package:test ends a single test after 30 seconds."""
SERVER_STAND_IN = Path(__file__).parent / "server_stand_in"


class CannotCompile(Exception):
    """The suite can't be compiled."""


@dataclass(frozen=True)
class Outcome:
    """A test and its result. error: "" if it passed."""

    file: str
    test: str
    error: str


@dataclass(frozen=True)
class Suite:
    """The test files below `folder` by their relative path, and the packages they are compiled with."""

    folder: Path
    packages: Mapping[str, Path]
    files: Sequence[str]


def load(folder: Path, given: Mapping[str, Path], without: Iterable[str]) -> Suite:
    """The suite in this folder.

    given    packages by name; packages of the test projects beside the suite are found automatically
    without  files that are not run
    """
    around = packages.found([folder.resolve().parent.parent], depth=3)
    own = {packages.name(SERVER_STAND_IN / "pubspec.yaml"): SERVER_STAND_IN}
    paths = sorted(str(file.relative_to(folder)) for file in folder.rglob("*_test.dart"))
    skipped = set(without)
    return Suite(
        folder.resolve(), {**given, **around, **own}, [path for path in paths if path not in skipped]
    )


def with_our_client(suite: Suite, work: Path) -> Suite:
    """The suite with the client that Podium generates. The library that exports it stays, since it is hand-written."""
    name = f"{build.NAME}_client"
    client, library = work / name, Path("lib") / f"{name}.dart"
    subprocess.run(
        [sys.executable, "-m", "tests.testserver", "--target", "dart", "--out", client],
        cwd=build.PROJECT,
        check=True,
    )
    shutil.copy(suite.packages[name] / library, client / library)
    return replace(suite, packages={**suite.packages, name: client})


def lacking(suite: Suite) -> dict[str, set[str]]:
    """The files that can't be compiled, with the packages they lack."""
    found = {file: imports.missing(suite.folder / file, suite.packages) for file in suite.files}
    return {file: names for file, names in found.items() if names}


def compile(suite: Suite, host: str, work: Path) -> list[str]:
    """Compile all files into one program against this host; return its command, to be completed with a file's name.

    Raises CannotCompile with the compiler's messages, MissingVM.
    """
    project = suite.folder.parent
    name = packages.name(project / "pubspec.yaml")
    configuration = packages.write(
        {**suite.packages, name: _addressed(project, host, work / name)}, work / "packages.json"
    )
    (work / "main.dart").write_text(_program(suite), "utf-8")
    # Set-ups of the suite call the server inside assert().
    command = [*vm.command(), "--enable-asserts", f"--packages={configuration}"]
    done = subprocess.run(
        [*command, "--snapshot-kind=kernel", f"--snapshot={work / 'main.dill'}", work / "main.dart"],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotCompile(done.stdout + done.stderr)
    return [*command, str(work / "main.dill")]


def run(command: Sequence[str], file: str) -> list[Outcome]:
    """Run one file's tests. Raises RuntimeError if it reports none."""
    done = subprocess.run([*command, file], capture_output=True, text=True, timeout=FILE_SECONDS, check=False)
    outcomes = list(outcomes_of(file, done.stdout))
    if not outcomes:
        raise RuntimeError(f"{file}: no test was reported\n{done.stdout}{done.stderr}")
    return outcomes


def outcomes_of(file: str, report: str) -> Iterator[Outcome]:
    """The tests in package:test's JSON report. Set-ups and tear-downs count if they fail."""
    running: dict[int, str] = {}
    errors: dict[int, list[str]] = {}
    for line in report.splitlines():
        if not line.startswith('{"'):
            continue  # printed by a test
        event = json.loads(line)
        if event["type"] == "testStart":
            running[event["test"]["id"]] = event["test"]["name"]
        elif event["type"] == "error":
            errors.setdefault(event["testID"], []).append(event["error"].strip())
        elif event["type"] == "testDone":
            name, passed = running.pop(event["testID"]), event["result"] == "success"
            if not (passed and event["hidden"]):
                said = "\n".join(errors.get(event["testID"], [event["result"]]))
                yield Outcome(file, name, "" if passed else said)
    for name in running.values():
        yield Outcome(file, name, "it did not end")


def _addressed(project: Path, host: str, copy: Path) -> Path:
    """A copy of the files that the tests use from their project's package, with this server's address."""
    shutil.copytree(project / "lib" / "test_util", copy / "lib" / "test_util")
    shutil.copy(project / "pubspec.yaml", copy)
    (copy / "lib" / "test_util" / "config.dart").write_text(
        f"const serverUrl = '{host}';\n"
        f"const serverMethodWebsocketUrl = '{host.replace('http', 'ws', 1)}v1/websocket';\n"
        f"const serviceServerUrl = '{host}';\n"
    )
    return copy


def _program(suite: Suite) -> str:
    numbered = list(enumerate(suite.files))
    addresses = [f"import '{(suite.folder / file).as_uri()}' as file{number};\n" for number, file in numbered]
    mains = [f"  '{file}': file{number}.main,\n" for number, file in numbered]
    return (
        "import 'dart:async';\n"
        "import 'dart:io';\n"
        "import 'package:test_core/src/direct_run.dart';\n"
        "import 'package:test_core/src/runner/reporter/json.dart';\n"
        f"{''.join(addresses)}"
        f"final files = <String, FutureOr<void> Function()>{{\n{''.join(mains)}}};\n"
        "void main(List<String> arguments) async {\n"
        "  final passed = await directRunTests(files[arguments.single]!,\n"
        "      reporterFactory: (engine) => JsonReporter.watch(engine, stdout, isDebugRun: false));\n"
        "  await stdout.flush();\n"
        "  exit(passed ? 0 : 1);\n"
        "}\n"
    )
