"""Indexes: checks against their fields, defaults, and the indexes of `unique`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from podium.schema import rules
from podium.schema.definitions import ClassDefinition, Field, Index, Position
from podium.schema.drafts import ClassDraft, IndexDraft
from podium.schema.known_names import World, is_json
from podium.wire.types import registry
from podium.wire.types.definition import VectorIndex

GENERAL_TYPES: Final = ("btree", "hash", "gin", "gist", "spgist", "brin")
VECTOR_TYPES: Final = ("hnsw", "ivfflat")
GEOGRAPHY_TYPES: Final = ("gist", "spgist")
OPERATOR_CLASSES: Final = ("jsonbOps", "jsonbPathOps", "arrayOps", "tsvectorOps")
PARAMETERS: Final = {
    "hnsw": {"m": range(2, 101), "ef_construction": range(4, 1001)},
    "ivfflat": {"lists": range(1, 32769)},
}
"""Limits of pgvector for each parameter."""
HNSW_DEFAULTS: Final = {"m": 16, "ef_construction": 64}


def resolve(world: World) -> None:
    """Complete the indexes of all classes. Needs their fields in final form."""
    taken = {
        index.name: f"{nickname}:{one.name}"
        for nickname, module in world.protocol.modules.items()
        for one in module.definitions
        if isinstance(one, ClassDefinition) and one.table
        for index in one.indexes
    }
    own: dict[str, list[Index]] = {}
    for draft in world.classes():
        own[draft.name] = [_Check(world, draft, index).settle() for index in draft.indexes]
    uniques = {draft.name: _uniques(world, draft) for draft in world.classes()}
    for draft in world.classes():
        definition = draft.definition
        if not draft.has_table():
            definition.indexes = own[draft.name]
            continue
        definition.indexes = own[draft.name] + _inherited(world, draft, own) + uniques[draft.name]
        _check_names(world, draft, taken)


def _inherited(world: World, draft: ClassDraft, own: dict[str, list[Index]]) -> list[Index]:
    """Indexes from parents without a table; their names get the table's, so that they stay unique."""
    table = draft.definition.table or draft.definition.client_table
    found: list[Index] = []
    for above in world.ancestors(draft):
        indexes = own[above.name] if isinstance(above, ClassDraft) else above.indexes
        found += [replace(index, name=f"{table}_{index.name}") for index in indexes]
    return found


def _uniques(world: World, draft: ClassDraft) -> list[Index]:
    """The indexes that the option `unique` makes, of inherited fields too."""
    definition = draft.definition
    table = definition.table or definition.client_table
    found: list[Index] = []
    for field in definition.fields:
        if field.unique_per is None or not _fits_unique(world, draft, field):
            continue
        names = (*field.unique_per, field.name)
        columns = [definition.field(name).column for name in names]
        found.append(Index(rules.unique_index_name(table, columns), names, unique=True))
    return found if table else []


def _fits_unique(world: World, draft: ClassDraft, field: Field) -> bool:
    one = draft.find(field.name)
    at = one.at("unique") if one else draft.definition.position
    before = len(world.faults.found)
    if field.relation is not None:
        world.faults.add(
            at, f'"{field.name}" has no column; put unique on its key, {field.relation.foreign_key}'
        )
    elif not field.persist:
        world.faults.add(at, f'"{field.name}" has no column, so it can\'t be unique; remove !persist')
    elif _vectors(field) or _is_place(field):
        world.faults.add(at, f"values of {field.type.required()} can't be unique; remove unique")
    fields = {candidate.name: candidate for candidate in draft.definition.fields}
    per = field.unique_per or ()
    for place, name in enumerate(per):
        if name == field.name:
            world.faults.add(at, f'"{name}" is unique itself; per names other fields')
        elif name in per[:place]:
            world.faults.add(at, f'"{name}" appears twice in per; remove one')
        elif name not in draft.broken:
            _has_column(world, draft, fields, name, at)
    return len(world.faults.found) == before and not draft.broken.intersection(per)


