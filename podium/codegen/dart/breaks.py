"""Line breaking of Dart source at brackets and operators, like `dart format`.

Handles only the emitter's output, one statement or declaration a line, not all of Dart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

WIDTH = 80
OPENING, CLOSING = "([{<", ")]}>"
TOKEN = re.compile(r"'(?:[^'\\]|\\.)*'|=>|[()\[\]{}<>]")
"""A string, an arrow or a bracket."""
CLASS_HEAD = re.compile(r"^(?:abstract |sealed )?(?:class|enum) ")
KEY = re.compile(r"^(?:\w+|'[^']*'): ")
CONSTRUCTOR = re.compile(r"^(?:const )?\w+(?:\._)?\(")
NAMED = re.compile(r"^\{(?!'|\}|if \()|^\[@|^\[\w+[\w<>?, .]* \w+")
"""The start of a parameter in {} or [] of a declaration; no map or list contains it."""


@lru_cache(maxsize=2048)  # few files change between two runs in one process
def broken(source: str) -> str:
    """Return the text of a file with its long lines broken."""
    return "\n".join(_line(line) for line in source.split("\n"))


def _line(line: str) -> str:
    text = line.lstrip(" ")
    if len(line) <= WIDTH or text.startswith(("//", "import ", "export ", "part ")):
        return line
    if CLASS_HEAD.match(text):
        return _class_head(line)
    indent = len(line) - len(text)
    if text.startswith("if (") and text.endswith(" {"):
        return _condition(text, indent)
    tail = next((end for end in (" {", ";", ",") if text.endswith(end)), "")
    return " " * indent + _lay(text.removesuffix(tail), indent, indent, tail)


def _class_head(line: str) -> str:
    """`class A extends B implements C, D {`: each clause on a line, each interface too if they don't fit."""
    first, implements, rest = line.partition(" implements ")
    if len(first) > WIDTH:
        first = first.replace(" extends ", "\n    extends ")
    if not implements:
        return first
    if len(rest) + 15 > WIDTH:
        rest = "".join(f"{_new_line(8)}{one}" for one in rest.replace(", ", ",\0").split("\0"))
        return f"{first}\n    implements{rest}"
    return f"{first}\n    implements {rest}"


def _condition(text: str, indent: int) -> str:
    """`if (a == b) {`."""
    left, equals, right = text.partition(" == ")
    joined = f"{left} =={_new_line(indent + 8)}{right}" if equals else text
    return " " * indent + joined


# Finding the places to break at -----------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _outside(text: str) -> tuple[int, ...]:
    """The positions outside of brackets and strings."""
    found: list[int] = []
    position = 0
    while token := TOKEN.search(text, position):
        found += range(position, token.start() + 1)
        position = _closing(text, token.start()) + 1 if token[0] in OPENING else token.end()
    return (*found, *range(position, len(text)))


@lru_cache(maxsize=4096)
def _closing(text: str, start: int) -> int:
    """The position where the bracket at `start` closes."""
    depth = 0
    for token in TOKEN.finditer(text, start):
        if token[0] in OPENING:
            depth += 1
        elif token[0] in CLOSING:
            depth -= 1
            if depth == 0:
                return token.start()
    return len(text)


def _find(text: str, mark: str) -> int:
    """The position of `mark` outside of brackets and strings; -1 if there is none."""
    if mark not in text:
        return -1
    return next((position for position in _outside(text) if text.startswith(mark, position)), -1)


def _parts(text: str) -> list[str]:
    """The parts between commas."""
    bounds = [-1, *(position for position in _outside(text) if text[position] == ","), len(text)]
    found = [text[start + 1 : end].strip() for start, end in pairwise(bounds)]
    return [part for part in found if part]


@dataclass(frozen=True)
class Group:
    """Brackets in a text: the text before, with the opening one; inside; after, with the closing one."""

    head: str
    inside: str
    rest: str


