"""Relations: find each side's role, pair the sides, and add key fields that are not declared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, cast

from podium.schema import rules
from podium.schema.definitions import Action, ClassDefinition, EnumDefinition, Field, ForeignKey, Relation
from podium.schema.drafts import ClassDraft, FieldDraft, RelationDraft
from podium.schema.known_names import World, definition_of
from podium.wire.types import TypeRef, registry
from podium.wire.types.numbers import INT

_KEY_SIDE_ONLY: Final = ("onDelete", "onUpdate", "deferrable", "deferred")


@dataclass(slots=True, eq=False)
class Side:
    """One field with a relation.

    form    "object": the other class; "list": a list of it; "id": the key of a row of it
    key     name of the field with the key, once decided; in `owner` if `owns`
    """

    owner: ClassDraft
    draft: FieldDraft
    relation: RelationDraft
    form: Literal["object", "list", "id"]
    target: TypeRef
    other_class: ClassDraft | ClassDefinition
    partner: Side | None = None
    owns: bool = False
    key: str = ""

    @property
    def name(self) -> str:
        return self.draft.field.name


def resolve(world: World) -> None:
    """Resolve all relations of the project. Needs bound types, parents and ids."""
    sides = [
        side
        for draft in world.classes()
        for one in draft.fields
        if one.relation is not None and (side := _side(world, draft, one, one.relation))
    ]
    paired = [side for side in sides if _pair(world, side, sides)]
    settled = [side for side in paired if _settle(world, side)]
    for side in settled:
        if side.owns:
            _own_key(world, side)
    for side in settled:
        if not side.owns:
            _other_key(world, side)
    for side in settled:
        _finish(side)


def _side(world: World, draft: ClassDraft, one: FieldDraft, relation: RelationDraft) -> Side | None:
    """Find the target of a relation. None, and a fault, if it is invalid."""
    faults, kind = world.faults, one.field.type
    if not draft.has_table():
        faults.add(relation.position, f"{draft.name} needs a table to have relations: add table: to it")
        return None
    if (known := registry.find(kind)) is not None and known.column.key:
        return _id_side(world, draft, one, relation)
    form: Literal["object", "list"] = "list" if kind.is_list else "object"
    target = (kind.arguments[0] if form == "list" else kind).required()
    found = world.find(target)
    if (
        found is None
        or isinstance(found, EnumDefinition)
        or cast(ClassDefinition, definition_of(found)).kind != "class"
    ):
        faults.add(
            one.type_position,
            f"{kind} can't be a relation; it takes a class with a table, a List of one, or a key",
        )
        return None
    definition = cast(ClassDefinition, definition_of(found))
    table = definition.table or definition.client_table
    if "parent" in relation.options:
        faults.add(
            relation.options["parent"].position, f"the type {target.name} says what is meant; remove parent"
        )
    elif not kind.nullable:
        faults.add(
            one.type_position, f"it is only there when it was loaded, so it may be null: write {kind}?"
        )
    elif not table:
        faults.add(one.type_position, f"{target.name} needs a table to be in a relation: add table: to it")
    elif form == "list" and target.module:
        faults.add(
            one.type_position,
            f"a list can't refer to a module, which has no column for it; refer from {target.name} to here",
        )
    elif _is_beside(world, draft, definition, relation, both=form == "list"):
        return Side(draft, one, relation, form, target, found)
    return None


def _id_side(world: World, draft: ClassDraft, one: FieldDraft, relation: RelationDraft) -> Side | None:
    faults, kind = world.faults, one.field.type
    if "parent" not in relation.options:
        faults.add(relation.position, "a key needs the table it refers to: relation(parent=table_name)")
        return None
    found = world.find_table(relation.parent)
    if found is None:
        if relation.parent:
            known = [table for table in world.tables() if table]
            at = relation.options["parent"].at
            faults.add(at, f'there is no table "{relation.parent}"{rules.near(relation.parent, known)}')
        return None
    target, other = found
    wanted = world.id_field(other)
    if "optional" in relation.options:
        faults.add(
            relation.options["optional"].position, f"a key is optional by its type: write {kind.required()}?"
        )
    elif "field" in relation.options:
        faults.add(relation.options["field"].position, "this field is the key itself; remove field")
    elif wanted and wanted.type.required() != kind.required():
        faults.add(
            one.type_position,
            f"the id of {target.name} is {wanted.type.required()}, so its key must be too: write "
            f"{wanted.type.required()}{'?' if kind.nullable else ''}",
        )
    elif _is_beside(world, draft, cast(ClassDefinition, definition_of(other)), relation):
        return Side(draft, one, relation, "id", target, other)
    return None


def _is_beside(
    world: World,
    draft: ClassDraft,
    other: ClassDefinition,
    relation: RelationDraft,
    *,
    both: bool = False,
) -> bool:
    """Test that the target's table exists wherever the class's own table does; report a fault if not.

    both   also the other way round, since the key of a list is in the other table
    """
    own = draft.definition.database
    if own == other.database or (other.database == "all" and not both):
        return True
    world.faults.add(
        relation.position,
        f"{draft.name} has database: {own}, {other.name} database: {other.database}; "
        "both tables must be in the same place",
    )
    return False


def _pair(world: World, side: Side, sides: list[Side]) -> bool:
    """Find the other class's field for the same relation. False, and a fault, unless there is exactly one."""
    name, at = side.relation.name, side.relation.position
    if not name:
        return True
    if side.target.module:
        world.faults.add(
            at, f"{side.target.name} belongs to a module, so nothing pairs with a name; remove it"
        )
        return False
    assert isinstance(side.other_class, ClassDraft)
    candidates = [
        one
        for one in side.other_class.fields
        if one.relation is not None and one.relation.name == name and one is not side.draft
    ]
    if len(candidates) == 1:
        partner = next((other for other in sides if other.draft is candidates[0]), None)
        if partner and partner.other_class is not side.owner:
            world.faults.add(
                at,
                f"{side.target.name}.{partner.name} has the same name, but refers to {partner.target.name}",
            )
            return False
        side.partner = partner
        return partner is not None  # otherwise the other side reports a fault
    if candidates:
        names = " and ".join(f'"{one.field.name}"' for one in candidates)
        world.faults.add(
            at, f'the relation "{name}" is in {side.target.name} at {names}; it pairs exactly two fields'
        )
        return False
    known = [one.relation.name for one in side.other_class.fields if one.relation and one.relation.name]
    hint = rules.near(name, known) or f"; add the other side there, or remove name={name}"
    world.faults.add(at, f'{side.target.name} has no field with the relation "{name}"{hint}')
    return False


