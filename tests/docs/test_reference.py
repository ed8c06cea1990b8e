"""The pages of the reference that are made from the code have everything, and are up to date."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, PROJECT

REFERENCE = DOCS / "reference"
ROW = re.compile(r"^\| (.+?) \| .*$", re.MULTILINE)


def check(docs: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Compare the pages with the code. The difference names each setting, command, name or code that is missing."""
    command = [sys.executable, "-m", "tests.docs", "--check", *([str(docs)] if docs else [])]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def test_the_pages_are_as_the_code_makes_them():
    done = check()
    assert done.returncode == 0, done.stderr


def test_a_missing_row_is_named(tmp_path: Path):
    for page in REFERENCE.glob("*.md"):
        text = page.read_text()
        (tmp_path / page.name).write_text(
            re.sub(r"^\| `database.conflict` .*\n", "", text, flags=re.MULTILINE)
        )
    done = check(tmp_path)
    assert done.returncode == 1
    assert "+| `database.conflict` | " in done.stderr
    assert "errors.md is out of date. Run: python3 -m tests.docs" in done.stderr


@pytest.mark.parametrize(
    ("page", "names"),
    [
        (
            "app-settings.md",
            ["`ENDPOINTS_RATE`", "`MONITORING_CHECK_SECONDS`", "`READS`", "`LEGACY_AUTH_KEY_SALT`"],
        ),
        ("commands.md", ["`--drain-seconds DRAIN_SECONDS`", "`--serve PORT`", "`--dry-run`"]),
        ("errors.md", ["`database.conflict`", "`endpoints.not_signed_in`", "`podium.error`"]),
        ("names.md", ["`Endpoint`", "`ModelAdmin`"]),
    ],
)
def test_a_page_has_what_it_should(page: str, names: list[str]):
    found = ROW.findall((REFERENCE / page).read_text())
    assert set(names) <= set(found)
    assert len(found) > 30


def test_every_code_has_a_message():
    rows = re.findall(
        r"^\| `[\w.]+` \| \d{3} \| (.*?) \| `", (REFERENCE / "errors.md").read_text(), re.MULTILINE
    )
    assert len(rows) > 30 and all(rows)


@pytest.mark.parametrize("page", ["app-settings.md", "commands.md", "names.md"])
def test_everything_has_a_meaning(page: str):
    """It comes from the docstring of a setting, the help of an option, the docstring of a name."""
    text = (REFERENCE / page).read_text()
    empty = re.findall(r"^\| (.+?) \| (?:.* )?\|  \|$|^\| (.+?) \|  \|$", text, re.MULTILINE)
    assert [first or second for first, second in empty if "app_label" not in first] == []


def test_a_setting_is_described_by_a_noun_phrase_or_a_sentence():
    page = (REFERENCE / "app-settings.md").read_text()
    texts = re.findall(r"^\| `[A-Z_]+` \|.* \| (.+?) \|$", page, re.MULTILINE)
    assert len(texts) > 100
    assert [text for text in texts if re.match("What|Who|Whether|Which|Where|How", text)] == []