def _last_group(text: str) -> Group | None:
    """The last round, square or curly brackets that are not empty.

    Not an index, and not an expression in parentheses, which a trailing comma would make a record.
    """
    for start in reversed(list(_outside(text))):
        is_index = text[start] == "[" and start > 0 and re.match(r"[\w)\]]", text[start - 1])
        if text[start] in "([{" and not is_index:
            end = _closing(text, start)
            inside = text[start + 1 : end].strip()
            is_call = start > 0 and re.match(r"[\w>)\]]", text[start - 1])
            if inside and (text[start] != "(" or is_call or _find(inside, ",") >= 0 or KEY.match(inside)):
                return Group(text[: start + 1], inside, text[end:])
    return None


# Breaking -----------------------------------------------------------------------------------------------------------


def _lay(text: str, indent: int, column: int, tail: str = "") -> str:
    """Lay out `text` and `tail`: the first line from `column` on, the others from `indent` on."""
    if column + len(text) + len(tail) <= WIDTH:
        return text + tail
    for rule in (
        _annotation,
        _element,
        _word,
        _arrow,
        _initializers,
        _assignment,
        _entry,
        _conditional,
        _operator,
        _cast,
    ):
        found = rule(text, indent, column, tail)
        if found is not None:
            return found
    return _brackets(text, indent, column, tail)


def _new_line(indent: int) -> str:
    return "\n" + " " * indent


def _annotation(text: str, indent: int, column: int, tail: str) -> str | None:
    """`@Deprecated('use b') int a`, a parameter: the annotation gets a line of its own."""
    if not text.startswith("@") or "(" not in text:
        return None
    end = _closing(text, text.index("(")) + 1
    marked = text[end:].lstrip()
    if not marked:
        return None
    return _lay(text[:end], indent, column) + _new_line(indent) + _lay(marked, indent, indent, tail)


def _element(text: str, indent: int, column: int, tail: str) -> str | None:
    """`if (x) entry` in a list or a map."""
    if not text.startswith("if ("):
        return None
    end = _closing(text, 3) + 1
    return text[:end] + _new_line(indent + 2) + _lay(text[end:].strip(), indent + 2, indent + 2, tail)


def _word(text: str, indent: int, column: int, tail: str) -> str | None:
    for word in ("return ", "throw ", "required "):
        if text.startswith(word):
            return word + _lay(text.removeprefix(word), indent, column + len(word), tail)
    return None


def _arrow(text: str, indent: int, column: int, tail: str) -> str | None:
    """`f(x) => y`: y stays on the line if its brackets can open there, else moves to the next."""
    position = _find(text, "=>")
    if position < 0:
        return None
    left, right = text[:position].rstrip(), text[position + 3 :]
    head = _lay(left, indent, column, " =>")
    used = len(head) + column + 1 if "\n" not in head else len(head.rsplit("\n", 1)[-1]) + 1
    fits_below = indent + 4 + len(right) + len(tail) <= WIDTH
    group = _last_group(right)
    opens_here = group is not None and not group.rest[1:] and used + len(group.head) <= WIDTH
    if opens_here and ("\n" in head or not fits_below or text[0] == "("):
        return f"{head} {_lay(right, indent, used, tail)}"
    return head + _new_line(indent + 4) + _lay(right, indent + 4, indent + 4, tail)


def _initializers(text: str, indent: int, column: int, tail: str) -> str | None:
    """`Name(parameters) : a = b, super(c)`."""
    position = _find(text, " : ")
    if position < 0 or not CONSTRUCTOR.match(text) or _find(text, " ? ") >= 0:
        return None
    left, given = text[:position], _parts(text[position + 3 :])
    fits = indent + len(left) <= WIDTH
    inner = indent + (4 if fits else 5)
    lines = [_lay(each, inner, inner, ",") for each in given[:-1]] + [_lay(given[-1], inner, inner, tail)]
    head = f"{left}{_new_line(indent + 2)}: " if fits else _brackets(left, indent, column, " : ")
    return head + _new_line(inner).join(lines)


