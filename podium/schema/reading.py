"""Model files as YAML nodes with positions. Knows YAML and comments, but not classes and fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from podium.schema.definitions import Fault, Position
from podium.wire import texts

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C reader is ten times faster


@dataclass(slots=True)
class Faults:
    """A collection of faults, so that all are reported together."""

    found: list[Fault] = field(default_factory=list)

    def add(
        self, position: Position, message: str, severity: Literal["error", "warning", "info"] = "error"
    ) -> None:
        fault = Fault(position, message, severity)
        if fault not in self.found:
            self.found.append(fault)


@dataclass(slots=True)
class Source:
    """One model file. `file` is its path in messages, `folder` its folder below the models' folder."""

    file: str
    text: str
    folder: str = ""
    app: str = ""
    lines: list[str] = field(default_factory=list)
    read_comments: set[int] = field(default_factory=set)
    """Lines, from 0, with comments that are rules; see podium/schema/value_rules.py."""

    def __post_init__(self) -> None:
        self.lines = self.text.split("\n")

    def at(self, node: Node, offset: int = 0) -> Position:
        """The position of a node, or of a character inside the text of a scalar."""
        line, column = node.start_mark.line, node.start_mark.column
        if offset and node.start_mark.line == node.end_mark.line:
            column += offset + (1 if isinstance(node, ScalarNode) and node.style in ("'", '"') else 0)
        return Position(self.file, line + 1, column + 1)

    def start(self) -> Position:
        return Position(self.file, 1, 1)

    def doc(self, node: Node) -> str:
        """The text of the `###` comments above a node; skips plain comments and empty lines in between."""
        found: list[str] = []
        for line in reversed(self.lines[: node.start_mark.line]):
            line = line.strip()
            if line.startswith("###"):
                found.append(line[3:].removeprefix(" ").rstrip())
            elif line and not line.startswith("#"):
                break
        return "\n".join(reversed(found)).strip("\n")


def compose(source: Source, faults: Faults) -> MappingNode | None:
    """Parse a model file as a mapping. None, and a fault, if it is not one."""
    if "\t" in source.text:
        line = next(number for number, text in enumerate(source.lines) if "\t" in text)
        before, _, _ = source.lines[line].partition("\t")
        if not before.strip():
            faults.add(
                Position(source.file, line + 1, len(before) + 1), "YAML is indented by spaces, not by tabs"
            )
            return None
    if reason := texts.surrogate(source.text):
        faults.add(source.start(), f"the file has {reason}; remove it")
        return None
    try:
        node = yaml.compose(source.text, Loader=_Loader)
    except yaml.YAMLError as error:
        faults.add(_place(source, error), _explain(error))
        return None
    except RecursionError:
        faults.add(source.start(), "the file is nested too deep")
        return None
    if isinstance(node, MappingNode):
        return None if _has_nul(source, node, faults) else node
    if node is None:
        faults.add(source.start(), "the file is empty; start it with class:, exception: or enum:")
    else:
        faults.add(
            source.at(node),
            'a model file has lines of the form "key: value", first class:, exception: or enum:',
        )
    return None


def _has_nul(source: Source, node: MappingNode, faults: Faults) -> bool:
    """Report texts with a NUL character, which YAML can spell ("\\0") and Postgres can't store."""
    if "\\" not in source.text:
        return False
    found = [each for each in _scalars(node) if "\x00" in each.value]
    for each in found:
        faults.add(source.at(each), "this text has a NUL character, which Postgres can't store; remove it")
    return bool(found)


def _scalars(node: Node) -> Iterator[ScalarNode]:
    """Each scalar of a file once, keys included; an alias repeats a node, even inside itself."""
    waiting, seen = [node], {id(node)}
    while waiting:
        each = waiting.pop()
        if isinstance(each, ScalarNode):
            yield each
            continue
        inside = (
            each.value if isinstance(each, SequenceNode) else [one for pair in each.value for one in pair]
        )
        waiting += [one for one in reversed(inside) if id(one) not in seen]
        seen |= {id(one) for one in inside}


def _place(source: Source, error: yaml.YAMLError) -> Position:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return source.start()
    return Position(source.file, mark.line + 1, mark.column + 1)


def _explain(error: yaml.YAMLError) -> str:
    problem = str(getattr(error, "problem", "") or "")
    if "invalid Unicode character escape" in problem:
        return (
            "this escape is half a character (a lone surrogate), or no character; write the character itself"
        )
    if "mapping values are not allowed" in problem:
        return 'this is not YAML: a ":" is not allowed here; check the indentation, or quote the whole value'
    if "more than one document" in problem or "but found another document" in problem:
        return "a model file has one document; put the second in a file of its own"
    if "anchor" in problem or "alias" in problem or "undefined" in problem:
        return f"this is not YAML: {problem}; quote values that start with * or &"
    reason = problem or str(error).splitlines()[0]
    return f"this is not YAML: {reason}"


def entries(
    source: Source, node: MappingNode, faults: Faults, what: str
) -> Iterator[tuple[str, ScalarNode, Node]]:
    """The keys and values of a mapping, in order; keys that are not text, or appear twice, are faults."""
    seen: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            faults.add(source.at(key), f"{what} must be a word")
        elif key.value in seen:
            faults.add(source.at(key), f'"{key.value}" appears twice; remove one')
        else:
            seen.add(key.value)
            yield key.value, key, value


def is_null(node: Node) -> bool:
    """Return whether no value was written: `key:`."""
    return isinstance(node, ScalarNode) and not node.style and node.value in ("", "~", "null")


BOOLEANS = frozenset(["true", "True", "TRUE", "false", "False", "FALSE"])
"""The unquoted texts that YAML 1.2 reads as true or false."""


def text(source: Source, node: Node, faults: Faults, what: str) -> str | None:
    """The text of a scalar that has one. None and a fault for anything else."""
    if isinstance(node, ScalarNode) and not node.style and node.value in BOOLEANS:
        faults.add(
            source.at(node),
            f"{what} must be a text, but {node.value} is a boolean in YAML; write another, or put it in quotes",
        )
        return None
    if isinstance(node, ScalarNode) and not is_null(node) and node.value.strip():
        return str(node.value).strip()
    faults.add(source.at(node), f"{what} needs a value" if is_null(node) else f"{what} must be one value")
    return None


def boolean(source: Source, node: Node, faults: Faults, what: str) -> bool:
    """Read `true` or `false`. False and a fault for anything else."""
    if isinstance(node, ScalarNode) and not node.style and node.value in ("true", "false"):
        return bool(node.value == "true")
    found = f', not "{node.value}"' if isinstance(node, ScalarNode) and node.value else ""
    faults.add(source.at(node), f"{what} is true or false{found}")
    return False


__all__ = [
    "Faults",
    "MappingNode",
    "Node",
    "ScalarNode",
    "SequenceNode",
    "Source",
    "boolean",
    "compose",
    "entries",
    "is_null",
    "text",
]
