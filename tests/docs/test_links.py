"""Links and names of pages lead to pages that exist, and every page is in the menu."""

from __future__ import annotations

import re
from pathlib import Path

from podium.dev import manual
from tests.docs.pages import DOCS, PROJECT, anchors, links, pages, tracked

OTHERS = [PROJECT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")]
NAMED = re.compile(r"(?<![\w/.-])docs/[\w/-]+\.(?:md|png)\b")
OLD = ("known_0_1.txt", "settings_0_1.txt")
"""Files of version 0.1, with the names that its pages had."""


def broken(page: Path, target: str) -> bool:
    if re.match(r"https?:|mailto:", target):
        return False
    name, _, anchor = target.partition("#")
    path = (page.parent / name).resolve() if name else page
    if not path.is_file():
        return True
    return bool(anchor) and anchor not in anchors(path)


def test_every_link_leads_somewhere():
    wrong = [
        f"{page.relative_to(PROJECT)}:{line}: {target}"
        for page in (*pages(), *OTHERS)
        for line, target in links(page)
        if broken(page, target)
    ]
    assert not wrong, "\n".join(["These links lead nowhere:", *wrong])
    assert sum(1 for page in pages() for _ in links(page)) > 100


def test_links_of_the_documentation_stay_in_it():
    """The wheel carries docs/ alone."""
    wrong = [
        f"{page.relative_to(PROJECT)}:{line}: {target}"
        for page in pages()
        for line, target in links(page)
        if "://" not in target and not (page.parent / target).resolve().is_relative_to(DOCS)
    ]
    assert not wrong, "\n".join(["These links leave docs/. Name the file instead:", *wrong])


def test_every_page_that_code_and_messages_name_exists():
    wrong, count = [], 0
    for path in tracked():
        if path.name in OLD or path == Path(__file__):
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a font
        for number, line in enumerate(text.splitlines(), 1):
            for name in NAMED.findall(line):
                count += 1
                if not (PROJECT / name).is_file():
                    wrong.append(f"{path.relative_to(PROJECT)}:{number}: {name}")
    assert not wrong, "\n".join(["These pages do not exist:", *wrong])
    assert count > 100


def test_every_page_is_listed_in_the_index_of_its_folder():
    unlisted = []
    for page in pages():
        folder = page.parent if page.name != "index.md" else page.parent.parent
        if page != DOCS / "index.md":
            index = folder / "index.md"
            listed = {(index.parent / target).resolve() for _, target in links(index)}
            if page not in listed:
                unlisted.append(f"{index.relative_to(PROJECT)} has no link to {page.relative_to(DOCS)}")
    assert not unlisted, "\n".join(unlisted)


def test_a_page_has_a_name_of_its_own():
    """`manage.py docs NAME` finds it by the name alone."""
    assert sorted(manual.pages().values()) == pages()
    assert manual.pages()["settings"] == DOCS / "reference" / "settings.md"
    assert manual.pages()["tutorial"] == DOCS / "tutorial" / "index.md"
    assert manual.page("docs/reference/settings.md") == manual.page("settings")
