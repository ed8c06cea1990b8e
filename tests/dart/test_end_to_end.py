"""The runner of Serverpod's end-to-end suite: its table, its report, and missing packages. Needs no VM."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.dart import end_to_end, imports, known, suite
from tests.dart.known import Known
from tests.dart.suite import Outcome


def test_the_table_in_the_documentation_is_read_with_its_reasons() -> None:
    rows = known.read()
    assert len(rows) == len(set(rows))
    assert all(each.reason for each in rows)
    assert {each.file for each in rows if each.test == known.ALL} >= {"service_protocol_test.dart"}


@pytest.mark.parametrize(
    "text", ["", f"\n{known.HEADING}\n| file | test | reason |\n|---|---|---|\n\n## Calls\n"]
)
def test_a_document_without_the_table_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="there is no table"):
        known.read(text)


LISTED = [Known("a_test.dart", "one", "for a reason"), Known("b_test.dart", known.ALL, "for another")]


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        ([("one", "boom"), ("two", "")], []),
        ([("one", "boom"), ("two", "boom")], ["fails and is not in the table: a_test.dart: two"]),
        ([("one", ""), ("two", "")], ["is in the table and passes: a_test.dart: one"]),
        ([("two", "")], ["is in the table and not in the suite: a_test.dart: one"]),
        ([], []),
    ],
)
def test_differences_from_the_table_are_reported(outcomes: list[tuple[str, str]], said: list[str]) -> None:
    ended = [Outcome("a_test.dart", *outcome) for outcome in outcomes]
    assert end_to_end.compared(ended, LISTED) == said


def started(number: int, name: str) -> dict[str, Any]:
    return {"type": "testStart", "test": {"id": number, "name": name}}


def done(number: int, result: str, *, hidden: bool = False) -> dict[str, Any]:
    return {"type": "testDone", "testID": number, "result": result, "hidden": hidden}


def failed(number: int, error: str) -> dict[str, Any]:
    return {"type": "error", "testID": number, "error": error, "stackTrace": ""}


def test_the_report_of_a_file_becomes_its_outcomes() -> None:
    events = [
        *(started(1, "(setUpAll)"), done(1, "success", hidden=True)),
        *(started(2, "passes"), done(2, "success")),
        *(started(3, "fails"), failed(3, "Expected: 1\n"), failed(3, "and more"), done(3, "failure")),
        *(started(4, "(tearDownAll)"), failed(4, "boom"), done(4, "error", hidden=True)),
        started(5, "hangs"),
    ]
    report = "\n".join(["printed by a test", *map(json.dumps, events)])
    assert list(suite.outcomes_of("a_test.dart", report)) == [
        Outcome("a_test.dart", "passes", ""),
        Outcome("a_test.dart", "fails", "Expected: 1\nand more"),
        Outcome("a_test.dart", "(tearDownAll)", "boom"),
        Outcome("a_test.dart", "hangs", "it did not end"),
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A package, and a test that uses it, with imports in a circle."""
    (tmp_path / "there" / "lib").mkdir(parents=True)
    (tmp_path / "there" / "lib" / "there.dart").write_text(
        "import 'dart:io';\nexport 'more.dart';\nimport 'web.dart' if (dart.library.html) 'package:web/web.dart';\n"
    )
    (tmp_path / "there" / "lib" / "more.dart").write_text(
        "// import 'package:comment/comment.dart';\nimport 'package:there/there.dart';\n"
        "import 'package:gone/gone.dart'\n    show Gone;\n"
    )
    (tmp_path / "a_test.dart").write_text(
        "import 'package:there/there.dart';\nimport 'package:test/test.dart';\n"
    )
    return tmp_path


def test_packages_that_are_missing_are_found_through_others(folder: Path) -> None:
    there = {"there": folder / "there"}
    assert imports.missing(folder / "a_test.dart", there) == {"gone", "test"}
    assert imports.missing(folder / "a_test.dart", {**there, "test": folder, "gone": folder}) == set()


def test_the_command_names_missing_packages(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "packages" / "serverpod_client").mkdir(parents=True)
    (folder / "packages" / "serverpod_client" / "pubspec.yaml").write_text("name: serverpod_client\n")
    tests = folder / "project" / "test_e2e"
    tests.mkdir(parents=True)
    arguments = ["--packages", str(folder / "packages"), "--suite", str(tests)]
    assert end_to_end.main(arguments) == 2
    assert "there are no tests here" in capsys.readouterr().err
    (tests / "a_test.dart").write_text("import 'package:gone/gone.dart';\n")
    assert end_to_end.main(arguments) == 2
    assert capsys.readouterr().err == (
        f"a_test.dart needs the package gone: put it into {folder / 'packages'}\n"
    )
