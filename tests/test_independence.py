"""The tests do without the app of this project: they have one of their own, tests/notes."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent
IMPORT = re.compile(r"^\s*(?:from|import) +example\b", re.MULTILINE)


def test_no_test_and_no_benchmark_imports_the_projects_app() -> None:
    files = [*FOLDER.rglob("*.py"), *(FOLDER.parent / "benchmarks").rglob("*.py")]
    assert [str(path) for path in files if IMPORT.search(path.read_text("utf-8"))] == []
