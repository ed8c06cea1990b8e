"""Read one model file into a draft of a class or a finished enum. Fields: schema/declare_fields.py."""

from __future__ import annotations

import keyword
from dataclasses import dataclass
from typing import Final, Literal, cast

from podium.schema import rules, value_rules
from podium.schema.declare_enum import EnumReader
from podium.schema.declare_fields import FieldsReader
from podium.schema.declare_indexes import IndexesReader
from podium.schema.definitions import ClassDefinition, Database, EnumDefinition
from podium.schema.drafts import ClassDraft, Draft
from podium.schema.reading import Faults, Node, ScalarNode, Source, boolean, compose, entries, text
from podium.wire.errors import SchemaError
from podium.wire.parse import parse_type
from podium.wire.types import registry


def declare(source: Source, faults: Faults) -> Draft | None:
    """Read one model file. None if it does not say what it defines."""
    draft = _declare(source, faults)
    if draft is not None:
        value_rules.report_unread(source, faults)
    return draft


def _declare(source: Source, faults: Faults) -> Draft | None:
    root = compose(source, faults)
    if root is None:
        return None
    found = {name: (key, value) for name, key, value in entries(source, root, faults, "a key")}
    kinds = [kind for kind in rules.KINDS if kind in found]
    if not kinds:
        hint = next((rules.near(name, rules.KINDS) for name in found if rules.near(name, rules.KINDS)), "")
        faults.add(
            source.at(root), f"the file defines nothing; start it with class:, exception: or enum:{hint}"
        )
        return None
    if len(kinds) > 1:
        keys = sorted((source.at(found[kind][0]).line, kind) for kind in kinds)
        faults.add(
            source.at(found[keys[1][1]][0]),
            f"the file already defines the {keys[0][1]}; put the {keys[1][1]} in a file of its own",
        )
        return None
    kind = kinds[0]
    _check_keys(source, kind, found, faults)
    name = _class_name(source, kind, found[kind][1], faults)
    if not name:
        return None
    position, doc = source.at(found[kind][1]), source.doc(found[kind][0])
    values = {key: value for key, (_, value) in found.items() if key in rules.KEYS[kind]}
    if kind == "enum":
        enum = EnumDefinition(name, position, doc, app=source.app, folder=source.folder)
        return EnumReader(source, enum, faults).read(values)
    definition = ClassDefinition(name, position, kind, doc, app=source.app, folder=source.folder)
    draft = ClassDraft(definition, places={key: source.at(node) for key, node in values.items()})
    return _Class(source, draft, faults).read(values)


def _check_keys(source: Source, kind: str, found: dict[str, tuple[ScalarNode, Node]], faults: Faults) -> None:
    for name, (key, _) in found.items():
        if name in rules.KEYS[kind]:
            continue
        others = [other for other in rules.KINDS if name in rules.KEYS[other]]
        if others:
            faults.add(
                source.at(key),
                f'"{name}" is for {" and ".join(rules.PLURALS[one] for one in others)}, not for {rules.PLURALS[kind]}',
            )
        else:
            known = rules.KEYS[kind]
            hint = rules.near(name, known) or f"; its keys are {rules.listed(known)}"
            faults.add(source.at(key), f'"{name}" is not a valid key of {rules.ARTICLES[kind]}{hint}')


def _class_name(source: Source, kind: str, node: Node, faults: Faults) -> str:
    name = text(source, node, faults, f"the name of the {kind}") or ""
    if not name:
        return ""
    if not rules.PASCAL.fullmatch(name):
        proposed = "".join(part[:1].upper() + part[1:] for part in name.replace("-", "_").split("_"))
        hint = f", e.g. {proposed}" if rules.PASCAL.fullmatch(proposed) else ", of letters and digits"
        faults.add(source.at(node), f'the name "{name}" must start with a capital letter{hint}')
        return ""
    if name in rules.RESERVED_CLASSES or registry.is_built_in(name):
        faults.add(source.at(node), f'"{name}" is a name of the language itself; choose another')
        return ""
    if keyword.iskeyword(name):
        faults.add(source.at(node), f'"{name}" is a word of Python; choose another name')
        return ""
    return name


@dataclass(slots=True)
class _Class:
    """Reader for the mapping of a class or an exception."""

    source: Source
    draft: ClassDraft
    faults: Faults

    def read(self, values: dict[str, Node]) -> ClassDraft:
        draft, definition = self.draft, self.draft.definition
        for key, attribute in _FLAGS.items():
            if key in values:
                setattr(definition, attribute, boolean(self.source, values[key], self.faults, f'"{key}"'))
        if "database" in values:
            word = self.word(values["database"], "database")
            definition.database = cast(Database, word or "server")
        if "table" in values:
            self.table(values["table"])
        if "serializationDataType" in values:
            word = self.word(values["serializationDataType"], "serializationDataType")
            draft.data_type = cast(Literal["", "json", "jsonb"], word)
        if "extends" in values:
            self.extends(values["extends"])
        if "fields" in values:
            FieldsReader(self.source, draft, self.faults).read(values["fields"])
        if "indexes" in values:
            IndexesReader(self.source, draft, self.faults).read(values["indexes"])
        if "database" in values and "table" not in values:
            self.faults.add(
                draft.at("database"), '"database" says where a table is; add a "table", or remove it'
            )
        if definition.sealed and "table" in values:
            self.faults.add(
                draft.at("table"), "a sealed class has no rows of its own; give its subclasses the tables"
            )
        return draft

    def word(self, node: Node, key: str) -> str:
        """One of the words that a key can have, or "" and a fault."""
        allowed = rules.VALUES[key]
        found = text(self.source, node, self.faults, f'"{key}"')
        if found is None or found in allowed:
            return found or ""
        hint = rules.near(found, allowed)
        self.faults.add(self.source.at(node), f'"{key}" is {" or ".join(allowed)}, not "{found}"{hint}')
        return ""

    def table(self, node: Node) -> None:
        name = text(self.source, node, self.faults, '"table"')
        if name is None:
            return
        if not rules.TABLE.fullmatch(name):
            proposed = "".join(f"_{one.lower()}" if one.isupper() else one for one in name).strip("_")
            hint = f", e.g. {proposed}" if rules.TABLE.fullmatch(proposed) else ""
            self.faults.add(
                self.source.at(node),
                f'the table "{name}" must be named in small letters, digits and "_"{hint}',
            )
        elif len(name) > rules.MAX_TABLE:
            self.faults.add(
                self.source.at(node),
                f"the table's name has {len(name)} characters; at most {rules.MAX_TABLE} leave room for its indexes",
            )
        definition = self.draft.definition
        definition.table = name if definition.database != "client" else ""
        definition.client_table = name if definition.database != "server" else ""

    def extends(self, node: Node) -> None:
        name = text(self.source, node, self.faults, '"extends"')
        if name is None:
            return
        try:
            self.draft.extends = parse_type(name)
        except SchemaError as error:
            self.faults.add(self.source.at(node, error.offset), error.message)


_FLAGS: Final = {
    "managedMigration": "managed_migration",
    "serverOnly": "server_only",
    "sealed": "sealed",
    "immutable": "immutable",
}
