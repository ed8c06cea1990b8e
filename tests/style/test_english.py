"""The worst patterns of English stay out of code, messages and pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from podium.core.project import PACKAGES
from tests.style import english


def test_code_messages_and_pages_have_no_faults() -> None:
    found = [fault for path in english.files() for fault in english.faults(path)]
    assert not found, "\n".join(["See tests/style/english.py.", *found[:50]])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('"""What runs later."""\n', "begin with an imperative"),
        ('"""Jobs."""\nX = 1\n"""Whether it runs."""\n', "begin with an imperative"),
        ('def f():\n    """Who calls."""\n', "begin with an imperative"),
        ("x = 1  # a text is no number\n", "is not a valid X"),
        ('raise ValueError(f"{x!r} is not good")\n', "is invalid"),
        ('"""Fix it.\n\nWhoever signs in is mended."""\n', "fix"),
    ],
)
def test_a_fault_is_found(
    tmp_path: Path, source: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(english, "PACKAGES", tmp_path)
    (tmp_path / "module.py").write_text(source)
    assert any(expected in fault for fault in english.faults(tmp_path / "module.py"))


def test_plain_texts_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(english, "PACKAGES", tmp_path)
    (tmp_path / "module.py").write_text(
        '"""What to do later; there is no limit."""\nx = "no user has this name"\n'
    )
    assert list(english.faults(tmp_path / "module.py")) == []


def test_all_kinds_of_files_are_read() -> None:
    kinds = {path.suffix for path in english.files()}
    assert {".py", ".md", ".html", ".yaml", ".ts", ".dart"} <= kinds
    assert PACKAGES / "manage.py" in english.files()