def _settle(world: World, side: Side) -> bool:
    """Decide which of two sides has the key. False, and a fault, if neither can."""
    faults, at, partner, relation = world.faults, side.relation.position, side.partner, side.relation
    given = bool(relation.key)
    if partner is None:
        side.owns = side.form != "list"
    elif side.form == partner.form == "list":
        faults.add(at, "two lists need a class between them, with a relation to each; see many-to-many")
        return False
    elif side.form == partner.form == "id":
        faults.add(
            at, f"both sides are keys; make {side.target.name}.{partner.name} a {side.owner.name}? or a list"
        )
        return False
    elif side.form == partner.form == "object":
        if given == bool(partner.relation.key):
            which = (
                "only one of them has the key; remove one field="
                if given
                else f"say which has the key: field={rules.key_name(side.name)}"
            )
            faults.add(
                at,
                f"both {side.owner.name}.{side.name} and {side.target.name}.{partner.name} are objects; {which}",
            )
            return False
        side.owns = given
    else:
        side.owns = side.form == "id" or (side.form == "object" and partner.form == "list")
    if "field" in relation.options and (side.form == "list" or (partner and partner.form == "id")):
        faults.add(relation.options["field"].position, "the key is on the other side; remove field")
        return False
    for name in _KEY_SIDE_ONLY:
        if name in relation.options and not side.owns:
            faults.add(relation.options[name].position, f"the key is on the other side; write {name} there")
    if "optional" in relation.options and not side.owns:
        faults.add(
            relation.options["optional"].position,
            "the key is on the other side; optional has no effect here",
            "warning",
        )
    return True


def _own_key(world: World, side: Side) -> None:
    """Find or make the field with the key, and set its foreign key."""
    if side.form == "id":
        key: FieldDraft | None = side.draft
    else:
        key = (
            _declared_key(world, side)
            if side.relation.key
            else _made_key(world, side, rules.key_name(side.name))
        )
    if key is None:
        return
    definition, relation, field = (
        cast(ClassDefinition, definition_of(side.other_class)),
        side.relation,
        key.field,
    )
    if field.foreign_key is not None:
        world.faults.add(
            relation.position, f'"{field.name}" is already the key of another relation; choose another field'
        )
        return
    side.key = field.name
    field.foreign_key = ForeignKey(
        definition.table or definition.client_table,
        side.target,
        on_delete=cast(Action, relation.on_delete),
        on_update=cast(Action, relation.on_update),
        deferrable=relation.deferrable,
        deferred=relation.deferred,
        object_field=side.name if side.form == "object" else "",
    )
    _check_actions(world, side, field)
    if side.partner is not None and side.partner.form == "object" and not _is_unique(world, side, field):
        world.faults.add(
            relation.position,
            f"in a one-to-one relation each key appears once: add a unique index on {field.name} "
            f"to {side.owner.name}",
        )


