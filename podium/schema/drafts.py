"""Drafts: the content of one model file by itself. podium/schema/resolve.py combines and finishes them."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as default
from typing import Literal

from podium.schema.definitions import ClassDefinition, EnumDefinition, Field, Index, Position
from podium.schema.options import Option
from podium.wire.types import TypeRef
from podium.wire.validation import Rule


@dataclass(slots=True)
class RelationDraft:
    """`relation(...)` as written. `options` has the positions; actions are spelled like definitions.Action."""

    position: Position
    options: dict[str, Option] = default(default_factory=dict)
    parent: str = ""
    name: str = ""
    key: str = ""  # the value of `field=`
    optional: bool = False
    on_delete: str = "noAction"
    on_update: str = "noAction"
    deferrable: bool = False
    deferred: bool = False


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule for the values of a field, and its place."""

    rule: Rule
    position: Position


@dataclass(slots=True)
class FieldDraft:
    """A field as its own file declares it; later steps fill in `field`."""

    field: Field
    type_position: Position
    options: dict[str, Option] = default(default_factory=dict)
    relation: RelationDraft | None = None
    data_type: Literal["", "json", "jsonb"] = ""
    rules: list[RuleDraft] = default(default_factory=list)

    def at(self, option: str) -> Position:
        """The position of an option's value, or of the field if it has no such option."""
        return self.options[option].at if option in self.options else self.field.position


@dataclass(slots=True)
class IndexDraft:
    """An index as written, with its positions. Unlike in the final Index, "type" may be missing."""

    index: Index
    position: Position
    places: dict[str, Position] = default(default_factory=dict)
    parameters: dict[str, Position] = default(default_factory=dict)


@dataclass(slots=True)
class ClassDraft:
    """A class or exception as its own file declares it.

    broken  names of fields that could not be read, so that references to them are not reported again
    """

    definition: ClassDefinition
    fields: list[FieldDraft] = default(default_factory=list)
    indexes: list[IndexDraft] = default(default_factory=list)
    extends: TypeRef | None = None
    places: dict[str, Position] = default(default_factory=dict)
    data_type: Literal["", "json", "jsonb"] = ""
    broken: set[str] = default(default_factory=set)

    @property
    def name(self) -> str:
        return self.definition.name

    def has_table(self) -> bool:
        """True for a table on the server or on the device."""
        return bool(self.definition.table or self.definition.client_table)

    def find(self, name: str) -> FieldDraft | None:
        return next((one for one in self.fields if one.field.name == name), None)

    def at(self, key: str) -> Position:
        return self.places.get(key, self.definition.position)


Draft = ClassDraft | EnumDefinition
