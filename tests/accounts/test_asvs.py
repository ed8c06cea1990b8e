"""docs/accounts.md says how each requirement of four chapters of OWASP ASVS 5.0 stands here; what it names exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PAGE = ROOT / "docs" / "accounts.md"
SECTIONS = {
    **{"6.1": 3, "6.2": 12, "6.3": 8, "6.4": 6, "6.5": 8, "6.6": 4, "6.7": 2, "6.8": 4},
    **{"7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 3, "7.6": 2},
    **{"9.1": 3, "9.2": 4},
    **{"10.1": 2, "10.2": 3, "10.3": 5, "10.4": 16, "10.5": 5, "10.6": 2, "10.7": 3},
}
"""How many requirements ASVS 5.0.0 has in each of its sections."""
SHOWN = {"met", "partly"}
OTHERS = {"not met", "none here", "yours"}

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.read_text().splitlines()
    if re.match(r"\| \d+\.\d+\.\d+ \|", line)
]
PROOFS = sorted({proof for row in ROWS for proof in re.findall(r"`([^`]+)`", row[5])})


def test_each_requirement_has_its_row() -> None:
    wanted = [f"{section}.{number}" for section, count in SECTIONS.items() for number in range(1, count + 1)]
    assert [row[0] for row in ROWS] == wanted


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_says_how_it_stands_and_shows_what_it_claims(row: list[str]) -> None:
    _, level, about, stands, how, shown = row
    assert level in {"1", "2", "3"}
    assert about and how
    state = stands.strip("*")
    assert state in SHOWN | OTHERS
    assert bool(shown) == (state in SHOWN)


@pytest.mark.parametrize("proof", PROOFS)
def test_what_shows_it_exists(proof: str) -> None:
    file, _, name = proof.partition("::")
    if not name:
        assert (ROOT / file).is_file()
        return
    text = (HERE / file).read_text()
    if file.endswith(".mjs"):
        assert f'\ntest("{name}", ' in text
    else:
        assert file.startswith("test_")
        functions = (ast.FunctionDef, ast.AsyncFunctionDef)
        assert name in {each.name for each in ast.parse(text).body if isinstance(each, functions)}
        assert name.startswith("test_")
