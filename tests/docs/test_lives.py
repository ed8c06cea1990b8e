"""The pages about lives (of a call, an upload, a job ...) name files, functions and classes that exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, PROJECT, prose

LIVES = sorted((DOCS / "explanation").glob("life-of-*.md"))
ROW = re.compile(r"^\| .+ \| `([\w/]+\.py)` \| `([\w.]+)` \|$")
"""A row of a table of steps: what happens, the file, the function."""
HEAD = re.compile(r"^\| .+ \| file \| function \|$")
FILE = re.compile(r"`([\w/-]+\.py)(?:::([\w.]+))?`")
"""`path.py` or `path.py::name`."""
DOTTED = re.compile(r"`((?:accounts|files|monitoring|podium|realtime|tasks)(?:\.\w+)+)`")
"""`module.name`, of Podium's packages."""


@cache
def names_in(file: Path) -> set[str]:
    """The functions, classes and methods of a module: "put", "Stream", "Stream._open"."""
    found = set()
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            methods = (ast.FunctionDef, ast.AsyncFunctionDef)
            found |= {f"{node.name}.{each.name}" for each in node.body if isinstance(each, methods)}
    return found


def fault(file: str, name: str = "") -> str:
    """Return the fault in a reference to a file, and to a name in it; "" if both exist."""
    path = PROJECT / file
    if not path.is_file():
        return f"{file} does not exist"
    if name and name not in names_in(path):
        return f"{file} has no function or class named {name}"
    return ""


def dotted_fault(reference: str) -> str:
    """The same for `tasks.models.Job`: a module, or a name in one."""
    *module, name = reference.split(".")
    if (PROJECT / "/".join([*module, name])).is_dir() or not fault("/".join([*module, f"{name}.py"])):
        return ""
    if fault(f"{'/'.join(module)}.py", name) and fault(f"{'/'.join(module[:-1])}.py", f"{module[-1]}.{name}"):
        return f"{reference} does not exist"
    return ""


def faults(text: str) -> list[str]:
    """All references of a page that lead nowhere."""
    rows = [match.groups() for line in text.splitlines() if (match := ROW.match(line))]
    found = [*(fault(*row) for row in rows), *(fault(*each) for each in FILE.findall(text))]
    return sorted({*filter(None, [*found, *map(dotted_fault, DOTTED.findall(text))])})


def loose_rows(text: str) -> list[str]:
    """Rows of tables of steps that name no file and function."""
    loose, inside = [], False
    for line in text.splitlines():
        if not line.startswith("|"):
            inside = False
        elif HEAD.match(line):
            inside = True
        elif inside and not line.startswith("|---") and not ROW.match(line):
            loose.append(line)
    return loose


@pytest.mark.parametrize("page", LIVES, ids=lambda page: page.stem)
def test_the_names_in_a_life_exist(page: Path) -> None:
    assert faults(prose(page)) == []


@pytest.mark.parametrize("page", LIVES, ids=lambda page: page.stem)
def test_every_step_names_its_file_and_function(page: Path) -> None:
    text = prose(page)
    assert loose_rows(text) == []
    assert sum(1 for line in text.splitlines() if ROW.match(line)) >= 15


def test_there_are_lives_to_check() -> None:
    assert {page.stem for page in LIVES} >= {
        "life-of-a-call",
        "life-of-an-upload",
        "life-of-a-sign-in",
        "life-of-a-job",
        "life-of-a-stream",
    }


@pytest.mark.parametrize(
    "text",
    [
        "| Send it | `tasks/gone.py` | `send` |",
        "| Send it | `tasks/sending.py` | `sent` |",
        "| Send it | `realtime/hub.py` | `Hub.nothing` |",
        "see `tasks/nothing.py`",
        "see `tasks/sending.py::sent`",
        "in `tasks.models.Jobs`",
        "in `tasks.model`",
    ],
)
def test_a_name_that_does_not_exist_is_found(text: str) -> None:
    assert len(faults(text)) == 1


def test_a_step_without_a_function_is_found() -> None:
    table = (
        "| step | file | function |\n|---|---|---|\n| Send it | `tasks/sending.py` | |\n\n| Redis | away |\n"
    )
    assert loose_rows(table) == ["| Send it | `tasks/sending.py` | |"]
