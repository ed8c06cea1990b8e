"""Combine all model files: resolve names, types, inheritance and ids, and turn drafts into definitions.

Relations are in relations.py, indexes in indexes.py, the options of single fields in check.py.
"""

from __future__ import annotations

from dataclasses import replace

from podium.schema import check, indexes, relations, rules, value_rules
from podium.schema.bind import bind, seen_from_here
from podium.schema.definitions import ClassDefinition, EnumDefinition, Field, Protocol
from podium.schema.drafts import ClassDraft, Draft, FieldDraft
from podium.schema.known_names import World, definition_of, is_json
from podium.schema.reading import Faults
from podium.wire.default import Default
from podium.wire.types import TypeRef, registry
from podium.wire.types.numbers import INT


def resolve(drafts: list[Draft], protocol: Protocol, faults: Faults, *, jsonb: bool = False) -> None:
    """Turn the drafts of a project's files into `protocol.definitions`.

    protocol  already has its modules and extra classes, but no definitions
    jsonb     columns of lists, maps and classes are jsonb by default
    """
    world = World(protocol, faults, jsonb=jsonb)
    _names(world, drafts)
    _tables(world)
    for draft in world.classes():
        _types(world, draft)
    for draft in world.classes():
        _link_parent(world, draft)
    for draft in world.classes():
        _check_ancestors(world, draft)
    for draft in world.classes():
        for one in draft.fields:
            check.check_field(world, draft, one)
    for draft in world.classes():
        _id(world, draft)
    relations.resolve(world)
    done: set[str] = set()
    for draft in world.classes():
        _assemble(world, draft, done)
    indexes.resolve(world)
    protocol.definitions += [definition_of(one) for one in world.drafts.values()]


def _names(world: World, drafts: list[Draft]) -> None:
    """Register each class by its name. For a taken name, report a fault and leave out the later class."""
    shared = [module for module in world.protocol.modules.values() if module.shared]
    for draft in drafts:
        name = draft.name
        position = draft.definition.position if isinstance(draft, ClassDraft) else draft.position
        if name in world.drafts:
            other = world.drafts[name]
            at = other.definition.position if isinstance(other, ClassDraft) else other.position
            message = f'"{name}" is already defined in {at.file}:{at.line}; choose another name'
        elif name in world.protocol.extra:
            owner = world.protocol.extra[name] or "the project"
            message = f'"{name}" is already a hand-written class of {owner}; choose another name'
        else:
            package = next((module.name for module in shared if module.named(name)), "")
            if not package:
                world.drafts[name] = draft
                continue
            message = f'"{name}" is already defined in the shared package {package}; choose another name'
        world.faults.add(position, message)


def _tables(world: World) -> None:
    seen: dict[str, str] = {}
    for nickname, module in world.protocol.modules.items():
        for one in module.definitions:
            if isinstance(one, ClassDefinition) and one.table:
                seen[one.table] = f"{nickname}:{one.name}"
    for draft in world.classes():
        definition = draft.definition
        table = definition.table or definition.client_table
        if not table:
            continue
        if table in seen:
            world.faults.add(draft.at("table"), f'the table "{table}" is already that of {seen[table]}')
        seen.setdefault(table, draft.name)
        if world.protocol.shared and definition.database != "all":
            world.faults.add(
                draft.at("table"), "a table in a shared package is for both sides: add database: all"
            )
    if world.protocol.shared:
        for any_draft in world.drafts.values():
            if definition_of(any_draft).server_only:
                at = any_draft.at("serverOnly") if isinstance(any_draft, ClassDraft) else any_draft.position
                world.faults.add(at, "a class in a shared package is for clients too; remove serverOnly")


def _types(world: World, draft: ClassDraft) -> None:
    """Bind the types of its fields; leave out fields of unknown type."""
    kept: list[FieldDraft] = []
    for one in draft.fields:
        bound = bind(world, one.field.type, one.type_position)
        if bound is None:
            draft.broken.add(one.field.name)
        else:
            one.field.type = bound
            kept.append(one)
    draft.fields = kept


def _link_parent(world: World, draft: ClassDraft) -> None:
    if draft.extends is None:
        return
    at, kind = draft.at("extends"), draft.definition.kind
    bound = bind(world, draft.extends, at)
    if bound is None:
        return
    found = world.find(bound)
    if isinstance(found, EnumDefinition) or found is None:
        world.faults.add(
            at,
            f"only {'a class' if kind == 'class' else 'an exception'} can be extended, not {draft.extends}",
        )
        return
    parent = definition_of(found)
    assert isinstance(parent, ClassDefinition)
    if bound.module and not world.protocol.modules[bound.module].shared:
        world.faults.add(
            at,
            f"{draft.extends} belongs to a module; only classes of the own project and of shared packages "
            "can be extended",
        )
    elif parent.kind != kind:
        world.faults.add(
            at,
            f"{draft.name} is {rules.ARTICLES[kind]}, {parent.name} is {rules.ARTICLES[parent.kind]}; "
            "both must be the same",
        )
    elif bound.module and parent.sealed:
        world.faults.add(at, f"{parent.name} is sealed; only its own package can extend it")
    elif _is_above(world, draft, found):
        world.faults.add(at, f"{draft.name} would be its own parent, through {parent.name}")
    else:
        draft.definition.parent = bound
        if isinstance(found, ClassDraft):
            found.definition.children.append(TypeRef(draft.name))


