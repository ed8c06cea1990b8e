"""The how-to pages as files of one project about notes, in the order of the index.

A block below `notes/...`: or `config/...`: is a file; blocks of APPENDED are added to its end. A page may use the
files of earlier ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.docs.blocks import Block, blocks
from tests.docs.pages import DOCS, links

HOW_TO = DOCS / "how-to"
APPENDED = ("notes/access.py", "notes/endpoints.py", "notes/tasks.py", "config/settings.py")
LINKED = [target for _, target in links(HOW_TO / "index.md") if re.fullmatch(r"[\w-]+\.md", target)]
PAGES = [HOW_TO / target for target in dict.fromkeys(LINKED)]
MINE = re.compile(r"(notes|config)/")


def files_of(page: Path) -> list[Block]:
    """The blocks of a page that are files of the project; none if the page is not about the app `notes`."""
    found = [block for block in blocks(page) if MINE.match(block.file) and not block.fragment]
    return found if any(block.file.startswith("notes/") for block in found) else []


def files() -> Iterator[Block]:
    for page in PAGES:
        yield from files_of(page)


def typed() -> list[Path]:
    """The pages with such a block, in their order."""
    return [page for page in PAGES if files_of(page)]


def type_in(project: Path) -> None:
    """Write all files into a project."""
    for block in files():
        path = project / block.file
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text("utf-8") + "\n\n" if block.file in APPENDED else ""
        path.write_text(before + block.text, "utf-8")
