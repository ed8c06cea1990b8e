"""Read the `indexes` of a class into drafts. schema/indexes.py checks them against its fields."""

from __future__ import annotations

from dataclasses import dataclass

from podium.schema import rules
from podium.schema.definitions import Index
from podium.schema.drafts import ClassDraft, IndexDraft
from podium.schema.reading import (
    Faults,
    MappingNode,
    Node,
    ScalarNode,
    Source,
    boolean,
    entries,
    is_null,
    text,
)


@dataclass(slots=True)
class IndexesReader:
    """Reader for `indexes`; fills the draft of their class."""

    source: Source
    draft: ClassDraft
    faults: Faults

    def read(self, node: Node) -> None:
        if not isinstance(node, MappingNode):
            what = "is empty; add an index, or remove it" if is_null(node) else "has a name for each index"
            self.faults.add(self.source.at(node), f'"indexes" {what}')
            return
        for name, key, value in entries(self.source, node, self.faults, "an index's name"):
            if not rules.INDEX_NAME.fullmatch(name):
                self.faults.add(
                    self.source.at(key), f'the index "{name}" must be named like company_name_idx'
                )
                continue
            if not isinstance(value, MappingNode):
                self.faults.add(
                    self.source.at(key), f'the index "{name}" needs its fields on the next line: fields: ...'
                )
                continue
            draft = IndexDraft(Index(name, (), type=""), self.source.at(key))
            self.index(draft, value)
            self.draft.indexes.append(draft)

    def index(self, draft: IndexDraft, node: MappingNode) -> None:
        values: dict[str, Node] = {}
        for name, key, value in entries(self.source, node, self.faults, "a key of an index"):
            if name in rules.INDEX_KEYS:
                values[name] = value
                draft.places[name] = self.source.at(value)
            else:
                hint = rules.near(name, rules.INDEX_KEYS) or f"; there are {rules.listed(rules.INDEX_KEYS)}"
                self.faults.add(self.source.at(key), f'"{name}" is not a valid key of an index{hint}')
        words = {
            name: text(self.source, values[name], self.faults, f'"{name}"') or ""
            for name in ("type", "operatorClass", "distanceFunction")
            if name in values
        }
        draft.index = Index(
            draft.index.name,
            self.index_fields(draft, values.get("fields")),
            words.get("type", ""),
            unique=self.index_flag(values, "unique", False),
            nulls_distinct=self.index_flag(values, "nulls_distinct", True),
            operator_class=words.get("operatorClass", ""),
            distance_function=words.get("distanceFunction", ""),
            parameters=self.parameters(draft, values.get("parameters")),
        )

    def index_flag(self, values: dict[str, Node], name: str, missing: bool) -> bool:
        return boolean(self.source, values[name], self.faults, f'"{name}"') if name in values else missing

    def index_fields(self, draft: IndexDraft, node: Node | None) -> tuple[str, ...]:
        if node is None:
            self.faults.add(draft.position, f'the index "{draft.index.name}" needs its fields: fields: name')
            return ()
        found = text(self.source, node, self.faults, '"fields" of an index')
        names = [name.strip() for name in (found or "").split(",")] if found else []
        if not all(names):
            self.faults.add(self.source.at(node), "a field is missing beside a comma")
        return tuple(name for name in names if name)

    def parameters(self, draft: IndexDraft, node: Node | None) -> tuple[tuple[str, int], ...]:
        if node is None:
            return ()
        if not isinstance(node, MappingNode):
            self.faults.add(self.source.at(node), '"parameters" has lines of the form "m: 16"')
            return ()
        found: list[tuple[str, int]] = []
        for name, key, value in entries(self.source, node, self.faults, "a parameter's name"):
            draft.parameters[name] = self.source.at(key)
            number = value.value if isinstance(value, ScalarNode) and not value.style else ""
            if number.isdecimal():
                found.append((name, int(number)))
            else:
                self.faults.add(self.source.at(value), f'the parameter "{name}" is a whole number')
        return tuple(found)
