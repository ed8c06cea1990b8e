"""docs/reference/asvs.md has a row for each requirement of OWASP ASVS 5.0, and all tests and settings in it exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PAGE = (ROOT / "docs" / "reference" / "asvs.md").read_text()
LEVELS = {
    **{"1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123"},
    **{"2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23"},
    **{
        "3.1": "3",
        "3.2": "113",
        "3.3": "12223",
        "3.4": "11222233",
        "3.5": "11122333",
        "3.6": "3",
        "3.7": "22333",
    },
    **{"4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222"},
    **{"5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222"},
    **{"6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233"},
    **{"6.5": "22222333", "6.6": "2223", "6.7": "33", "6.8": "2222"},
    **{"7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22"},
    **{"8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23"},
    **{"9.1": "111", "9.2": "1222"},
    **{"10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333"},
    **{"10.5": "22222", "10.6": "22", "10.7": "222"},
    **{
        "11.1": "2233",
        "11.2": "22233",
        "11.3": "11233",
        "11.4": "1222",
        "11.5": "23",
        "11.6": "23",
        "11.7": "33",
    },
    **{"12.1": "12233", "12.2": "11", "12.3": "22223"},
    **{"13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233"},
    **{"14.1": "22", "14.2": "12223333", "14.3": "122"},
    **{"15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333"},
    **{"16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223"},
}
"""The levels of the requirements of ASVS 5.0.0, by section. Chapter 17 (WebRTC) has only a sentence on the page."""
COMPLETE = range(6, 11)
"""The chapters in which the level 3 requirements have a row, too."""
FIXED_BY_SERVERPOD = {"7.5.2", "10.1.2", "10.5.1"}
"""Level 2 requirements in these chapters that Serverpod's clients make impossible; the page explains why."""
SHOWN = {"met", "with settings", "partly"}
OTHERS = {"not met", "not applicable", "yours"}

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if re.match(r"\| \d+\.\d+\.\d+ \|", line)
]
STATES = {row[0]: row[3].strip("*") for row in ROWS}
PROOFS = sorted({proof for row in ROWS for proof in re.findall(r"`([^`]+)`", row[5])})


def chapter(requirement: str) -> int:
    return int(requirement.partition(".")[0])


def test_each_requirement_has_its_row_and_level() -> None:
    every = [
        (f"{section}.{number}", level)
        for section, levels in LEVELS.items()
        for number, level in enumerate(levels, 1)
    ]
    wanted = [each for each in every if each[1] != "3" or chapter(each[0]) in COMPLETE]
    first = [each for each in wanted if chapter(each[0]) in COMPLETE]
    assert [(row[0], row[1]) for row in ROWS] == [*first, *(each for each in wanted if each not in first)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_has_a_state_and_proofs_of_it(row: list[str]) -> None:
    requirement, _, subject, _, how, shown = row
    state = STATES[requirement]
    assert state in SHOWN | OTHERS
    assert subject
    assert how or state == "yours"
    assert bool(shown) == (state in SHOWN)


def test_level_2_is_reached_except_where_serverpod_prevents_it() -> None:
    missing = {
        row[0]
        for row in ROWS
        if chapter(row[0]) in COMPLETE
        and row[1] != "3"
        and STATES[row[0]] not in ("met", "with settings", "not applicable")
    }
    assert missing == FIXED_BY_SERVERPOD
    explained = PAGE.partition("## What cannot be met")[2].partition("\n## ")[0]
    assert all(each in explained for each in FIXED_BY_SERVERPOD)


def test_each_setting_for_level_2_is_listed() -> None:
    listed = PAGE.partition("## Settings for level 2")[2].partition("\n## ")[0]
    for requirement, state in STATES.items():
        if state == "with settings" and chapter(requirement) in COMPLETE:
            assert requirement in listed


@pytest.mark.parametrize("proof", PROOFS)
def test_proofs_exist(proof: str) -> None:
    file, _, name = proof.partition("::")
    if not name:
        assert (ROOT / file).is_file()
        return
    if file.endswith(".mjs"):
        assert f'\ntest("{name}", ' in (HERE / "flows" / file).read_text()
        return
    path = ROOT / file if file.startswith("tests/") else HERE / file
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    assert name in {each.name for each in ast.parse(path.read_text()).body if isinstance(each, functions)}
    assert name.startswith("test_")
