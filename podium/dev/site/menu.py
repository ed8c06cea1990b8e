"""The site's menu: each index.md lists the pages of its folder as ordinary links, and these are the menu.

So the pages stay Markdown that is read anywhere. Sphinx reports a page that no index lists.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

LINK = re.compile(r"\[([^\]]+)\]\(((?:[\w-]+/)?[\w-]+)\.md\)")


def entries(index: str) -> list[str]:
    """The menu of an index page, as lines of a toctree: pages next to it, and the index of each folder below."""
    found: dict[str, str] = {}
    for title, page in LINK.findall(index):
        if _is_below(page):
            found.setdefault(page, title.replace("`", ""))
    return [f"{title} <{page}>" for page, title in found.items()]


def _is_below(page: str) -> bool:
    folder, _, name = page.rpartition("/")
    return not folder or name == "index"


def add_menu(app: Sphinx, name: str, source: list[str]) -> None:
    if name.rpartition("/")[2] == "index":
        lines = entries(source[0])
        if lines:
            source[0] += "\n".join(["\n\n```{toctree}", ":hidden:", "", *lines, "```\n"])


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("source-read", add_menu)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
