"""config/settings.py as text: find the apps that it lists, with their lines, and add one. Never imported here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

NAME = "INSTALLED_APPS"
FILE = "config/settings.py"


class UnknownForm(Exception):
    """The file does not list its apps in a way that can be edited."""


def listed(text: str) -> list[tuple[str, int]]:
    """The apps that the file itself lists, each with its line, without those of `podium.settings`.

    Raises SyntaxError.
    """
    lists = _lists(text)
    return [
        (each.value, each.lineno)
        for one in lists
        for each in one.elts
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]


def line_of(path: Path, app: str) -> int:
    """The last line of the file that lists an app; 1 if none does."""
    try:
        lines = [line for name, line in listed(path.read_text(encoding="utf-8")) if name == app]
    except (OSError, SyntaxError, UnicodeDecodeError):
        return 1
    return max(lines, default=1)


def last_line(path: Path) -> int:
    """The line of the file's last list of apps, where to add another one; 1 without a list."""
    try:
        return max((one.lineno for one in _lists(path.read_text(encoding="utf-8"))), default=1)
    except (OSError, SyntaxError, UnicodeDecodeError):
        return 1


def with_app(text: str, app: str) -> str:
    """The text of the file with one more app at the end of its last list. Raises UnknownForm, SyntaxError."""
    lists = list(_lists(text))
    if not lists:
        raise UnknownForm
    added = _inserted(text, lists[-1], f'"{app}"')
    if [name for name, _ in listed(added)] != [*(name for name, _ in listed(text)), app]:
        raise UnknownForm  # such as a list that continues after an unpacked one
    return added


def _lists(text: str) -> list[ast.List]:
    return list(_of_module(ast.parse(text)))


def _of_module(tree: ast.Module) -> Iterator[ast.List]:
    """`INSTALLED_APPS += [...]` and `INSTALLED_APPS = [...]`, at the top level."""
    for node in tree.body:
        match node:
            case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=ast.List() as value) if (
                name == NAME
            ):
                yield value
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.List() as value) if name == NAME:
                yield value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.List() as value) if name == NAME:
                yield value
            case _:
                pass


def _inserted(text: str, value: ast.List, word: str) -> str:
    lines = text.encode().splitlines(keepends=True)  # positions of ast are those of UTF-8
    last = value.elts[-1] if value.elts else None
    if last is None:
        line, column, added = value.lineno, value.col_offset + 1, word
    elif last.lineno == value.lineno:
        line, column, added = last.end_lineno or 0, last.end_col_offset or 0, f", {word}"
    else:
        line, column, added = (
            last.end_lineno or 0,
            last.end_col_offset or 0,
            f",\n{' ' * last.col_offset}{word}",
        )
    at = lines[line - 1]
    lines[line - 1] = at[:column] + added.encode() + at[column:]
    return b"".join(lines).decode()