def _assignment(text: str, indent: int, column: int, tail: str) -> str | None:
    position = _find(text, " = ")
    if position < 0:
        return None
    left, right = text[: position + 2], text[position + 3 :]
    if column + len(left) > WIDTH:
        return _brackets(left.removesuffix(" ="), indent, column, f" = {right}{tail}")
    group = _last_group(right)
    plain = _find(right, " ? ") < 0 and _find(right, " ?? ") < 0
    if group and plain and column + len(left) + 1 + len(group.head) <= WIDTH:
        return f"{left} {_lay(right, indent, column + len(left) + 1, tail)}"
    return left + _new_line(indent + 4) + _lay(right, indent + 4, indent + 4, tail)


def _entry(text: str, indent: int, column: int, tail: str) -> str | None:
    """`name: value`, `'key': value`."""
    found = KEY.match(text)
    if not found:
        return None
    key, value = found.group(), text[found.end() :]
    question = _find(value, " ? ")
    if question >= 0:
        if column + len(key) + question <= WIDTH:
            return key + _lay(value, indent, column + len(key), tail)
        return key.rstrip() + _new_line(indent + 4) + _lay(value, indent, indent + 4, tail)
    group = _last_group(value)
    plain = _find(value, " ?? ") < 0 and _find(value, " as ") < 0
    if plain and group and column + len(key) + len(group.head) <= WIDTH:
        return key + _lay(value, indent, column + len(key), tail)
    return key.rstrip() + _new_line(indent + 4) + _lay(value, indent + 4, indent + 4, tail)


def _conditional(text: str, indent: int, column: int, tail: str) -> str | None:
    question = _find(text, " ? ")
    if question < 0:
        return None
    colon = question + 3 + _find(text[question + 3 :], " : ")
    inner = indent + 4
    chosen = _lay(text[question + 3 : colon], inner + 2, inner + 2)
    otherwise = _lay(text[colon + 3 :], inner + 2, inner + 2, tail)
    return f"{text[:question]}{_new_line(inner)}? {chosen}{_new_line(inner)}: {otherwise}"


def _operator(text: str, indent: int, column: int, tail: str) -> str | None:
    """`a ?? b`."""
    position = _find(text, " ?? ")
    if position < 0:
        return None
    inner = indent if column == indent else indent + 4
    return f"{text[:position]} ??{_new_line(inner)}{_lay(text[position + 4 :], inner, inner, tail)}"


def _cast(text: str, indent: int, column: int, tail: str) -> str | None:
    """`x as T`: the type stays with the end of x."""
    position = _find(text, " as ")
    if position < 0 or _last_group(text[:position]) is None:
        return None
    return _lay(text[:position], indent, column, text[position:] + tail)


def _brackets(text: str, indent: int, column: int, tail: str = "") -> str:
    """Break inside the last brackets, a line for each part; if they open too late, break at the last space."""
    group = _last_group(text)
    space = max((at for at in _outside(text) if text[at] == " "), default=0)
    if space and (group is None or column + len(group.head) > WIDTH):
        return f"{text[:space]}{_new_line(indent)}{text[space + 1 :]}{tail}"
    if group is None:
        return text + tail
    parts = _parts(group.inside)
    *before, last = parts
    if NAMED.match(last) and not group.head.endswith(("<", "[", "{")):
        # f(a, {b}): the brace stays with the last parameter before it
        edge = last[0]
        if before:
            edge = _new_line(indent + 2) + _lay(before[-1], indent + 2, indent + 2, f", {edge}")
        inner = _lines(before[:-1], indent + 2) + edge + _lines(_parts(last[1:-1]), indent + 2)
        return f"{group.head}{inner}{_new_line(indent)}{last[-1]}{group.rest}{tail}"
    opened = f"{group.head}{', '.join([*before, last[0]])}"
    if group.head[-1] == "(" and last[0] in "[{" and len(last) > 2 and column + len(opened) <= WIDTH:
        # f(a, [b]): the list or map opens on the line of the call
        return (
            f"{opened}{_lines(_parts(last[1:-1]), indent + 2)}{_new_line(indent)}{last[-1]}{group.rest}{tail}"
        )
    return f"{group.head}{_lines(parts, indent + 2)}{_new_line(indent)}{group.rest}{tail}"


def _lines(parts: list[str], indent: int) -> str:
    return "".join(f"{_new_line(indent)}{_lay(part, indent, indent, ',')}" for part in parts)
