"""Model files as YAML nodes with their places. Knows YAML and comments, nothing of classes and fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from schema.definitions import Fault, Position

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C reader is ten times as fast


@dataclass(slots=True)
class Faults:
    """Where faults are collected, so that all of them are reported together."""

    found: list[Fault] = field(default_factory=list)

    def add(
        self, position: Position, message: str, severity: Literal["error", "warning", "info"] = "error"
    ) -> None:
        fault = Fault(position, message, severity)
        if fault not in self.found:
            self.found.append(fault)


@dataclass(slots=True)
class Source:
    """One model file. `file` is its path as messages show it, `folder` its folder below the models' folder."""

    file: str
    text: str
    folder: str = ""
    app: str = ""
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = self.text.split("\n")

    def at(self, node: Node, offset: int = 0) -> Position:
        """The place of a node, or of a character inside the text of a scalar."""
        line, column = node.start_mark.line, node.start_mark.column
        if offset and node.start_mark.line == node.end_mark.line:
            column += offset + (1 if isinstance(node, ScalarNode) and node.style in ("'", '"') else 0)
        return Position(self.file, line + 1, column + 1)

    def start(self) -> Position:
        return Position(self.file, 1, 1)

    def doc(self, node: Node) -> str:
        """The text of the `###` comments above a node; plain comments and empty lines between are passed over."""
        found: list[str] = []
        for line in reversed(self.lines[: node.start_mark.line]):
            line = line.strip()
            if line.startswith("###"):
                found.append(line[3:].removeprefix(" ").rstrip())
            elif line and not line.startswith("#"):
                break
        return "\n".join(reversed(found)).strip("\n")


def compose(source: Source, faults: Faults) -> MappingNode | None:
    """The mapping that a model file is. None, and a fault, where it is none."""
    if "\t" in source.text:
        line = next(number for number, text in enumerate(source.lines) if "\t" in text)
        before, _, _ = source.lines[line].partition("\t")
        if not before.strip():
            faults.add(
                Position(source.file, line + 1, len(before) + 1), "YAML is indented by spaces, not by tabs"
            )
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
        return node
    if node is None:
        faults.add(source.start(), "the file is empty; start it with class:, exception: or enum:")
    else:
        faults.add(
            source.at(node),
            'a model file has lines of the form "key: value", first class:, exception: or enum:',
        )
    return None


def _place(source: Source, error: yaml.YAMLError) -> Position:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return source.start()
    return Position(source.file, mark.line + 1, mark.column + 1)


def _explain(error: yaml.YAMLError) -> str:
    problem = str(getattr(error, "problem", "") or "")
    if "mapping values are not allowed" in problem:
        return 'this is not YAML: a ":" stands where none may be; check the indentation, or quote the whole value'
    if "more than one document" in problem or "but found another document" in problem:
        return "a model file has one document; put the second in a file of its own"
    if "anchor" in problem or "alias" in problem or "undefined" in problem:
        return f"this is not YAML: {problem}; quote values that start with * or &"
    reason = problem or str(error).splitlines()[0]
    return f"this is not YAML: {reason}"


def entries(
    source: Source, node: MappingNode, faults: Faults, what: str
) -> Iterator[tuple[str, ScalarNode, Node]]:
    """The keys and values of a mapping, in order; keys that are no text, or written twice, are faults."""
    seen: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            faults.add(source.at(key), f"{what} must be a word")
        elif key.value in seen:
            faults.add(source.at(key), f'"{key.value}" stands here twice; remove one')
        else:
            seen.add(key.value)
            yield key.value, key, value


def is_null(node: Node) -> bool:
    """Nothing was written: `key:`."""
    return isinstance(node, ScalarNode) and not node.style and node.value in ("", "~", "null")


def text(source: Source, node: Node, faults: Faults, what: str) -> str | None:
    """The text of a scalar that has one. None, and a fault, for anything else."""
    if isinstance(node, ScalarNode) and not is_null(node) and node.value.strip():
        return str(node.value).strip()
    faults.add(source.at(node), f"{what} needs a value" if is_null(node) else f"{what} must be one value")
    return None


def boolean(source: Source, node: Node, faults: Faults, what: str) -> bool:
    """true or false, spelled so. False, and a fault, for anything else."""
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
