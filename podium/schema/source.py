"""Python source as text, laid out like the project's formatter does. Knows nothing of models."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

WIDTH = 110
INDENT = "    "


def call(
    head: str, arguments: Sequence[str], *, indent: int = 0, tail: str = "", listed: bool = False
) -> str:
    """`head(arguments)tail`, on one line if it fits, else the arguments on the next line, else one on each.

    listed  an item of `exploded`, so the comma behind it must fit too
    """
    space = INDENT * indent
    one_line = f"{space}{head}({', '.join(arguments)}){tail}"
    if len(one_line) + listed <= WIDTH and "\n" not in one_line:
        return one_line
    inside = space + INDENT
    together = f"{inside}{', '.join(arguments)}"
    if len(together) <= WIDTH and "\n" not in together:
        return f"{space}{head}(\n{together}\n{space}){tail}"
    return f"{space}{head}(\n" + "".join(f"{inside}{each},\n" for each in arguments) + f"{space}){tail}"


def from_import(source: str, names: Sequence[str], *, indent: int = 0) -> str:
    """`from source import names`, one on each line if they do not fit on one."""
    line = f"{INDENT * indent}from {source} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return line
    listed = "".join(f"{INDENT * (indent + 1)}{name},\n" for name in names)
    return f"{INDENT * indent}from {source} import (\n{listed}{INDENT * indent})"


def annotated(name: str, annotation: str, value: str = "", *, indent: int = 1) -> str:
    """`name: annotation = value`; if too long, the value in brackets, or the annotation without a value."""
    space = INDENT * indent
    tail = f" = {value}" if value else ""
    line = f"{space}{name}: {annotation}{tail}"
    if len(line) <= WIDTH:
        return line
    if value and len(f"{space}{name}: {annotation} = (") <= WIDTH:
        return f"{space}{name}: {annotation} = (\n{space}{INDENT}{value}\n{space})"
    return f"{space}{name}: (\n{space}{INDENT}{annotation}\n{space}){tail}"


def exploded(head: str, items: Iterable[str], *, indent: int, brackets: str = "[]", tail: str = "") -> str:
    """`head[items]tail` with one item on each line. Items are whole lines, indented already."""
    space = INDENT * indent
    return (
        f"{space}{head}{brackets[0]}\n"
        + "".join(f"{item},\n" for item in items)
        + f"{space}{brackets[1]}{tail}"
    )


def docstring(text: str, *, indent: int) -> str:
    """A docstring of one or more lines; quotes that would end it are escaped."""
    space = INDENT * indent
    text = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    lines = [line.rstrip() for line in text.strip().splitlines()]
    if len(lines) == 1:
        return f'{space}"""{lines[0]}{" " if lines[0].endswith(chr(34)) else ""}"""'
    body = "\n".join([lines[0], *(f"{space}{line}" if line else "" for line in lines[1:])])
    return f'{space}"""{body}\n{space}"""'


def string(value: str) -> str:
    """A string literal with double quotes, or single ones if that needs fewer backslashes."""
    if value.isidentifier():  # nearly always
        return f'"{value}"'
    quote = "'" if value.count('"') > value.count("'") else '"'
    inside = "".join(
        f"\\{each}" if each == quote else each if each in "'\"" else repr(each)[1:-1] for each in value
    )
    return quote + inside + quote


def literal(value: object) -> str:
    """A literal of None, bool, int, float, str or a sequence of these."""
    if isinstance(value, str):
        return string(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(literal(each) for each in value) + "]"
    return repr(value)
