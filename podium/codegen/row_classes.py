"""The classes of row methods as definitions, beside those of the model files (podium/rows/classes.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from podium.rows.classes import PAGE_NEXT, RowClasses, page_rows, row_classes, ruled
from podium.schema.definitions import (
    ClassDefinition,
    Definition,
    EnumDefinition,
    EnumValue,
    Field,
    Position,
    Protocol,
)
from podium.wire.names import snake_case
from podium.wire.types import TypeRef


def added(protocol: Protocol) -> Protocol:
    """Return the definitions of a project with the classes of the row methods of its models and its modules'."""
    return _added(protocol, [row_classes(model) for model in ruled("client")])


def _added(protocol: Protocol, described: Iterable[RowClasses]) -> Protocol:
    described = list(described)
    own = {each.name: each for each in described if each.prefix == protocol.name or not each.prefix}
    definitions: list[Definition] = []
    for one in protocol.definitions:
        definitions.append(one)
        if isinstance(one, ClassDefinition) and one.name in own:
            definitions += _definitions(one, own[one.name])
    modules = {
        name: _added(module, [each for each in described if each.prefix == module.name])
        for name, module in protocol.modules.items()
    }
    return replace(protocol, definitions=definitions, modules=modules)


def _definitions(model: ClassDefinition, described: RowClasses) -> Iterator[Definition]:
    columns = {each.json_key: each for each in model.fields}
    yield _class(
        model,
        f"{described.name}Where",
        described.where_doc,
        [_field(model, each.key, each.type(columns[each.of.key].type)) for each in described.where],
    )
    for name, (doc, values) in described.enums().items():
        position = _position(model, name)
        yield EnumDefinition(
            name,
            position,
            doc,
            model.module,
            model.app,
            model.folder,
            [EnumValue(each, position) for each in values],
            serialized="byName",
        )
    rows = page_rows(TypeRef(model.name))
    yield _class(
        model,
        f"{described.name}Page",
        described.page_doc,
        [replace(_field(model, "rows", rows), required=True), _field(model, "next", PAGE_NEXT)],
    )


def _class(model: ClassDefinition, name: str, doc: str, fields: list[Field]) -> ClassDefinition:
    return ClassDefinition(
        name,
        _position(model, name),
        "class",
        doc,
        model.module,
        model.app,
        model.folder,
        fields=fields,
        own_fields=[each.name for each in fields],
    )


def _position(model: ClassDefinition, name: str) -> Position:
    """A place beside the model's file. Clients have a file for each class, named like that of its model file."""
    file = Path(model.position.file).with_name(
        f"{snake_case(name)}{''.join(Path(model.position.file).suffixes)}"
    )
    return Position(file.as_posix(), 1, 1)


def _field(model: ClassDefinition, name: str, type: TypeRef) -> Field:
    return Field(name, type, model.position, json_key=name)
