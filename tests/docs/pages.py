"""The pages of docs/ and of this repository, and the links in them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
DOCS = PROJECT / "docs"
FENCE = re.compile(r"^( *)(```+).*?^\1\2 *$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
UNUSUAL = re.compile(r"[^\w -]")


def pages() -> list[Path]:
    return sorted(DOCS.rglob("*.md"))


def documents() -> list[Path]:
    """The pages of docs/, and the other texts with code for users and contributors."""
    others = [PROJECT / name for name in ("README.md", "SECURITY.md", "CONTRIBUTING.md")]
    return [*others, *sorted(PROJECT.glob("clients/*/README.md")), *pages()]


def tracked() -> list[Path]:
    """The files that git has, or will have."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    return [path for name in names.split("\0") if name and (path := PROJECT / name).is_file()]


def prose(page: Path) -> str:
    """The text of a page without its blocks of code. The lines keep their numbers."""
    return FENCE.sub(lambda block: "\n" * block[0].count("\n"), page.read_text(encoding="utf-8"))


def links(page: Path) -> Iterator[tuple[int, str]]:
    """The line and the target of each link and picture."""
    for number, line in enumerate(prose(page).splitlines(), 1):
        yield from ((number, target) for target in LINK.findall(line))


def anchors(page: Path) -> set[str]:
    """The anchors of a page, which `page.md#...` names: its headings, as GitHub writes them."""
    headings = HEADING.findall(prose(page))
    return {UNUSUAL.sub("", heading.lower()).strip().replace(" ", "-") for heading in headings}