def _has_column(world: World, draft: ClassDraft, fields: dict[str, Field], name: str, at: Position) -> bool:
    field = fields.get(name)
    if field is None:
        columns = [
            one.name for one in fields.values() if one.persist and one.relation is None and not one.hidden
        ]
        world.faults.add(at, f'{draft.name} has no field "{name}"{rules.near(name, columns)}')
    elif field.relation is not None:
        key = f"; write {field.relation.foreign_key}" if field.relation.owns_key else ""
        world.faults.add(at, f'"{name}" has no column{key}')
    elif not field.persist:
        world.faults.add(at, f'"{name}" has no column; remove !persist from it')
    else:
        return True
    return False


def _check_names(world: World, draft: ClassDraft, taken: dict[str, str]) -> None:
    definition = draft.definition
    table = definition.table or definition.client_table
    places = {index.index.name: index.position for index in draft.indexes}
    for index in definition.indexes:
        at = places.get(index.name, definition.position)
        if index.name == table:
            world.faults.add(at, f"the index can't have the name of its table; call it {table}_idx")
        elif index.name in taken:
            hint = "; choose another name"
            world.faults.add(at, f'the index "{index.name}" is already that of {taken[index.name]}{hint}')
        elif len(index.name) > rules.MAX_IDENTIFIER:
            world.faults.add(
                at,
                f'the index "{index.name}" has {len(index.name)} characters; it may have {rules.MAX_IDENTIFIER}',
            )
        taken.setdefault(index.name, draft.name)


