"""Identifiers have the terms of docs/explanation/glossary.md, and the glossary names code that exists."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from podium.core.conf import AppSettings
from podium.core.project import PACKAGES
from podium.settings import env
from tests.docs.pages import DOCS, pages
from tests.style import names

GLOSSARY = DOCS / "explanation" / "glossary.md"
ROW = re.compile(r"^\| (?P<term>[^|]+) \| (?P<meaning>[^|]+) \| (?P<code>[^|]+) \|(?P<before>[^|]*)\|$", re.M)


def test_no_identifier_has_an_old_word() -> None:
    found = [fault for path in names.code() for fault in names.faults(path)]
    assert not found, "\n".join(["See docs/explanation/glossary.md.", *found[:50]])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def find(person): ...\n", "module.py:1 person: write user"),
        ("class HumanCheck: ...\n", "module.py:1 HumanCheck: write captcha"),
        ("\nclass Token: ...\n", "module.py:2 Token: write Session"),
        ("for each_who in []: ...\n", "module.py:1 each_who: write user, caller"),
        ("self.people = []\n", "module.py:1 people: write users"),
    ],
)
def test_an_old_word_is_found(
    source: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "PACKAGES", tmp_path)
    (tmp_path / "module.py").write_text(source)
    assert list(names.faults(tmp_path / "module.py")) == [expected]


def test_an_old_name_of_a_module_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "PACKAGES", tmp_path)
    (tmp_path / "places.py").write_text("def test_people_are_sentences(): ...\nwhole = persona = 1\n")
    assert list(names.faults(tmp_path / "places.py")) == ["places.py:1 places: write paths"]


def test_every_exception_is_needed() -> None:
    old = [
        f"{path.relative_to(PACKAGES)} {name}" for path in names.code() for _, name, _ in names.found(path)
    ]
    unused = [each for each in names.ALLOWED if not any(re.fullmatch(each, name) for name in old)]
    assert not unused, "\n".join(["Delete these from ALLOWED in tests/style/names.py:", *unused])


def test_the_glossary_names_code_that_exists() -> None:
    rows = [row for row in ROW.finditer(GLOSSARY.read_text()) if row["term"] not in ("term", "---")]
    named = [name for row in rows for name in re.findall(r"`([^`]+)`", row["code"])]
    assert [name for name in named if not exists(name)] == []
    assert len(rows) > 25 and all("`" in row["code"] for row in rows)


def exists(name: str) -> bool:
    """Whether a file, a setting, a module or a name in a module is there."""
    if "/" in name:
        return (PACKAGES / name).exists()
    if name.isupper():
        return name in settings_in_use()
    module, _, attribute = name.rpartition(".")
    try:
        return hasattr(import_module(module), attribute) or bool(import_module(name))
    except ImportError:
        return False


def settings_in_use() -> set[str]:
    return {f"{each._prefix}{name}" for each in AppSettings.__subclasses__() for name in each._defaults}


def test_pages_name_settings_by_their_new_names() -> None:
    """The glossary and the changelog have the old ones too."""
    old = {f"{each._prefix}{name}" for each in AppSettings.__subclasses__() for name in each._renamed}
    old |= set(env.renamed)
    assert {"ACCOUNTS_HUMAN_CHECK", "HUMAN_CHECK", "MONITORING_ALIKE"} <= old
    word = re.compile(rf"(?<![A-Z_])({'|'.join(sorted(old))})(?![A-Z_])")
    found = [
        f"{page.relative_to(PACKAGES)}:{number} {match[0]}"
        for page in pages()
        if page != GLOSSARY
        for number, line in enumerate(page.read_text().splitlines(), 1)
        for match in word.finditer(line)
    ]
    assert not found, "\n".join(["These settings have new names:", *found])
