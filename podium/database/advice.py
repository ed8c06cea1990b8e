"""Changes that make model files match a database: the lines that `manage.py adopt` shows.

Older versions of Serverpod have other default column types: until version 3, an enum was stored as its index.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from podium.database import model_files
from podium.database.drift.catalog import Column, Table
from podium.database.drift.difference import Difference
from podium.schema.definitions import ClassDefinition, Definition, EnumDefinition, Field, Protocol
from podium.wire.types import registry
from podium.wire.types.ref import TEXT

BY_NAME_SINCE = "20250825"
"""The beginning of the version that Serverpod 3.0 has in serverpod_migrations; those before it are older."""
INTEGERS = frozenset(["bigint", "integer", "smallint"])


@dataclass(frozen=True)
class Models:
    """The model files of one project's folder."""

    root: Path
    protocol: Protocol

    def place(self, definition: Definition, field: Field | None = None) -> str:
        """ "example/note.spy.yaml:3"."""
        return f"{definition.position.file}:{(field or definition).position.line}"

    def says(self, definition: Definition, key: str) -> bool:
        """Return whether the definition's file has this key."""
        text = (self.root / definition.position.file).read_text(encoding="utf-8-sig")
        return re.search(rf"^{key}\s*:", text, re.MULTILINE) is not None


def models_of(labels: Iterable[str]) -> list[Models]:
    """The model files of these apps' projects."""
    roots = {model_files.root_of(label) for label in labels}
    return [Models(root, model_files.load(root)) for root in sorted(roots)]


def advise(
    models: Iterable[Models],
    differences: Iterable[Difference],
    wanted: Mapping[str, Table],
    found: Mapping[str, Table],
) -> list[str]:
    """A line for each place to change: "shop/note.spy.yaml:3: write ..."."""
    models = list(models)
    lines: dict[str, None] = {}
    for difference in differences:
        table, _, name = difference.what.partition(".")
        for each in models:
            if definition := each.protocol.find_table(table):
                there = found.get(table, Table())
                if difference.kind == "column":
                    text = _of_column(each, definition, name, wanted[table].columns, there.columns)
                else:
                    text = _of_other(each, definition, difference)
                lines |= dict.fromkeys([text] if text else [])
    return list(lines)


def enums_by_index(models: Iterable[Models], labels: Iterable[str], version: str) -> list[str]:
    """A line for each enum of these apps without an explicit form, if Serverpod 2 or 1 created the database."""
    if not version or version >= BY_NAME_SINCE:
        return []
    return [
        f"{each.place(enum)}: write `serialized: byIndex` below this line, if your server is older than Serverpod 3"
        for each in models
        for enum in _enums(each.protocol, set(labels))
        if not each.says(enum, "serialized")
    ]


def _enums(protocol: Protocol, labels: set[str]) -> Iterator[EnumDefinition]:
    for one in protocol.definitions:
        if isinstance(one, EnumDefinition) and one.app in labels:
            yield one


def _of_column(
    models: Models,
    definition: ClassDefinition,
    name: str,
    wanted: Mapping[str, Column],
    found: Mapping[str, Column],
) -> str:
    field = next((one for one in definition.fields if one.column == name), None)
    there, want = found.get(name), wanted.get(name)
    if field is None or want is None:
        kind = _dart(there) if there else TEXT
        return f"{models.place(definition)}: add a field for the column: `{name}: {kind}`"
    place = models.place(definition, field)
    if there is None:
        return _of_missing(
            place, f"the field {field.name}", is_filled=bool(want.default) or not want.required
        )
    if want.type != there.type:
        return _of_type(models, place, field, there)
    if want.required != there.required:
        return f"{place}: write `{field.name}: {_dart(there)}{'' if there.required else '?'}`"
    return (
        f"{place}: write a default that gives {there.default}"
        if there.default
        else f"{place}: remove the default"
    )


def _of_type(models: Models, place: str, field: Field, there: Column) -> str:
    enum = models.protocol.find(field.type)
    if isinstance(enum, EnumDefinition):
        if there.type in INTEGERS:
            return (
                f"{models.place(enum)}: write `serialized: byIndex` below this line: "
                "the database holds indexes, the default until Serverpod 3"
            )
        if there.type == "text":
            return (
                f"{models.place(enum)}: write `serialized: byName` below this line: the database holds names"
            )
    if there.type in ("json", "jsonb"):
        return f"{place}: append `, serializationDataType={there.type}`"
    return f"{place}: write `{field.name}: {_dart(there)}`"


def _of_missing(place: str, what: str, *, is_filled: bool) -> str:
    text = (
        f"{place}: the database does not have {what} yet: remove it, and add it with a migration afterwards"
    )
    return text if is_filled else f"{text}; then give it a default or a ?, for existing rows"


def _of_other(models: Models, definition: ClassDefinition, difference: Difference) -> str:
    place = models.place(definition)
    name = difference.what.rpartition(".")[2]
    if difference.text == "is missing":
        return _of_missing(place, f"the {difference.kind} {name}", is_filled=True)
    return f"{place}: write the {difference.kind} {name} so that it {difference.text.partition(', should be')[0]}"


def _dart(column: Column) -> str:
    """The type for a model file, with its dimension; the column's own type if model files have none for it."""
    name, bracket, size = column.type.partition("(")
    kind = next((each for each in registry.definitions() if name.strip() in each.column.read_from), None)
    if kind is None:
        return "a type whose column is " + column.type
    return kind.name + (bracket + size if kind.sized else "")