def _check_actions(world: World, side: Side, key: Field) -> None:
    for name, action in (("onDelete", side.relation.on_delete), ("onUpdate", side.relation.on_update)):
        at = side.relation.options[name].at if name in side.relation.options else side.relation.position
        if action == "setNull" and not key.type.nullable:
            world.faults.add(
                at, f"{name}=SetNull will fail, since {key.name} is never null; make it optional", "warning"
            )
        if action == "setDefault" and key.default_persist is None:
            world.faults.add(at, f"{name}=SetDefault will fail, since {key.name} has no default", "warning")


def _declared_key(world: World, side: Side) -> FieldDraft | None:
    """The field named by `field=`, made if it is not declared."""
    name, at = side.relation.key, side.relation.options["field"].at
    key = side.owner.find(name)
    if key is None:
        return None if name in side.owner.broken else _made_key(world, side, name)
    wanted, kind = world.id_field(side.other_class), key.field.type
    if key.relation is not None:
        world.faults.add(at, f'"{name}" has a relation of its own; remove one of them')
    elif not key.field.persist:
        world.faults.add(at, f'"{name}" has no column; remove !persist from it')
    elif wanted and wanted.type.required() != kind.required():
        world.faults.add(
            at, f'"{name}" is {kind}, but the id of {side.target.name} is {wanted.type.required()}'
        )
    elif side.relation.optional and not kind.nullable:
        world.faults.add(at, f'the relation is optional, so "{name}" may be null: write {kind}?')
    else:
        return key
    return None


def _made_key(world: World, side: Side, name: str) -> FieldDraft | None:
    field, wanted = side.draft.field, world.id_field(side.other_class)
    if side.owner.find(name) or world.inherited(side.owner, name):
        world.faults.add(
            side.relation.position,
            f'the relation makes the field "{name}", which is there already; write relation(field={name}), '
            "or remove it",
        )
        return None
    if not rules.IDENTIFIER.fullmatch(name) or name.startswith("_") or len(name) > rules.MAX_IDENTIFIER:
        world.faults.add(side.relation.position, f'"{name}" is not a valid name for a field')
        return None
    hidden = field.scope == "none" or (field.scope != "all" and not side.owner.definition.server_only)
    if hidden and not side.relation.optional:
        world.faults.add(
            side.draft.at("scope"),
            f'clients do not have "{name}", so it may be null: write relation(optional)',
        )
    kind = (wanted.type if wanted else TypeRef(INT.name)).required()
    if side.relation.optional:
        kind = TypeRef(kind.name, nullable=True)
    made = Field(name, kind, field.position, scope=field.scope, json_key=name, tail=field.tail)
    draft = FieldDraft(made, side.draft.type_position)
    side.owner.fields.insert(side.owner.fields.index(side.draft), draft)
    return draft


def _is_unique(world: World, side: Side, key: Field) -> bool:
    drafts = [side.owner, *(above for above in world.ancestors(side.owner) if isinstance(above, ClassDraft))]
    return key.unique_per == () or any(
        index.index.unique and index.index.fields == (key.name,)
        for draft in drafts
        for index in draft.indexes
    )


def _other_key(world: World, side: Side) -> None:
    """Find or make the key on the other class; for a list without a name it is a hidden column."""
    if side.partner is not None:
        side.key = side.partner.key
        return
    definition, wanted = side.owner.definition, world.id_field(side.owner)
    table = definition.table or definition.client_table
    side.key = rules.hidden_key_name(table, side.name)
    kind = TypeRef(wanted.type.name if wanted else INT.name, nullable=True)
    key = Field(side.key, kind, side.draft.field.position, scope="none", json_key=side.key, hidden=True)
    key.foreign_key = ForeignKey(table, TypeRef(side.owner.name))
    assert isinstance(side.other_class, ClassDraft)
    side.other_class.fields.append(FieldDraft(key, side.draft.type_position))


def _finish(side: Side) -> None:
    """Set the field's relation."""
    if side.form == "id" or not side.key:
        return
    partner = side.partner
    side.draft.field.relation = Relation(
        "many" if side.form == "list" else "one",
        side.target,
        side.key,
        side.owns,
        name=side.relation.name,
        other_field=partner.name if partner and partner.form != "id" else "",
    )
