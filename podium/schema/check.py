"""Checks of single fields: their options against their type, class and each other; their defaults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from podium.schema import rules, value_rules
from podium.schema.defaults import has_default, parse_default
from podium.schema.definitions import ClassDefinition, EnumDefinition, Field, Position
from podium.schema.drafts import ClassDraft, FieldDraft
from podium.schema.known_names import World, definition_of, is_json
from podium.schema.options import Option
from podium.wire.default import Default
from podium.wire.errors import SchemaError
from podium.wire.names import snake_case
from podium.wire.types import TypeRef, registry

CHANGING: Final = ("now", "random", "random_v7")
"""Defaults that differ each time, so they cannot be constants of an immutable class."""


def check_field(world: World, draft: ClassDraft, one: FieldDraft) -> None:
    """Check a field of known type against the rules for single fields, and fill in its defaults."""
    faults, options, field = world.faults, one.options, one.field
    if field.required and not field.type.nullable:
        faults.add(
            one.at("required"), f"{field.type} is required anyway; remove required, or write {field.type}?"
        )
    _scope(world, draft, one)
    _client_types(world, draft, one)
    _persist(world, draft, one)
    if "serializationDataType" in options and (not is_json(world, field.type) or one.relation):
        faults.add(
            one.at("serializationDataType"),
            f"only lists, maps, records and classes are stored as JSON, not {field.type}",
        )
    if field.name == "id" and draft.has_table():
        _no_options_on_id(world, one)
    if one.relation is not None:
        for name in ("default", "defaultModel", "defaultPersist"):
            if name in options:
                faults.add(options[name].position, f"the field of a relation has no {name}; remove it")
    else:
        _defaults(world, draft, one)
    value_rules.check(one, draft.definition, faults)


def _scope(world: World, draft: ClassDraft, one: FieldDraft) -> None:
    if "scope" not in one.options:
        return
    faults, field, at = world.faults, one.field, one.at("scope")
    if world.protocol.shared and field.scope == "serverOnly":
        faults.add(
            at, "a field of a shared package is for clients too; declare it in a subclass in the project"
        )
    if draft.definition.database != "server" and field.scope != "all" and field.persist:
        faults.add(
            at,
            f"a class with database: {draft.definition.database} is stored by clients; all its fields have scope all",
        )
    if field.scope == "none" and not field.type.nullable:
        faults.add(
            at, f"a field with scope=none never gets a value, so it must be nullable: write {field.type}?"
        )
    elif draft.definition.server_only:
        if field.scope == "all":
            faults.add(at, f"{draft.name} is serverOnly, so no field has scope all; remove the scope")
        elif field.scope == "serverOnly":
            faults.add(at, f"{draft.name} is serverOnly already; remove the scope", "info")
    elif field.scope != "all" and not field.type.nullable:
        faults.add(at, f"clients do not have this field, so it may be null: write {field.type}?")


def _client_types(world: World, draft: ClassDraft, one: FieldDraft) -> None:
    """Report types of a visible field that clients do not know."""
    if draft.definition.server_only or one.field.scope != "all":
        return
    for kind in _all_types(one.field.type):
        found = world.find(kind)
        if found is not None and definition_of(found).server_only:
            world.faults.add(
                one.type_position,
                f"{kind.name} is serverOnly, but clients see this field; add scope=serverOnly",
            )


def _all_types(kind: TypeRef) -> Iterator[TypeRef]:
    yield kind
    for argument in kind.inside():
        yield from _all_types(argument)


def _persist(world: World, draft: ClassDraft, one: FieldDraft) -> None:
    if "persist" not in one.options:
        return
    at = one.at("persist")
    if not draft.has_table():
        world.faults.add(at, f"{draft.name} has no table, so nothing is persisted; remove it")
    elif one.relation is not None:
        world.faults.add(at, "the field of a relation has no column of its own; remove it")
    elif one.field.persist and one.options["persist"].value == "true":
        world.faults.add(at, "every field is persisted; remove the word", "info")


def _no_options_on_id(world: World, one: FieldDraft) -> None:
    for name in (
        "default",
        "scope",
        "persist",
        "column",
        "tail",
        "serializationDataType",
        "unique",
        "relation",
    ):
        if name in one.options:
            hint = "; write defaultPersist or defaultModel" if name == "default" else "; remove it"
            world.faults.add(one.options[name].position, f"the id of a table has no {name}{hint}")


def _defaults(world: World, draft: ClassDraft, one: FieldDraft) -> None:
    field, options = one.field, one.options
    both = _default(world, one, options.get("default"))
    model = _default(world, one, options.get("defaultModel")) or both
    persist = _default(world, one, options.get("defaultPersist"), in_database=True) or both
    field.default_model, field.default_persist = model, persist
    only_persist = options.keys() & {"default", "defaultModel", "defaultPersist"} == {"defaultPersist"}
    is_id = field.name == "id" and draft.has_table()
    if only_persist and not field.type.nullable and not is_id:
        world.faults.add(
            one.at("defaultPersist"),
            f"only the database fills this in, so a new object has none: write {field.type}?, or default=",
        )
    if "defaultPersist" in options and not field.persist:
        world.faults.add(
            one.at("defaultPersist"), "the field has no column; remove defaultPersist, or !persist"
        )
    line = [draft.definition, *(definition_of(above) for above in world.ancestors(draft))]
    immutable = next(
        (above for above in line if isinstance(above, ClassDefinition) and above.immutable), None
    )
    if immutable and model and model.kind in CHANGING:
        name = "defaultModel" if "defaultModel" in options else "default"
        world.faults.add(
            one.at(name), f'{immutable.name} is immutable, so "{model.kind}" can be a defaultPersist only'
        )


def _default(
    world: World, one: FieldDraft, option: Option | None, *, in_database: bool = False
) -> Default | None:
    if option is None:
        return None
    kind = one.field.type
    text = "" if option.bare else (option.value or "")
    found = world.find(kind)
    if isinstance(found, EnumDefinition):
        names = [value.name for value in found.values]
        if text in names:
            return Default("literal", text)
        hint = rules.near(text, names) or f"; there are {', '.join(names)}"
        world.faults.add(option.at, f'"{text}" is not a value of {found.name}{hint}')
        return None
    if not has_default(kind):
        world.faults.add(option.position, f"{kind} cannot have a default; make it nullable instead")
        return None
    try:
        return parse_default(kind, text, in_database=in_database)
    except SchemaError as error:
        shown = text if text[:1] in ("'", '"') else f'"{text}"'
        what = (
            f"{shown} is not a valid default for {kind.required()}"
            if text
            else f'"{option.name}" needs a value'
        )
        world.faults.add(option.at, f"{what}; {error.message}")
        return None


def check_id(
    world: World, field: Field, one: FieldDraft | None, *, at: Position | None = None, owner: str = ""
) -> None:
    """Check that a field can be the key of a table.

    one    the draft, if the class itself declares the field
    at     place of faults, if a parent class declares it
    owner  name of that parent class
    """
    kind, place = field.type, at or field.position
    start = f'the "id" that {owner} declares' if owner else '"id"'
    if owner and field.scope != "all":
        world.faults.add(place, f"{start} has scope {field.scope}, so it can't be the key of a table")
    known = registry.find(kind)
    if known is None or not known.column.key:
        world.faults.add(place, f"{start} must be int? or UuidValue, not {kind}")
    elif known.column.key == "serial":
        if not kind.nullable:
            world.faults.add(place, f"{start} is given by the database, so it is null before: write int?")
        if one is not None and "default" in one.options:
            return  # the default was reported already
        if field.default_model is not None or (
            field.default_persist and field.default_persist.kind != "serial"
        ):
            world.faults.add(place, f"{start} of type int counts by itself; remove its default")
    else:
        _check_uuid_id(world, field, start, place, one)


def _check_uuid_id(world: World, field: Field, start: str, place: Position, one: FieldDraft | None) -> None:
    model, persist, nullable = field.default_model, field.default_persist, field.type.nullable
    if one is not None and any(name.startswith("default") for name in one.options) and not (model or persist):
        return  # an unreadable default was reported already
    if model is None and persist is None:
        way = "defaultPersist=random_v7" if nullable else "defaultModel=random_v7"
        world.faults.add(place, f"{start} needs something that makes it: {way}")
    elif any(default and default.kind == "literal" for default in (model, persist)):
        world.faults.add(place, f"{start} would be the same in every row; write random_v7 or random")
    elif model is None and not nullable:
        world.faults.add(place, f"{start} is given by the database, so it is null before: write UuidValue?")
    elif model is not None and nullable:
        world.faults.add(
            place, f"{start} always has a value by defaultModel; write UuidValue without ?", "info"
        )


def check_names(world: World, draft: ClassDraft) -> None:
    """Check that columns, JSON keys and Python names are unique in a class, inherited ones included."""
    definition = draft.definition
    own = {one.field.name: one for one in draft.fields}
    columns: dict[str, str] = {}
    keys: dict[str, str] = {}
    attributes: dict[str, str] = {}
    for field in definition.fields:
        one = own.get(field.name)
        at = one.at("column") if one else definition.position
        column = field.column or (field.column_override if field.persist and field.relation is None else "")
        if column and column in columns:
            world.faults.add(at, f'the column "{column}" is already that of "{columns[column]}"')
        elif column:
            columns[column] = field.name
        at = one.at("jsonKey") if one else definition.position
        if field.json_key in keys:
            world.faults.add(at, f'the key "{field.json_key}" is already that of "{keys[field.json_key]}"')
        keys.setdefault(field.json_key, field.name)
        attribute = snake_case(field.name)
        if attribute in attributes:
            at = one.field.position if one else definition.position
            both = f'"{attributes[attribute]}" and "{field.name}"'
            world.faults.add(at, f"{both} are both {attribute} in Python; choose another name for one")
        attributes.setdefault(attribute, field.name)
    for one in draft.fields:
        if one.field.column_override and one.field.relation is not None:
            world.faults.add(
                one.at("column"), f'"{one.field.name}" has no column; put column= on its key field'
            )
        if one.field.column_override and one.field.name == "id" and not draft.has_table():
            world.faults.add(one.at("column"), "the id has no column=; remove it")
        if one.field.tail and one.field.name == "id" and not draft.has_table():
            world.faults.add(one.at("tail"), "the id has no tail; remove it")
