"""Parts of a field's line: `Type?, word, word=value, !word, word(inner=value, inner)`, or the same as a YAML mapping.

Returns the type's text and the options by name, with their positions. schema/declare.py interprets them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from podium.schema.definitions import Position
from podium.schema.reading import (
    Faults,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Source,
    entries,
    is_null,
)
from podium.wire.errors import SchemaError

_CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
_OPTION = re.compile(
    r"(?P<not>!)?\s*(?P<name>[A-Za-z_]\w*)\s*(?:=\s*(?P<value>.*)|\((?P<inner>.*)\))?", re.DOTALL
)


@dataclass(slots=True)
class Option:
    """One option: it has a `value` ("true" for a bare word, "false" for `!word`), or `inner` options, or `items`."""

    name: str
    position: Position
    value: str | None = None
    value_position: Position | None = None
    bare: bool = False
    inner: dict[str, Option] | None = None
    items: list[str] | None = None

    @property
    def at(self) -> Position:
        """The position of its value."""
        return self.value_position or self.position


@dataclass(slots=True)
class FieldText:
    """A field as written. `type_text` is "" without a type."""

    type_text: str = ""
    type_node: Node | None = None
    type_offset: int = 0
    options: dict[str, Option] = field(default_factory=dict)


def split(text: str) -> Iterator[tuple[str, int]]:
    """Split `text` at commas outside of brackets and quotes, with the offset of each part.

    Raises SchemaError for an unmatched bracket or quote.
    """
    start, opened, position = 0, list[tuple[str, int]](), 0
    while position < len(text):
        character = text[position]
        if character in "'\"":
            position = _quote_end(text, position)
        elif character in _CLOSING:
            opened.append((character, position))
        elif character in ")]}>":
            if not opened or _CLOSING[opened[-1][0]] != character:
                raise SchemaError(f'"{character}" closes nothing', position)
            opened.pop()
        elif character == "," and not opened:
            yield text[start:position], start
            start = position + 1
        position += 1
    if opened:
        raise SchemaError(f'the "{opened[-1][0]}" is not closed', opened[-1][1])
    yield text[start:], start


def _quote_end(text: str, start: int) -> int:
    position = start + 1
    while position < len(text):
        if text[position] == "\\":
            position += 1
        elif text[position] == text[start]:
            return position
        position += 1
    raise SchemaError("the quote is not closed", start)


def read_field(source: Source, node: Node, faults: Faults) -> FieldText | None:
    """The type and options of a field. None, and a fault, if it can't be read."""
    if isinstance(node, ScalarNode):
        return _read_line(source, node, faults)
    if isinstance(node, MappingNode):
        return _read_mapping(source, node, faults)
    faults.add(source.at(node), "a field is written as its type, e.g. name: String")
    return None


def _read_line(source: Source, node: ScalarNode, faults: Faults) -> FieldText | None:
    try:
        parts = list(split(node.value))
        result = FieldText(parts[0][0].strip(), node, len(parts[0][0]) - len(parts[0][0].lstrip()))
        if len(parts) > 1 and not parts[-1][0].strip():
            parts.pop()  # a comma at the end of the line
        for part, offset in parts[1:]:
            _put(result.options, _read_option(source, node, part, offset), faults)
    except SchemaError as error:
        faults.add(source.at(node, error.offset), error.message)
        return None
    return result


def _read_option(source: Source, node: ScalarNode, text: str, offset: int) -> Option:
    word = text.strip()
    offset += len(text) - len(text.lstrip())
    match = _OPTION.fullmatch(word)
    if not match:
        raise SchemaError(
            f'"{word}" is not a valid option; write word, !word, word=value or word(...)'
            if word
            else "something is missing between two commas",
            offset,
        )
    position = source.at(node, offset)
    option = Option(match["name"], position)
    if match["not"] and (match["value"] is not None or match["inner"] is not None):
        raise SchemaError(f'"!{match["name"]}" already says false; leave out what follows', offset)
    if match["inner"] is not None:
        option.inner = {}
        start = offset + match.start("inner")
        parts = list(split(match["inner"])) if match["inner"].strip() else []
        if len(parts) > 1 and not parts[-1][0].strip():
            parts.pop()
        for part, at in parts:
            inner = _read_option(source, node, part, start + at)
            if inner.name in option.inner:
                raise SchemaError(f'"{inner.name}" appears twice; remove one', start + at)
            option.inner[inner.name] = inner
    elif match["value"] is not None:
        option.value = match["value"].strip()
        option.value_position = source.at(node, offset + match.start("value"))
        if option.value.startswith("[") and option.value.endswith("]"):
            option.items = [item.strip() for item, _ in split(option.value[1:-1])]
    else:
        option.bare, option.value = True, "false" if match["not"] else "true"
    return option


def _put(options: dict[str, Option], option: Option, faults: Faults) -> None:
    if option.name in options:
        faults.add(option.position, f'"{option.name}" appears twice; remove one')
    else:
        options[option.name] = option


def _read_mapping(source: Source, node: MappingNode, faults: Faults) -> FieldText:
    result = FieldText()
    for name, key, value in entries(source, node, faults, "an option's name"):
        if name != "type":
            result.options[name] = _option_of_node(source, name, key, value, faults)
        elif isinstance(value, ScalarNode) and not is_null(value):
            result.type_text, result.type_node = value.value.strip(), value
    return result


def _option_of_node(source: Source, name: str, key: Node, value: Node, faults: Faults) -> Option:
    option = Option(name, source.at(key), value_position=source.at(value))
    if isinstance(value, MappingNode):
        option.inner = {
            inner: _option_of_node(source, inner, inner_key, inner_value, faults)
            for inner, inner_key, inner_value in entries(source, value, faults, "an option's name")
        }
    elif isinstance(value, SequenceNode):
        option.items = [item.value.strip() if isinstance(item, ScalarNode) else "" for item in value.value]
    elif is_null(value):
        option.bare, option.value = (
            name in ("relation", "unique"),
            "true" if name in ("relation", "unique") else "",
        )
    elif isinstance(value, ScalarNode):
        # YAML removes the quotes of a text; the rules for defaults need them.
        quoted = value.style in ("'", '"')
        option.value = _quote(value.value) if quoted else value.value.strip()
    return option


def _quote(text: str) -> str:
    """Quote a value as on a field's line. A value with quotes of its own inside YAML's stays unchanged."""
    if len(text) > 1 and text[0] in "'\"" and text[-1] == text[0]:
        return text
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
