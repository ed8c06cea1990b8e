"""Python source as text, laid out as the project's formatter does: nothing here knows of models."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

WIDTH = 110
INDENT = "    "


def call(head: str, arguments: Sequence[str], *, indent: int = 0, tail: str = "") -> str:
    """`head(arguments)tail`, on one line if it fits, else the arguments on the next line, else one on each."""
    space = INDENT * indent
    one_line = f"{space}{head}({', '.join(arguments)}){tail}"
    if len(one_line) <= WIDTH and "\n" not in one_line:
        return one_line
    inside = space + INDENT
    together = f"{inside}{', '.join(arguments)}"
    if len(together) <= WIDTH and "\n" not in together:
        return f"{space}{head}(\n{together}\n{space}){tail}"
    return f"{space}{head}(\n" + "".join(f"{inside}{each},\n" for each in arguments) + f"{space}){tail}"


def exploded(head: str, items: Iterable[str], *, indent: int, brackets: str = "[]", tail: str = "") -> str:
    """`head[items]tail` with one item on each line. Items are whole lines, indented already."""
    space = INDENT * indent
    return (
        f"{space}{head}{brackets[0]}\n"
        + "".join(f"{item},\n" for item in items)
        + f"{space}{brackets[1]}{tail}"
    )


def docstring(text: str, *, indent: int) -> str:
    """A docstring of one or more lines; what would end it is escaped."""
    space = INDENT * indent
    text = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    lines = [line.rstrip() for line in text.strip().splitlines()]
    if len(lines) == 1:
        return f'{space}"""{lines[0]}{" " if lines[0].endswith(chr(34)) else ""}"""'
    body = "\n".join([lines[0], *(f"{space}{line}" if line else "" for line in lines[1:])])
    return f'{space}"""{body}\n{space}"""'


def string(value: str) -> str:
    """A string literal with double quotes, as the formatter has them."""
    shown = repr(value)
    if shown[0] == "'" and '"' not in shown:
        return '"' + shown[1:-1].replace("\\'", "'") + '"'
    return shown


def literal(value: object) -> str:
    """A literal of None, bool, int, float, str or a sequence of such."""
    if isinstance(value, str):
        return string(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(literal(each) for each in value) + "]"
    return repr(value)
