"""The names that model files may refer to: own drafts, modules, shared packages, hand-written classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from podium.schema.definitions import ClassDefinition, Definition, EnumDefinition, Field, Protocol
from podium.schema.drafts import ClassDraft, Draft
from podium.schema.reading import Faults
from podium.wire.types import TypeRef, registry

Found = ClassDraft | ClassDefinition | EnumDefinition


@dataclass(slots=True)
class World:
    """The definitions that model files may use: own drafts by name, modules by nickname, hand-written classes."""

    protocol: Protocol
    faults: Faults
    drafts: dict[str, Draft] = field(default_factory=dict)
    jsonb: bool = False  # the default of `serializationDataType`

    def classes(self) -> Iterator[ClassDraft]:
        return (draft for draft in self.drafts.values() if isinstance(draft, ClassDraft))

    def find(self, kind: TypeRef) -> Found | None:
        """The definition of a bound type, if it is a class, an exception or an enum."""
        return self.protocol.find(kind) if kind.module else self.drafts.get(kind.name)

    def find_table(self, table: str) -> tuple[TypeRef, ClassDraft | ClassDefinition] | None:
        for draft in self.classes():
            if table in (draft.definition.table, draft.definition.client_table):
                return TypeRef(draft.name), draft
        for nickname, module in self.protocol.modules.items():
            for one in module.definitions:
                if isinstance(one, ClassDefinition) and table in (one.table, one.client_table):
                    return TypeRef(one.name, module=nickname), one
        return None

    def tables(self) -> Iterator[str]:
        """The names of all tables."""
        for draft in self.classes():
            yield draft.definition.table or draft.definition.client_table
        for module in self.protocol.modules.values():
            for one in module.definitions:
                if isinstance(one, ClassDefinition):
                    yield one.table or one.client_table

    def parent(self, draft: ClassDraft) -> ClassDraft | ClassDefinition | None:
        """The class it extends, once checked."""
        parent = draft.definition.parent
        found = self.find(parent) if parent else None
        return None if isinstance(found, EnumDefinition) else found

    def ancestors(self, draft: ClassDraft) -> list[ClassDraft | ClassDefinition]:
        """All parents from the nearest up, ending at a class of another package, which has all inherited fields."""
        found: list[ClassDraft | ClassDefinition] = []
        one: ClassDraft | ClassDefinition | None = self.parent(draft)
        while one is not None:
            found.append(one)
            one = self.parent(one) if isinstance(one, ClassDraft) else None
        return found

    def inherited(self, draft: ClassDraft, name: str) -> tuple[str, Field] | None:
        """The inherited field of that name, and the name of the class it comes from."""
        for one in self.ancestors(draft):
            if isinstance(one, ClassDraft):
                found = one.find(name)
                if found:
                    return one.name, found.field
            else:
                for candidate in one.fields:
                    if candidate.name == name:
                        return one.name, candidate
        return None

    def id_field(self, one: ClassDraft | ClassDefinition) -> Field | None:
        """The key of a class with a table."""
        if isinstance(one, ClassDefinition):
            return next((candidate for candidate in one.fields if candidate.name == "id"), None)
        own = one.find("id")
        inherited = self.inherited(one, "id")
        return own.field if own else (inherited[1] if inherited else None)


def definition_of(found: Found) -> Definition:
    return found.definition if isinstance(found, ClassDraft) else found


def is_json(world: World, kind: TypeRef) -> bool:
    """Return whether values of this type are stored as JSON: containers, records, dynamic, classes."""
    if kind.is_container or kind.is_record or kind.is_dynamic:
        return True
    if registry.find(kind) is not None:
        return False
    return not isinstance(world.find(kind), EnumDefinition)
