"""What one model file says, before other files are looked at: drafts that schema/resolve.py finishes."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as default
from typing import Literal

from schema.definitions import ClassDefinition, EnumDefinition, Field, Index, Position
from schema.options import Option
from schema.types import TypeRef


@dataclass(slots=True)
class RelationDraft:
    """`relation(...)` as written. `options` has the places; actions are spelled as definitions.Action."""

    position: Position
    options: dict[str, Option] = default(default_factory=dict)
    parent: str = ""
    name: str = ""
    key: str = ""  # what `field=` names
    optional: bool = False
    on_delete: str = "noAction"
    on_update: str = "noAction"
    deferrable: bool = False
    deferred: bool = False


@dataclass(slots=True)
class FieldDraft:
    """A field as far as its own file tells: `field` is filled in more and more."""

    field: Field
    type_position: Position
    options: dict[str, Option] = default(default_factory=dict)
    relation: RelationDraft | None = None
    data_type: Literal["", "json", "jsonb"] = ""

    def at(self, option: str) -> Position:
        """Where an option's value stands; the field itself, where it has no such option."""
        return self.options[option].at if option in self.options else self.field.position


@dataclass(slots=True)
class IndexDraft:
    """An index as written, with its places; "type" may be missing, unlike in the Index it becomes."""

    index: Index
    position: Position
    places: dict[str, Position] = default(default_factory=dict)
    parameters: dict[str, Position] = default(default_factory=dict)


@dataclass(slots=True)
class ClassDraft:
    """A class or exception as far as its own file tells.

    broken  names of fields that could not be read, so that what refers to them is no second fault
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
        """On the server or on the device."""
        return bool(self.definition.table or self.definition.client_table)

    def find(self, name: str) -> FieldDraft | None:
        return next((one for one in self.fields if one.field.name == name), None)

    def at(self, key: str) -> Position:
        return self.places.get(key, self.definition.position)


Draft = ClassDraft | EnumDefinition