def _is_above(world: World, draft: ClassDraft, found: ClassDraft | ClassDefinition) -> bool:
    return found is draft or (isinstance(found, ClassDraft) and draft in world.ancestors(found))


def _check_ancestors(world: World, draft: ClassDraft) -> None:
    ancestors = world.ancestors(draft)
    for one in ancestors:
        above = definition_of(one)
        assert isinstance(above, ClassDefinition)
        if above.server_only and not draft.definition.server_only:
            world.faults.add(
                draft.at("extends"),
                f"{above.name} is serverOnly, so {draft.name} must be too: add serverOnly: true",
            )
            break
    if draft.has_table():
        for one in ancestors:
            above = definition_of(one)
            assert isinstance(above, ClassDefinition)
            if above.table or above.client_table:
                world.faults.add(
                    draft.at("table"),
                    f'{above.name} above it already has the table "{above.table or above.client_table}"; '
                    "only one class of a line can have one",
                )
    for one_field in draft.fields:
        inherited = world.inherited(draft, one_field.field.name)
        if inherited:
            world.faults.add(
                one_field.field.position,
                f'{draft.name} already has "{one_field.field.name}" from {inherited[0]}; '
                "remove it, or choose another name",
            )
    draft.fields = [one for one in draft.fields if not world.inherited(draft, one.field.name)]


def _id(world: World, draft: ClassDraft) -> None:
    """Ensure that a class with a table has its key and a way to fill it."""
    if not draft.has_table():
        return
    found = draft.find("id")
    if found is None and not world.inherited(draft, "id"):
        position = draft.definition.position
        one = Field(
            "id", TypeRef(INT.name, nullable=True), position, json_key="id", default_persist=Default("serial")
        )
        draft.fields.insert(0, FieldDraft(one, position))
        return
    if found is not None:
        check.check_id(world, found.field, found)
        _fill_id(found.field)
        return
    inherited = world.inherited(draft, "id")
    if inherited:
        check.check_id(world, inherited[1], None, at=draft.at("table"), owner=inherited[0])


def _fill_id(one: Field) -> None:
    if one.default_persist is None:
        kind = registry.find(one.type)
        counts = kind is not None and kind.column.key == "serial"
        one.default_persist = Default("serial") if counts else one.default_model


def _assemble(world: World, draft: ClassDraft, done: set[str]) -> None:
    """Assemble the fields of a class, after those of its parent."""
    if draft.name in done:
        return
    done.add(draft.name)
    parent = world.parent(draft)
    if isinstance(parent, ClassDraft):
        _assemble(world, parent, done)
    definition = draft.definition
    above: list[Field] = []
    if parent is not None:
        parent_definition = definition_of(parent)
        assert isinstance(parent_definition, ClassDefinition)
        above = [_inherit(world, draft, one, parent) for one in parent_definition.fields]
    own = [one.field for one in draft.fields]
    for one in draft.fields:
        _store(world, draft, one)
        value_rules.check_key(one, world.faults)
    normal = [one for one in above if not one.tail] + [one for one in own if not one.tail]
    tails = [one for one in own if one.tail] + [one for one in above if one.tail]
    definition.fields = normal + tails
    if draft.has_table():
        definition.fields.sort(key=lambda one: one.name != "id")
        for one_field in definition.fields:
            stored = one_field.persist and one_field.relation is None
            one_field.column = (one_field.column_override or one_field.name) if stored else ""
            if one_field.name == "id":
                _fill_id(one_field)
    definition.own_fields = [one.name for one in own]
    check.check_names(world, draft)


def _inherit(world: World, draft: ClassDraft, one: Field, parent: ClassDraft | ClassDefinition) -> Field:
    """A copy of a parent's field; types of another package get the names they have here."""
    kind = one.type
    if isinstance(parent, ClassDefinition) and draft.definition.parent is not None:
        kind = seen_from_here(world.protocol, kind, draft.definition.parent.module)
    return replace(one, type=kind, column="")


def _store(world: World, draft: ClassDraft, one: FieldDraft) -> None:
    """Decide whether its column is json or jsonb."""
    if is_json(world, one.field.type) and one.field.relation is None:
        chosen = one.data_type or draft.data_type or ("jsonb" if world.jsonb else "json")
        one.field.jsonb = chosen == "jsonb"
