"""Layout of generated text: lists on one line if they fit, docs, names. For languages with brackets."""

from __future__ import annotations

import re
from collections.abc import Sequence

WIDTH = 110


def wrap(head: str, parts: Sequence[str], tail: str, indent: str = "", step: str = "  ") -> str:
    """`head` + parts + `tail` on one line if they fit, else a line for each part.

    wrap("f(", ["a", "b"], ");", indent="  ") is "  f(a, b);"
    """
    line = f"{indent}{head}{', '.join(parts)}{tail}"
    if (len(line) <= WIDTH and "\n" not in line) or not parts:
        return line
    inner = "".join(f"{indent}{step}{part},\n" for part in parts)
    return f"{indent}{head.rstrip(' ')}\n{inner}{indent}{tail.lstrip(' ')}"


def braces(parts: Sequence[str], indent: str = "", used: int = 0, step: str = "  ") -> str:
    """`{ a, b }` if it fits into a line with `used` characters already, else a line for each part."""
    if not parts:
        return "{}"
    line = f"{{ {', '.join(parts)} }}"
    if len(indent) + used + len(line) <= WIDTH and "\n" not in line:
        return line
    return "{\n" + "".join(f"{indent}{step}{part},\n" for part in parts) + f"{indent}}}"


def block_comment(text: str, indent: str = "") -> str:
    """A /** doc comment */ with its line end; "" for no text."""
    lines = [line.rstrip() for line in text.replace("*/", "*\\/").strip().splitlines()]
    if not lines:
        return ""
    if len(lines) == 1 and len(indent) + len(lines[0]) <= WIDTH - 7:
        return f"{indent}/** {lines[0]} */\n"
    body = "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines)
    return f"{indent}/**\n{body}{indent} */\n"


def lower_first(name: str) -> str:
    """NoteColor -> noteColor, URLKind -> urlKind."""
    head = re.match(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]+(?![a-z])|[A-Z]", name)
    return name[: head.end()].lower() + name[head.end() :] if head else name


def camel(name: str) -> str:
    """shared_module -> sharedModule."""
    first, *rest = re.split(r"[^A-Za-z0-9]+", name)
    return first + "".join(part[:1].upper() + part[1:] for part in rest)
