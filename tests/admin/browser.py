"""A page's form as a browser sends it back: line ends as CRLF, the first option of a select without a choice."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class _Form(HTMLParser):
    def __init__(self, form: str) -> None:
        super().__init__()
        self.form = form
        self.is_inside = False
        self.data: dict[str, Any] = {}
        self.area: str | None = None
        self.select: tuple[str, list[tuple[str, bool]]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.is_inside = given.get("id") == self.form
        if not self.is_inside:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            self._input(name, given)
        elif tag == "textarea":
            self.area, self.data[name] = name, ""
        elif tag == "select":
            self.select = (name, [])
        elif tag == "option" and self.select is not None:
            self.select[1].append((given.get("value", ""), "selected" in given))

    def _input(self, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in ("submit", "button", "file"):
            return
        if kind == "checkbox":
            if "checked" in given:
                self.data[name] = given.get("value") or "on"
            return
        # A browser drops line ends in an input.
        self.data[name] = given.get("value", "").replace("\r", "").replace("\n", "")

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.data[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.area is not None:
            text = self.data[self.area].replace("\r\n", "\n").replace("\r", "\n")
            self.data[self.area] = text.removeprefix("\n").replace("\n", "\r\n")
            self.area = None
        elif tag == "select" and self.select is not None:
            name, options = self.select
            chosen = [value for value, is_selected in options if is_selected]
            if name and options:
                self.data[name] = chosen[0] if chosen else options[0][0]
            self.select = None
        elif tag == "form":
            self.is_inside = False


def sent(page: Any, form: str) -> dict[str, Any]:
    """The data of the form with this id in an answer."""
    reader = _Form(form)
    reader.feed(page.content.decode())
    assert reader.data, f"the page has no form {form}"
    return {name: value for name, value in reader.data.items() if not name.startswith("_")}
