"""The file .env: its variables reach the processes of a project, the environment wins, faults show no value."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from podium.core import dotenv

FILE = """
# of this machine
PLAIN=one
export QUOTED="two words # kept"
GIVEN=file
"""


def test_variables_of_the_file_are_set_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", {"GIVEN": "environment"})
    (tmp_path / ".env").write_text(FILE)
    assert dotenv.load(tmp_path) == []
    assert dict(os.environ) == {"PLAIN": "one", "QUOTED": "two words # kept", "GIVEN": "environment"}


def test_a_folder_without_the_file_has_no_variables(tmp_path: Path) -> None:
    assert (dotenv.values(tmp_path), dotenv.faults(tmp_path)) == ({}, [])


@pytest.mark.parametrize("line", ["two words secret", "NAME", "NAME='secret", "= secret"])
def test_a_faulty_line_is_named_without_its_value(tmp_path: Path, line: str) -> None:
    (tmp_path / ".env").write_text(f"GOOD=1\n\n# next\n{line}\n")
    [fault] = dotenv.faults(tmp_path)
    assert fault.startswith(".env:4 is not a valid line. Write NAME=value") and "secret" not in fault
    assert dotenv.values(tmp_path) == {"GOOD": "1"}


def test_a_file_that_others_can_read_is_known(tmp_path: Path) -> None:
    assert not dotenv.is_readable_by_others(tmp_path)
    (tmp_path / ".env").touch(0o600)
    assert not dotenv.is_readable_by_others(tmp_path)
    (tmp_path / ".env").chmod(0o640)
    assert dotenv.is_readable_by_others(tmp_path)
