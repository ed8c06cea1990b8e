"""`manage.py docs`: the site, and pages as text."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from podium.dev import site
from podium.dev.site import menu
from tests.docs.pages import DOCS, PROJECT, pages

LOADED = {"src", "srcset", "poster", "data"}
"""Attributes whose address a browser loads by itself."""


class Loads(HTMLParser):
    """The addresses that a page loads without a click."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [
            value or "" for name, value in attrs if name in LOADED or (tag == "link" and name == "href")
        ]


@dataclass(frozen=True)
class Site:
    """The built site, and what `docs --serve` has printed. The server runs until the end of the module."""

    folder: Path
    printed: list[str]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "manage.py", "docs", "--serve", "0", "--output", str(folder)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield Site(folder, [server.stdout.readline(), server.stdout.readline()])
        finally:
            server.terminate()


@pytest.fixture
def built(served: Site) -> Path:
    return served.folder


@pytest.mark.slow
def test_the_site_is_served(served: Site):
    assert served.printed[0] == f"The site is at {served.folder / 'index.html'}\n"
    address = re.search(r"http://\S+", served.printed[1])
    assert address is not None
    assert b"Podium" in urllib.request.urlopen(address[0], timeout=10).read()


def test_every_page_is_in_the_site_and_in_its_menu(built: Path):
    home = (built / "index.html").read_text()
    menu_of_how_to = (built / "how-to" / "index.html").read_text().partition('class="sidebar-tree"')[2]
    assert 'href="tutorial/index.html"' in home
    for page in pages():
        assert (built / page.relative_to(DOCS)).with_suffix(".html").exists()
        if page.parent.name == "how-to" and page.name != "index.md":
            assert f'href="{page.stem}.html"' in menu_of_how_to


def test_the_site_loads_nothing_from_another_host(built: Path):
    loaded = []
    for page in built.rglob("*.html"):
        (parser := Loads()).feed(page.read_text())
        loaded += parser.found
    styles = "".join(path.read_text() for path in built.rglob("*.css"))
    loaded += re.findall(r"""(?:url\(|@import)\s*["']?((?!data:)[^"')\s]+)""", styles)
    assert len(loaded) > 100
    assert [address for address in set(loaded) if re.match(r"(https?:)?//", address)] == []


def test_words_can_be_searched_without_a_server(built: Path):
    """The index is a script, since a page opened from a file may not fetch one."""
    assert "passkey" in (built / "searchindex.js").read_text()
    assert '<script src="searchindex.js"' in (built / "search.html").read_text()


def test_a_link_that_leads_nowhere_and_a_page_in_no_menu_are_faults(tmp_path: Path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "index.md").write_text("# Start\n\n[Away](away.md) and [here](#not-here)\n")
    (tmp_path / "pages" / "lost.md").write_text("# Lost\n")
    with pytest.raises(site.SiteError) as failed:
        site.build(tmp_path / "pages", tmp_path / "site")
    faults = str(failed.value)
    assert "index.md:3" in faults and "away" in faults and "not-here" in faults
    assert "lost.md" in faults and "toctree" in faults


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path):
    (tmp_path / "photo.jpg").write_text("x")
    with pytest.raises(CommandError, match="has other files"):
        call_command("docs", output=tmp_path)
    assert (tmp_path / "photo.jpg").read_text() == "x"


def test_a_site_is_replaced(built: Path, tmp_path: Path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "index.md").write_text("# Start\n")
    (tmp_path / "site").mkdir()
    shutil.copy(built / site.MARK, tmp_path / "site")  # by it, a folder is a site
    (tmp_path / "site" / "old.html").write_text("x")
    site.build(tmp_path / "pages", tmp_path / "site")
    assert not (tmp_path / "site" / "old.html").exists() and (tmp_path / "site" / "index.html").exists()


def test_a_project_without_the_packages_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(site, "NEEDED", ("sphinx", "furo_is_not_here"))
    with pytest.raises(CommandError, match=r"needs furo_is_not_here\..*podium\[docs\]"):
        call_command("docs", output=tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_page_is_shown_as_text_and_pages_are_listed():
    call_command("docs", "settings", stdout=(shown := io.StringIO()))
    assert shown.getvalue() == (DOCS / "reference" / "settings.md").read_text()
    call_command("docs", list=True, stdout=(listed := io.StringIO()))
    assert re.search(r"^settings +Settings$", listed.getvalue(), re.MULTILINE)
    with pytest.raises(CommandError, match='no page named "setings"'):
        call_command("docs", "setings")


def test_the_menu_is_the_links_of_an_index():
    text = "[One `x`](one.md), [again](one.md), [Below](below/index.md), [elsewhere](below/page.md), [up](../up.md)"
    assert menu.entries(text) == ["One x <one>", "Below <below/index>"]
