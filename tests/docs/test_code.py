"""Every block of Dart and TypeScript in the pages compiles with generated clients.

The clients have the models and endpoints of the pages. Flutter and the packages that only Flutter apps use are replaced
by `dart_stand_ins/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.codegen.test_typescript import compiler
from tests.dart import libraries
from tests.dart.conftest import dart as vm
from tests.docs import blocks, dart, projects, typescript
from tests.docs.pages import PROJECT, documents
from tests.docs.preambles import PREAMBLES
from tests.notes import generated

__all__ = ["compiler", "vm"]

WRONG = Path(__file__).with_name("wrong.md")
PAGES = [*documents(), WRONG]
EXAMPLE = PROJECT / "clients"


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clients of the project that has the files of the how-to pages."""
    return projects.write_notes(tmp_path_factory.mktemp("notes"))


@pytest.fixture(scope="module")
def habits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clients of the tutorial's project."""
    return projects.write_habits(tmp_path_factory.mktemp("habits"))


@pytest.fixture(scope="module")
def dart_faults(vm: None, notes: Path, habits: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    modules = libraries.client(*generated.definitions(), "unused_client")
    del modules["unused_client"]
    clients = libraries.write(tmp_path_factory.mktemp("modules"), modules) | {
        "example_client": EXAMPLE / "dart",
        "habits_client": habits / "dart",
        "notes_client": notes / "dart",
    }
    return dart.faults(PAGES, clients, tmp_path_factory.mktemp("dart"))


@pytest.fixture(scope="module")
def typescript_faults(
    compiler: list[str], notes: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[str]:
    clients = {"example-client": EXAMPLE / "typescript", "notes-client": notes / "typescript"}
    return typescript.faults(compiler, PAGES, clients, tmp_path_factory.mktemp("typescript"))


@pytest.mark.slow
def test_the_dart_of_the_pages_compiles(dart_faults: list[str]):
    found = [fault for fault in dart_faults if not is_of_wrong_page(fault)]
    assert found == [], "\n".join(found)


@pytest.mark.slow
def test_wrong_dart_is_found(dart_faults: list[str]):
    assert lines(filter(is_of_wrong_page, dart_faults)) == wrong_lines("dart")


@pytest.mark.slow
def test_the_typescript_of_the_pages_compiles(typescript_faults: list[str]):
    found = [fault for fault in typescript_faults if not is_of_wrong_page(fault)]
    assert found == [], "\n".join(found)


@pytest.mark.slow
def test_wrong_typescript_is_found(typescript_faults: list[str]):
    assert lines(filter(is_of_wrong_page, typescript_faults)) == wrong_lines("typescript")


def test_the_preambles_are_of_pages_with_such_code():
    languages = {".dart": "dart", ".ts": "typescript"}
    for path in (*PREAMBLES.rglob("*.dart"), *PREAMBLES.rglob("*.d.ts")):
        if path == PREAMBLES / "any_page.dart":
            continue
        page = PROJECT / path.relative_to(PREAMBLES).with_name(path.name.split(".")[0] + ".md")
        assert languages[path.suffix] in {block.language for block in blocks.blocks(page)}, path


def is_of_wrong_page(fault: str) -> bool:
    return fault.startswith(f"{WRONG.relative_to(PROJECT)}:")


def lines(faults: Iterable[str]) -> set[int]:
    return {int(fault.split(":")[1]) for fault in faults}


def wrong_lines(language: str) -> set[int]:
    """The lines of the wrong page that are marked."""
    return {
        block.line + number
        for block in blocks.blocks(WRONG)
        if block.language == language
        for number, line in enumerate(block.text.splitlines(), 1)
        if re.search(r"// wrong$", line)
    }
