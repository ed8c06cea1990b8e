"""The pages of the documentation that come with Podium; messages refer to them, as docs/reference/settings.md."""

from __future__ import annotations

import re
from pathlib import Path

from podium.core.project import PACKAGES, ROOT

CARRIED = Path(__file__).resolve().parent.parent / "docs"
"""The pages in an installed Podium; in a checkout they are in docs/."""
NAMED = re.compile(r"\bdocs/((?:[\w-]+/)*[\w-]+\.md)\b")


class NoPage(Exception):
    """There is no page of that name. The text lists the existing pages."""


def folder() -> Path:
    return CARRIED if CARRIED.is_dir() else PACKAGES / "docs"


def pages() -> dict[str, Path]:
    """The path of each page, by its name: "settings" for reference/settings.md, "tutorial" for tutorial/index.md."""
    return {_name(path): path for path in sorted(folder().rglob("*.md"))}


def title(path: Path) -> str:
    with path.open(encoding="utf-8") as lines:
        return next(lines).lstrip("# ").rstrip()


def page(name: str) -> str:
    """The text of a page, by "settings" or "docs/reference/settings.md". Raises NoPage."""
    known = pages()
    path = known.get(_name(folder() / name.removeprefix("docs/")))
    if path is None:
        raise NoPage(f'no page named "{name}". The pages are: {", ".join(known)}')
    return path.read_text(encoding="utf-8")


def with_command(text: str) -> str:
    """Add the command that shows the page which a message refers to. A checkout has the page as a file."""
    found = NAMED.search(text)
    if found is None or (ROOT / "docs" / found[1]).exists() or not (folder() / found[1]).exists():
        return text
    return f"{text}\nThe page: python3 manage.py docs {_name(folder() / found[1])}"


def _name(path: Path) -> str:
    if path.stem == "index" and path.parent != folder():
        return path.parent.name
    return path.stem
