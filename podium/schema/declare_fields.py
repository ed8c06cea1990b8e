"""Read the `fields` of a class or an exception into drafts. Each option is read and checked by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from podium.schema import rules, value_rules
from podium.schema.definitions import Field, Scope
from podium.schema.drafts import ClassDraft, FieldDraft, RelationDraft
from podium.schema.options import FieldText, Option, read_field
from podium.schema.reading import (
    Faults,
    MappingNode,
    Node,
    ScalarNode,
    Source,
    entries,
    is_null,
)
from podium.wire.default import unquote
from podium.wire.errors import SchemaError
from podium.wire.parse import parse_type
from podium.wire.types import TypeRef


@dataclass(slots=True)
class FieldsReader:
    """Reader for `fields`; fills the draft of their class."""

    source: Source
    draft: ClassDraft
    faults: Faults

    def read(self, node: Node) -> None:
        if not isinstance(node, MappingNode):
            what = (
                "is empty; add a field, or remove it"
                if is_null(node)
                else 'has lines of the form "name: Type"'
            )
            self.faults.add(self.source.at(node), f'"fields" {what}')
            return
        for name, key, value in entries(self.source, node, self.faults, "a field's name"):
            draft = self.field(name, key, value)
            if draft is None:
                self.draft.broken.add(name)
            else:
                self.draft.fields.append(draft)

    def field(self, name: str, key: ScalarNode, value: Node) -> FieldDraft | None:
        self.field_name(name, key)
        rules_above = value_rules.read(self.source, key, self.faults)
        value_rules.report_trailing(self.source, key, value, self.faults)
        if is_null(value):
            self.faults.add(self.source.at(key), f'the field "{name}" needs a type, e.g. {name}: String')
            return None
        written = read_field(self.source, value, self.faults)
        if written is None:
            return None
        kind = self.type(name, key, written)
        if kind is None:
            return None
        place = self.source.at(written.type_node or value, written.type_offset)
        one = Field(name, kind, self.source.at(key), self.source.doc(key), json_key=name)
        draft = FieldDraft(one, place, written.options, rules=rules_above)
        self.option_names(draft)
        self.options(draft)
        return draft

    def field_name(self, name: str, key: ScalarNode) -> None:
        at = self.source.at(key)
        if not rules.IDENTIFIER.fullmatch(name) or name.startswith("_"):
            self.faults.add(
                at, f'"{name}" is not a valid name for a field; use letters and digits, a letter first'
            )
        elif name in rules.RESERVED_NAMES:
            self.faults.add(
                at, f'"{name}" is a word of Dart or of every generated class; choose another name'
            )
        elif name in rules.RESERVED_IN_TABLES and self.draft.has_table():
            self.faults.add(at, f'"{name}" is a member of every class with a table; choose another name')
        elif len(name) > rules.MAX_FIELD:
            self.faults.add(
                at, f"the name has {len(name)} characters; a field may have {rules.MAX_FIELD} at most"
            )
        elif self.draft.has_table() and ("__" in name or name.endswith("_")):
            self.faults.add(
                at, f'"{name}" ends in an underscore or has two together, which Django does not allow'
            )
        elif not rules.CAMEL.fullmatch(name):
            self.faults.add(at, f'"{name}" is better written in lowerCamelCase, as clients have it', "info")

    def type(self, name: str, key: ScalarNode, written: FieldText) -> TypeRef | None:
        if not written.type_text:
            self.faults.add(self.source.at(key), f'the field "{name}" needs a type, e.g. {name}: String')
            return None
        try:
            kind = parse_type(written.type_text)
        except SchemaError as error:
            node = written.type_node or key
            self.faults.add(self.source.at(node, written.type_offset + error.offset), error.message)
            return None
        return kind

    def option_names(self, draft: FieldDraft) -> None:
        """Remove invalid options, with a fault for each."""
        kind = self.draft.definition.kind
        allowed = rules.FIELD_OPTIONS[kind]
        for name, option in list(draft.options.items()):
            if name in allowed and name != "type":
                continue
            del draft.options[name]
            if name == "type":
                message = "the type comes first, without a word before it"
            elif name in rules.REMOVED_OPTIONS:
                message = rules.REMOVED_OPTIONS[name]
            elif name in rules.FIELD_OPTIONS["class"]:
                message = f'"{name}" is for fields of classes, not of {rules.PLURALS[kind]}'
            else:
                hint = rules.near(name, allowed) or f"; there are {rules.listed(allowed - {'type'})}"
                message = f'"{name}" is not a valid option of a field{hint}'
            self.faults.add(option.position, message)

    def options(self, draft: FieldDraft) -> None:
        """Fill in the attributes that a single option decides."""
        one, options = draft.field, draft.options
        one.required = self.flag(options.get("required"))
        one.tail = self.flag(options.get("tail"))
        one.persist = self.flag(options.get("persist"), missing=True)
        if "scope" in options:
            one.scope = cast(Scope, self.choice(options["scope"]) or "all")
        if "serializationDataType" in options:
            chosen = self.choice(options["serializationDataType"])
            draft.data_type = cast(Literal["", "json", "jsonb"], chosen)
        if "column" in options:
            one.column_override = self.column(options["column"])
        if "jsonKey" in options:
            one.json_key = self.plain(options["jsonKey"]) or one.name
            if one.json_key == "__className__":
                self.faults.add(
                    options["jsonKey"].at, '"__className__" is the key that names the class; choose another'
                )
        if "unique" in options:
            one.unique_per = self.unique(options["unique"])
        if "relation" in options:
            draft.relation = self.relation(options["relation"])

    def flag(self, option: Option | None, *, missing: bool = False) -> bool:
        if option is None:
            return missing
        if option.value not in ("true", "false"):
            self.faults.add(option.at, f"write {option.name}, or !{option.name} for the opposite")
            return missing
        return option.value == "true"

    def plain(self, option: Option) -> str:
        """An option's text, without its quotes; "" and a fault if it has none."""
        value = "" if option.bare else (option.value or "")
        if value[:1] in ("'", '"'):
            try:
                value = unquote(value)
            except SchemaError as error:
                self.faults.add(option.at, error.message)
                return ""
        if not value.strip():
            self.faults.add(option.at, f'"{option.name}" needs a value: {option.name}=...')
        return value.strip()

    def choice(self, option: Option) -> str:
        """One of the words that an option can have, or "" and a fault."""
        allowed = rules.VALUES[option.name]
        value = self.plain(option)
        if value and value not in allowed:
            hint = rules.near(value, allowed)
            self.faults.add(option.at, f'"{option.name}" is {" or ".join(allowed)}, not "{value}"{hint}')
            return ""
        return value

    def column(self, option: Option) -> str:
        name = self.plain(option)
        if name and not rules.IDENTIFIER.fullmatch(name):
            self.faults.add(option.at, f'the column "{name}" must be named in letters, digits and "_"')
        elif len(name) > rules.MAX_FIELD:
            self.faults.add(
                option.at, f"the column's name has {len(name)} characters; it may have {rules.MAX_FIELD}"
            )
        return name

    def unique(self, option: Option) -> tuple[str, ...] | None:
        if option.inner is None:
            if option.value == "true":
                return ()
            if option.value != "false":
                self.faults.add(option.at, "write unique, or unique(per=otherField)")
            return None
        for name, inner in option.inner.items():
            if name not in rules.UNIQUE_OPTIONS:
                self.faults.add(
                    inner.position, f'"{name}" is not a valid option of unique; the only one is per'
                )
        per = option.inner.get("per")
        if per is None and option.inner:
            return ()
        if per is None:
            self.faults.add(option.position, "write unique(per=otherField), or unique alone")
            return ()
        if per.items is not None:
            names = per.items
        else:
            names = (
                [] if per.bare else [part.strip() for part in (per.value or "").split(",") if part.strip()]
            )
        if not names or not all(names):
            self.faults.add(per.at, "per names a field, or several: unique(per=[tenantId, category])")
        return tuple(name for name in names if name)

    def relation(self, option: Option) -> RelationDraft | None:
        if option.inner is None:
            if option.bare and option.value == "true":
                return RelationDraft(option.position)
            self.faults.add(option.at, "write relation, or relation(...) with what it needs in parentheses")
            return None
        draft = RelationDraft(option.position, option.inner)
        for name, inner in list(option.inner.items()):
            if name not in rules.RELATION_OPTIONS:
                hint = (
                    rules.near(name, rules.RELATION_OPTIONS)
                    or f"; there are {rules.listed(rules.RELATION_OPTIONS)}"
                )
                self.faults.add(inner.position, f'"{name}" is not a valid option of relation{hint}')
        for name, attribute in (("parent", "parent"), ("name", "name"), ("field", "key")):
            if name in option.inner:
                setattr(draft, attribute, self.plain(option.inner[name]))
        for name in ("optional", "deferrable", "deferred"):
            setattr(draft, name, self.flag(option.inner.get(name)))
        for name, attribute in (("onDelete", "on_delete"), ("onUpdate", "on_update")):
            if name in option.inner:
                setattr(draft, attribute, self.action(option.inner[name]))
        if draft.deferrable and draft.deferred:
            self.faults.add(
                option.inner["deferred"].position, "deferred includes deferrable; write one of them"
            )
        return draft

    def action(self, option: Option) -> str:
        value = self.plain(option)
        for action in rules.ACTIONS:
            if value.lower() == action.lower():
                return action[0].lower() + action[1:]
        if value:
            hint = rules.near(value, rules.ACTIONS) or f"; there are {', '.join(rules.ACTIONS)}"
            self.faults.add(option.at, f'"{value}" is not a valid action for {option.name}{hint}')
        return "noAction"
