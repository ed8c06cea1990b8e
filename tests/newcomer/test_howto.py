"""The how-to pages typed into one new project, all of them: it starts, its tests pass, and the Dart code compiles.

A block below `notes/...`: or `config/...`: is a file; blocks of APPENDED are added to its end. Pages come in the order
of the index, so a page may use what an earlier one has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dart import libraries, packages, vm
from tests.dart.conftest import dart
from tests.docs.blocks import Block, blocks
from tests.docs.pages import DOCS, links
from tests.newcomer.installed import Installed
from tests.notes import generated

__all__ = ["dart"]

pytestmark = pytest.mark.slow

HOW_TO = DOCS / "how-to"
APPENDED = ("notes/endpoints.py", "notes/tasks.py", "config/settings.py")
LINKED = [target for _, target in links(HOW_TO / "index.md") if re.fullmatch(r"[\w-]+\.md", target)]
PAGES = [HOW_TO / target for target in dict.fromkeys(LINKED)]
MINE = re.compile(r"(notes|config)/")


def files_of(page: Path) -> list[Block]:
    """The blocks of a page that are files of the project; none if the page is not about the app `notes`."""
    found = [block for block in blocks(page) if MINE.match(block.file) and not block.fragment]
    return found if any(block.file.startswith("notes/") for block in found) else []


def files() -> Iterator[Block]:
    for page in PAGES:
        yield from files_of(page)


def typed() -> list[Path]:
    """The pages with such a block, in their order."""
    return [page for page in PAGES if files_of(page)]


class Notes:
    """A project made by the installed command `podium`, run by the environment that Podium is installed in."""

    def __init__(self, folder: Path, installed: Installed) -> None:
        self.installed = installed
        self.folder = folder / "notes"
        installed.output("podium", "startproject", "notes", folder=folder)

    def manage(self, *words: str) -> str:
        python = self.installed.python
        return self.installed.output(python, "manage.py", *words, folder=self.folder, PODIUM_VENV="off")

    def type_in(self, block: Block) -> None:
        path = self.folder / block.file
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text("utf-8") + "\n\n" if block.file in APPENDED else ""
        path.write_text(before + block.text, "utf-8")


@pytest.fixture(scope="module")
def notes(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Notes:
    project = Notes(tmp_path_factory.mktemp("pages"), installed)
    for block in files():
        project.type_in(block)
    project.manage("generate")
    project.manage("makemigrations")
    return project


def test_many_pages_are_typed_in():
    assert len(typed()) > 20


def test_the_project_has_no_faults(notes: Notes):
    assert "no issues" in notes.manage("check")


def test_the_tests_of_the_pages_pass(notes: Notes):
    said = notes.manage("test", "-q")
    passed = re.search(r"^(\d+) passed", said, re.MULTILINE)
    assert passed and int(passed[1]) > 20, said


def dart_file(page: Path) -> str:
    """The Dart of a page as one library; Flutter's widgets are left out, and statements are in a function."""
    text = "import 'dart:typed_data';\nimport 'package:notes_client/notes_client.dart';\n"
    for number, block in enumerate(blocks(page)):
        if block.language == "dart" and "Widget" not in block.text:
            is_statement = block.text.startswith("final ")
            text += (
                f"void f{number}(Client client) async {{\n{block.text}}}\n" if is_statement else block.text
            )
    return text


@pytest.mark.usefixtures("dart")
def test_the_dart_code_of_the_pages_compiles(notes: Notes, tmp_path: Path):
    modules = libraries.client(*generated.definitions(), "unused_client")
    del modules["unused_client"]
    found = libraries.write(tmp_path / "packages", modules) | packages.given()
    found["notes_client"] = notes.folder / "clients" / "dart"
    for page in typed():
        (tmp_path / f"{page.stem.replace('-', '_')}.dart").write_text(dart_file(page))
    names = sorted(path.stem for path in tmp_path.glob("*.dart"))
    imports = "".join(f"import '{name}.dart' as {name};\n" for name in names)
    (tmp_path / "main.dart").write_text(f"{imports}\nvoid main() => print({len(names)});\n")
    configuration = packages.write(found, tmp_path / "packages.json")
    assert int(vm.run(tmp_path / "main.dart", configuration)) == len(typed())
