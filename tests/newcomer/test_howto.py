"""The how-to pages typed into one new project, all of them: it starts, and its tests pass."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.newcomer import howto
from tests.newcomer.installed import Installed

pytestmark = pytest.mark.slow


class Notes:
    """A project made by the installed command `podium`, run by the environment that Podium is installed in."""

    def __init__(self, folder: Path, installed: Installed) -> None:
        self.installed = installed
        self.folder = folder / "notes"
        installed.output("podium", "startproject", "notes", folder=folder)

    def manage(self, *words: str) -> str:
        python = self.installed.python
        return self.installed.output(python, "manage.py", *words, folder=self.folder, PODIUM_VENV="off")


@pytest.fixture(scope="module")
def notes(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Notes:
    project = Notes(tmp_path_factory.mktemp("pages"), installed)
    howto.type_in(project.folder)
    project.manage("generate")
    project.manage("makemigrations")
    return project


def test_many_pages_are_typed_in():
    assert len(howto.typed()) > 20


def test_the_project_has_no_faults(notes: Notes):
    assert "no issues" in notes.manage("check")


def test_the_tests_of_the_pages_pass(notes: Notes):
    said = notes.manage("test", "-q")
    passed = re.search(r"^(\d+) passed", said, re.MULTILINE)
    assert passed and int(passed[1]) > 20, said
