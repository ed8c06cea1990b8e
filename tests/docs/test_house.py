"""docs/explanation/house.md names a place and a sample for each change, and they exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, PROJECT
from tests.style.sizes import MEASURES

PAGE = DOCS / "explanation" / "house.md"
ROW = re.compile(
    r"^\| (?P<change>[^|]+) \| (?P<place>[^|]+) \| (?P<sample>[^|]+) \| (?P<lines>\+\d+(?: -\d+)?) \|$", re.M
)
NAME = re.compile(r"(new )?`([\w<>./]+)`")
APPS = ("accounts", "example", "files", "monitoring", "realtime", "tasks", "tests/notes")
BY_NAME = ("wire_types.py", "sign_in_providers.py", "storages.py")
"""Files that only apps of projects have: the platform's own are elsewhere. Each is found by code that names it."""


def faults(text: str) -> list[str]:
    """Return the places and files in rows of the table that do not exist."""
    rows = list(ROW.finditer(text))
    places = [name for row in rows for _, name in NAME.findall(row["place"])]
    samples = [
        name for row in rows for is_new, name in NAME.findall(row["sample"]) if not is_new and "/" in name
    ]
    new = [Path(name).parent for row in rows for is_new, name in NAME.findall(row["sample"]) if is_new]
    found = [f"{name} does not exist" for name in [*places, *samples] if not _exists(name)]
    return found + [f"{folder} is not in a folder" for folder in new if not _has_room(folder)]


def _exists(name: str) -> bool:
    if not name.startswith("<app>/"):
        return (PROJECT / name).exists()
    name = name.removeprefix("<app>/")
    if name in BY_NAME:
        stem = name.removesuffix(".py")
        return any(f'"{stem}"' in path.read_text() or f".{stem}" in path.read_text() for path in _finders())
    return any((PROJECT / app / name).exists() for app in APPS)


def _finders() -> list[Path]:
    """The modules that look for files of apps by name."""
    names = ("accounts/providers/registry.py", "podium/schema/app_types.py", "podium/settings.py")
    return [PROJECT / name for name in names]


def _has_room(folder: Path) -> bool:
    """A sample may add folders, such as that of a language, to an app or a part of the framework that exists."""
    return (PROJECT / Path(*folder.parts[:2])).is_dir()


def test_each_place_exists() -> None:
    text = PAGE.read_text("utf-8")
    assert len(list(ROW.finditer(text))) == 12
    assert faults(text) == []


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("| a | `podium/nowhere/` | new `tests/wire/test_a.py` | +1 |", "podium/nowhere/ does not exist"),
        ("| a | `<app>/nowhere.py` | new `tests/wire/test_a.py` | +1 |", "<app>/nowhere.py does not exist"),
        ("| a | `podium/wire/` | `podium/wire/gone.py` | +1 -2 |", "podium/wire/gone.py does not exist"),
        ("| a | `podium/wire/` | new `gone/away/far/new.py` | +1 |", "gone/away/far is not in a folder"),
    ],
)
def test_a_place_that_does_not_exist_is_found(row: str, fault: str) -> None:
    assert faults(row) == [fault]


def test_the_table_of_sizes_has_each_measure() -> None:
    text = PAGE.read_text("utf-8")
    assert [each for each in MEASURES if f"\n| {each} | " not in text] == []
