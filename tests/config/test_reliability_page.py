"""docs/explanation/reliability.md names tests that exist."""

from __future__ import annotations

import re

from podium.core.project import ROOT

PAGE = (ROOT / "docs" / "explanation" / "reliability.md").read_text()


def test_every_test_in_the_tables_exists() -> None:
    named = re.findall(r"`(\w+/test_\w+\.py)(?:::(\w+))?`", PAGE)
    assert len(named) > 30
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (path := ROOT / "tests" / file).exists() or (name and f"def {name}(" not in path.read_text())
    ]
    assert missing == []