@dataclass(slots=True)
class _Check:
    """One declared index against the fields of its class."""

    world: World
    draft: ClassDraft
    written: IndexDraft

    def fault(self, message: str, key: str = "") -> None:
        self.world.faults.add(self.written.places.get(key, self.written.position), message)

    def settle(self) -> Index:
        """The index with its type and the settings that depend on it."""
        index, fields = self.written.index, self.fields()
        if len(fields) < len(index.fields) or not fields:
            return index  # its type is unknown, and a fault was reported or will be
        vectors = [field for field in fields if _vectors(field)]
        geographies = [field for field in fields if _is_place(field)]
        if vectors and len(fields) > 1:
            self.fault(f'"{vectors[0].name}" is a vector, which takes an index of its own', "fields")
            return index
        if geographies and len(geographies) < len(fields):
            self.fault(f'"{geographies[0].name}" is a place; its index can contain only places', "fields")
            return index
        index = replace(index, type=self.type(index.type, fields, bool(vectors), bool(geographies)))
        self.unique(index, fields)
        return self.vector(self.gin(index, fields), vectors)

    def fields(self) -> list[Field]:
        names = self.written.index.fields
        fields = {field.name: field for field in self.draft.definition.fields}
        at = self.written.places.get("fields", self.written.position)
        found: list[Field] = []
        for place, name in enumerate(names):
            if name in names[:place]:
                self.fault(f'"{name}" appears twice in the index; remove one', "fields")
            elif name not in self.draft.broken and _has_column(self.world, self.draft, fields, name, at):
                found.append(fields[name])
        return found

    def type(self, given: str, fields: list[Field], vectors: bool, geographies: bool) -> str:
        if not given:
            if vectors:
                return "hnsw"
            if geographies:
                return "gist"
            return "gin" if all(field.jsonb for field in fields) else "btree"
        allowed: tuple[str, ...] = GEOGRAPHY_TYPES if geographies else GENERAL_TYPES
        if index := _vectors(fields[0]):
            allowed = tuple(index.distances)
        if given not in allowed:
            what = f" for {fields[0].type.required()}" if vectors or geographies else ""
            hint = rules.near(given, allowed)
            self.fault(f'the type of an index{what} is {" or ".join(allowed)}, not "{given}"{hint}', "type")
        elif given == "gin" and not all(field.jsonb for field in fields):
            field = next(field for field in fields if not field.jsonb)
            way = "add serializationDataType=jsonb to it" if self.is_json(field) else "use btree"
            self.fault(f'a gin index takes jsonb columns, and "{field.name}" is not; {way}', "type")
        return given

    def is_json(self, field: Field) -> bool:
        return is_json(self.world, field.type)

    def unique(self, index: Index, fields: list[Field]) -> None:
        if index.unique and index.type in VECTOR_TYPES:
            self.fault("an index of vectors can't be unique; remove it", "unique")
        if "nulls_distinct" in self.written.places and not index.unique:
            self.fault(
                "only a unique index has nulls_distinct; add unique: true, or remove it", "nulls_distinct"
            )
        for field in fields:
            if index.type == "btree" and self.is_json(field) and not field.jsonb:
                self.world.faults.add(
                    self.written.places.get("fields", self.written.position),
                    f'Postgres has no btree index of json columns; add serializationDataType=jsonb to "{field.name}"',
                    "warning",
                )

    def gin(self, index: Index, fields: list[Field]) -> Index:
        given = index.operator_class
        if index.type != "gin":
            if given:
                self.fault(
                    "only a gin index has an operatorClass; add type: gin, or remove it", "operatorClass"
                )
            return replace(index, operator_class="")
        if given and given not in OPERATOR_CLASSES:
            hint = rules.near(given, OPERATOR_CLASSES) or f"; there are {', '.join(OPERATOR_CLASSES)}"
            self.fault(f'there is no operatorClass "{given}"{hint}', "operatorClass")
        return replace(index, operator_class=given or "jsonbOps")

    def vector(self, index: Index, vectors: list[Field]) -> Index:
        kind = _vectors(vectors[0]) if vectors else None
        if kind is None:
            for key, given in (
                ("distanceFunction", index.distance_function),
                ("parameters", index.parameters),
            ):
                if given or key in self.written.places:
                    self.fault(f"only an index of vectors has {key}; remove it", key)
            return replace(index, distance_function="", parameters=())
        self.parameters(index)
        return replace(index, distance_function=self.distance(index, vectors[0], kind))

    def distance(self, index: Index, field: Field, vectors: VectorIndex) -> str:
        distances = vectors.distances
        allowed = distances.get(index.type) or next(iter(distances.values()))
        given = index.distance_function
        if given and given not in allowed:
            hint = rules.near(given, allowed)
            what = f"{index.type} of {field.type.required()}"
            self.fault(
                f'the distanceFunction for {what} is {" or ".join(allowed)}, not "{given}"{hint}',
                "distanceFunction",
            )
        return given or allowed[0]

    def parameters(self, index: Index) -> None:
        known = PARAMETERS.get(index.type, {})
        given = dict(index.parameters)
        for name, at in self.written.parameters.items():
            if name not in known:
                hint = rules.near(name, known) or f"; there are {', '.join(known)}"
                self.world.faults.add(at, f'{index.type} has no parameter "{name}"{hint}')
            elif name in given and given[name] not in known[name]:
                low, high = known[name][0], known[name][-1]
                self.world.faults.add(
                    at, f'the parameter "{name}" is from {low} to {high}, not {given[name]}'
                )
        if index.type == "hnsw":
            both = HNSW_DEFAULTS | given
            if both["ef_construction"] < 2 * both["m"]:
                self.fault(
                    f"ef_construction must be twice m at least: {2 * both['m']}, not {both['ef_construction']}",
                    "parameters",
                )


def _vectors(field: Field) -> VectorIndex | None:
    """The indexes that a column of pgvector can have; None for any other."""
    kind = registry.find(field.type)
    return kind.column.vectors if kind else None


def _is_place(field: Field) -> bool:
    kind = registry.find(field.type)
    return kind is not None and kind.column.place
