"""Every case in tests/schema/cases: the faults of broken model files, and the meaning of valid ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.schema.casefiles import CASES, SHOW, read
from tests.schema.texts import load_texts

FILES = sorted(CASES.glob("*/*.txt"))


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}/{path.stem}" for path in FILES])
def test_model_files_have_the_expected_result(path: Path) -> None:
    files, expected = read(path)
    assert expected, "the case expects nothing; see tests/schema/casefiles.py"
    assert SHOW[path.parent.name](*load_texts(files)) == expected


def test_faults_are_in_the_order_of_files_and_lines() -> None:
    _, faults = load_texts({"b.spy.yaml": "class: B\nfields:\n  x: A\n  y: A\n", "a.spy.yaml": "class: a\n"})
    assert [(fault.position.file, fault.position.line) for fault in faults] == [
        ("a.spy.yaml", 1),
        ("b.spy.yaml", 3),
        ("b.spy.yaml", 4),
    ]


@pytest.mark.parametrize("path", sorted(CASES.glob("definitions/*.txt")), ids=lambda path: path.stem)
def test_no_cut_of_a_model_file_breaks_the_reader(path: Path) -> None:
    files, _ = read(path)
    for name, text in files.items():
        for place in range(0, len(text), 7):
            for damaged in (
                text[:place],
                text[:place] + text[place + 2 :],
                text[:place] + "'" + text[place:],
            ):
                load_texts({**files, name: damaged})
