"""Classes, exceptions and enums as Dart source: the API of Serverpod clients, for Flutter code.

Facts of that API: the public classes of clients of serverpod_client 3.4 to 4 (BSD 3-Clause).
"""

from __future__ import annotations

from podium.codegen import client_view
from podium.codegen.client_view import Scope
from podium.codegen.dart.breaks import WIDTH
from podium.codegen.dart.types import Dart, doc, listed, quoted
from podium.schema.definitions import ClassDefinition, Definition, EnumDefinition, Field
from podium.wire.types import TypeRef
from podium.wire.types.numbers import INT
from podium.wire.types.ref import TEXT
from podium.wire.validation import FormRule, Rule

VALIDATION_PREFIX = "_v"
"""Of the library with FieldValidation and FieldFault."""
ID_DOC = (
    "The database id, set if the object has been inserted into the\n"
    "database or if it has been fetched from it. Otherwise null."
)


def enum(definition: EnumDefinition) -> str:
    """An enum with its conversions to and from JSON."""
    name = definition.name
    lines = [*doc(definition.doc), f"enum {name} implements _sp.SerializableModel {{"]
    for value in definition.values:
        lines += doc(value.doc, 2)
        given = [_literal(one) for _, one in value.properties]
        end = ";" if value is definition.values[-1] else ","
        lines.append(f"  {value.name}{'(' + ', '.join(given) + ')' if given else ''}{end}")
    lines.append("")
    if definition.properties:
        lines += [
            listed(f"const {name}(", [f"this.{each}" for each, _ in definition.properties], ");", 2),
            "",
        ]
        for each, kind in definition.properties:
            lines += [f"  final {kind.name}{'?' if kind.nullable else ''} {each};", ""]
    lines += _enum_reading(definition)
    by_index = definition.serialized == "byIndex"
    this = "this." if any(value.name in ("name", "index") for value in definition.values) else ""
    stored, of_value = (INT.name, "index") if by_index else (TEXT, "name")
    lines += ["", "  @override", f"  {stored} toJson() => {this}{of_value};"]
    lines += ["", "  @override", f"  String toString() => {this}name;", "}"]
    return "\n".join(lines)


def _enum_reading(definition: EnumDefinition) -> list[str]:
    by_index = definition.serialized == "byIndex"
    name, argument = definition.name, "index" if by_index else "name"
    head = f"  static {name} fromJson({INT.name if by_index else TEXT} {argument}) {{"
    lines = [head, f"    switch ({argument}) {{"]
    for number, value in enumerate(definition.values):
        lines += [
            f"      case {number if by_index else quoted(value.name)}:",
            f"        return {name}.{value.name};",
        ]
    lines.append("      default:")
    if definition.default:
        lines.append(f"        return {name}.{definition.default};")
    else:
        message = f'\'Value "${argument}" cannot be converted to "{name}"\''
        lines.append(listed("throw ArgumentError(", [message], ");", 8))
    return [*lines, "    }", "  }"]


def _literal(value: object) -> str:
    if isinstance(value, str):
        return quoted(value)
    return str(value).lower() if isinstance(value, bool) else "null" if value is None else str(value)


class ClassWriter:
    """The source of one class or exception.

    A leaf is an abstract class with a private implementation, so that `copyWith` can distinguish null from absent. One
    with subclasses has a plain constructor; a sealed one is only the base of its parts.
    """

    def __init__(self, scope: Scope, definition: ClassDefinition) -> None:
        self.scope, self.definition = scope, definition
        self.dart = Dart(scope)
        self.name = definition.name
        self.fields = client_view.fields(definition)
        self.parent = client_view.parent(scope, definition)
        self.inherited = {each.name for each in client_view.fields(self.parent)} if self.parent else set()
        self.own = [
            each
            for each in self.fields
            if each.name not in self.inherited or each.name in definition.own_fields
        ]
        self.sealed_family = definition.sealed or sealed_root(scope, definition) is not None
        # Only nullable fields need to distinguish null from absent.
        self.needs_undefined = any(each.type.nullable or each.type.is_dynamic for each in self.fields)
        self.split = not (definition.sealed or definition.children)
        self.const = _is_const(scope, definition)

    def write(self) -> str:
        parts = [
            self._head(),
            self._constructors(),
            *self._from_json(),
            *self._declarations(),
            self._copy_with(),
        ]
        if not self.definition.sealed:
            parts += [
                *self._equality(),
                self._to_json("toJson"),
                self._to_json("toJsonForProtocol"),
                self._to_string(),
            ]
        body = "\n\n".join(part for part in parts[1:] if part)
        text = f"{parts[0]}\n{body}\n}}"
        if not self.sealed_family or (self.definition.sealed and not self.parent):
            text += "\n\nclass _Undefined {}" if self.needs_undefined or self.definition.sealed else ""
        return text + (f"\n\n{self._implementation()}" if self.split else "") + self._rules()

    def _head(self) -> str:
        kinds = ["_sp.SerializableModel", "_sp.ProtocolSerialization"]
        if self.definition.kind == "exception":
            kinds.insert(0, "_sp.SerializableException")
        word = "sealed class" if self.definition.sealed else "abstract class" if self.split else "class"
        extends = f" extends {self._parent_name()}" if self.parent else ""
        lines = doc(self.definition.doc)
        if self.definition.immutable:
            lines.append("@_sp.immutable")
        lines.append(f"{word} {self.name}{extends} implements {', '.join(kinds)} {{")
        return "\n".join(lines)

    def _parent_name(self) -> str:
        assert self.definition.parent is not None
        return self.dart.required(self.definition.parent.required())

    # Constructors -----------------------------------------------------------------------------------------------

    def _constructors(self) -> str:
        const = "const " if self.const else ""
        head = f"{const}{self.name}{'._' if self.split else ''}("
        parameters = [self._parameter(field) for field in self.fields]
        body = self._initializers()
        text = self._with_initializers(braced(head, parameters, ")"), body)
        if not self.split:
            return text
        head = f"{const}factory {self.name}("
        factory = braced(head, [self._factory_parameter(field) for field in self.fields], ")")
        return f"{text}\n\n{factory} = _{self.name}Impl;"

    def _with_initializers(self, head: str, initializers: list[str]) -> str:
        if not initializers:
            return head + ";"
        return f"{head} : {', '.join(initializers)};"

    def _parameter(self, field: Field) -> str:
        inherited = field not in self.own
        if field.default_model is not None and not inherited:
            return f"{self._optional(field.type)} {field.name}"
        source = "super" if inherited else "this"
        return f"{'required ' if is_required(field) else ''}{source}.{field.name}"

    def _factory_parameter(self, field: Field) -> str:
        if field.default_model is not None:
            return f"{self._optional(field.type)} {field.name}"
        return f"{'required ' if is_required(field) else ''}{self.dart.type(field.type)} {field.name}"

    def _optional(self, kind: TypeRef) -> str:
        return self.dart.required(kind) + "?"

    def _initializers(self) -> list[str]:
        """Fields with a default take it if no value is given; only the declaring class does this."""
        return [
            f"{field.name} = {field.name} ?? {self.dart.default(field, field.default_model)}"
            for field in self.own
            if field.default_model is not None
        ]

    # Fields and JSON --------------------------------------------------------------------------------------------

    def _from_json(self) -> list[str]:
        if self.definition.sealed:
            return []
        given = [
            f"{field.name}: {self._read(field)}"
            for field in self.fields
        ]  # fmt: skip
        made = listed(f"return {self.name}(", given, ");", 4)
        return [f"  factory {self.name}.fromJson(Map<String, dynamic> jsonSerialization) {{\n{made}\n  }}"]

    def _read(self, field: Field) -> str:
        kind = field.type
        if field.default_model is not None and not kind.nullable:
            kind = TypeRef(kind.name, True, kind.arguments, kind.named, kind.module, kind.dimension)
        return self.dart.from_json(kind, f"jsonSerialization[{quoted(field.json_key or field.name)}]")

    def _declarations(self) -> list[str]:
        found = []
        for field in self.own:
            text = field.doc or (ID_DOC if field.name == "id" and self.definition.table else "")
            final = "final " if self.definition.immutable else ""
            found.append("\n".join([*doc(text, 2), f"  {final}{self.dart.type(field.type)} {field.name};"]))
        return found

    def _to_json(self, method: str) -> str:
        protocol = method == "toJsonForProtocol"
        entries = [f"'__className__': {quoted(self.scope.prefix + self.name)}"]
        for field in self.fields:
            key = quoted(field.json_key or field.name)
            present = f"if ({field.name} != null) " if field.type.nullable else ""
            value = self.dart.to_json(field.type, field.name, protocol=protocol)
            entries.append(f"{present}{key}: {value}")
        made = listed("return {", entries, "};", 4)
        return f"  @override\n  Map<String, dynamic> {method}() {{\n{made}\n  }}"

    def _to_string(self) -> str:
        if self.definition.kind == "exception":
            shown = [f"{field.name}: ${field.name}" for field in self.fields]
            line = f"    return '{self.name}({', '.join(shown)})';"
            if len(line) > WIDTH:
                rows = [f"'{one}, '" for one in shown[:-1]] + [f"'{one})';" for one in shown[-1:]]
                line = "\n        ".join([f"    return '{self.name}('", *rows])
            return f"  @override\n  String toString() {{\n{line}\n  }}"
        return "  @override\n  String toString() {\n    return _sp.SerializationManager.encode(this);\n  }"

    def _equality(self) -> list[str]:
        if not self.definition.immutable:
            return []
        same = "".join(f" &&\n            {_same(field)}" for field in self.fields)
        equals = (
            "  @override\n  bool operator ==(Object other) {\n    return identical(other, this) ||\n"
            f"        other.runtimeType == runtimeType &&\n            other is {self.name}{same};\n  }}"
        )
        hashed = listed("return Object.hashAll([", ["runtimeType", *map(_hashed, self.fields)], "]);", 4)
        return [equals, f"  @override\n  int get hashCode {{\n{hashed}\n  }}"]

    # copyWith ---------------------------------------------------------------------------------------------------

    def _copy_with(self) -> str:
        abstract = self.definition.sealed or self.split
        lines = self._copy_doc()
        if self.parent:
            lines.append("  @override")
        lines.append("  @_sp.useResult")
        if abstract:
            parameters = [self._declared_parameter(field) for field in self.fields]
            return "\n".join([*lines, braced(f"{self.name} copyWith(", parameters, ");")])
        return "\n".join([*lines, self._copy_body()])

    def _copy_body(self) -> str:
        head = braced(f"{self.name} copyWith(", [self._copy_parameter(field) for field in self.fields], ") {")
        made = listed(f"return {self.name}(", [f"{f.name}: {self._copied(f)}" for f in self.fields], ");", 4)
        return f"{head}\n{made}\n  }}"

    def _declared_parameter(self, field: Field) -> str:
        """A parameter of an abstract copyWith. If a plain parent takes any object, its child must too."""
        overrides = self.parent is not None and not self.parent.sealed and field.name in self.inherited
        if field.type.is_dynamic or (overrides and field.type.nullable):
            return f"Object? {field.name}"
        return f"{self._optional(field.type)} {field.name}"

    def _copy_parameter(self, field: Field) -> str:
        if field.type.nullable or field.type.is_dynamic:
            return f"Object? {field.name} = _Undefined"
        return f"{self._optional(field.type)} {field.name}"

    def _copied(self, field: Field) -> str:
        copy = self.dart.copy(field.type, f"this.{field.name}")
        if field.type.is_dynamic:
            return f"{field.name} == _Undefined ? this.{field.name} : {field.name}"
        if field.type.nullable:
            return f"{field.name} is {self.dart.type(field.type)} ? {field.name} : {copy}"
        return f"{field.name} ?? {copy}"

    def _copy_doc(self) -> list[str]:
        return doc(
            f"Returns a copy of this [{self.name}]\nwith some or all fields replaced by the given arguments.",
            2,
        )

    def _implementation(self) -> str:
        name = f"_{self.name}Impl"
        parameters = [self._factory_parameter(field) for field in self.fields]
        given = [f"{field.name}: {field.name}" for field in self.fields]
        head = braced(f"{'const ' if self.const else ''}{name}(", parameters, ")")
        handed_on = listed("super._(", given, ");")
        copy = "\n".join([*self._copy_doc(), "  @override", "  @_sp.useResult", self._copy_body()])
        return f"class {name} extends {self.name} {{\n{head} : {handed_on}\n\n{copy}\n}}"

    def _rules(self) -> str:
        """The class with the rules of the fields; "" if they have none."""
        ruled = client_view.validated_fields(self.definition)
        if not ruled:
            return ""
        name, prefix = client_view.validation_name(self.scope, self.definition), VALIDATION_PREFIX
        parts = [self._field_rules(field) for field in ruled]
        # By the class's name: a field may be named as the parameter is.
        checks = [f"{name}.{_rules_member(field)}.fault(value.{field.name})" for field in ruled]
        made = listed("return [", checks, "].nonNulls.toList();", 4)
        faults = f"List<{prefix}.{client_view.FIELD_FAULT}>"
        parts.append(
            "  /// The values that break a rule; those of objects inside this one are not checked.\n"
            f"  static {faults} {client_view.VALIDATE}({self.name} value) {{\n{made}\n  }}"
        )
        head = f"/// The rules for the fields of [{self.name}].\nabstract final class {name} {{"
        return f"\n\n{head}\n" + "\n\n".join(parts) + "\n}"

    def _field_rules(self, field: Field) -> str:
        kind = f"{VALIDATION_PREFIX}.{client_view.FIELD_VALIDATION}<{self.dart.required(field.type)}>"
        head = f"  static const {_rules_member(field)} = {kind}("
        given = [_rule(rule, message) for rule, message in client_view.messages(field)]
        body = "".join(f"    {each},\n" for each in given)
        return f"{head}{quoted(field.json_key or field.name)}, [\n{body}  ]);"


def _rules_member(field: Field) -> str:
    return f"{field.name}_" if field.name == client_view.VALIDATE else field.name


def _rule(rule: Rule, message: str) -> str:
    if isinstance(rule, FormRule):
        arguments = [quoted(rule.name), quoted(message), quoted(rule.portable)]
        return listed(f"{VALIDATION_PREFIX}.FormRule(", arguments, ")")
    limits = [f"{name}: {number}" for name, number in rule.arguments().items()]
    return listed(f"{VALIDATION_PREFIX}.{type(rule).__name__}Rule(", [quoted(message), *limits], ")")


def braced(head: str, parameters: list[str], tail: str) -> str:
    """A member's head with its named parameters in braces; no braces without parameters."""
    return listed(head + "{", parameters, "}" + tail, 2) if parameters else f"  {head}{tail}"


def _is_const(scope: Scope, definition: ClassDefinition) -> bool:
    """Return whether a class can have a constant constructor: no computed default in it or its ancestors."""
    above = client_view.parent(scope, definition)
    plain = all(field.default_model is None for field in client_view.fields(definition))
    return definition.immutable and plain and (above is None or _is_const(scope, above))


def _is_deep(field: Field) -> bool:
    return field.type.is_container or field.type.is_dynamic


def _same(field: Field) -> str:
    if _is_deep(field):
        return f"const _sp.DeepCollectionEquality().equals(other.{field.name}, {field.name})"
    return f"other.{field.name} == {field.name}"


def _hashed(field: Field) -> str:
    return f"const _sp.DeepCollectionEquality().hash({field.name})" if _is_deep(field) else field.name


def is_required(field: Field) -> bool:
    """Return whether a constructor requires the field."""
    return field.default_model is None and (not field.type.nullable or field.required)


def sealed_root(scope: Scope, definition: ClassDefinition) -> ClassDefinition | None:
    """The topmost sealed class that a class descends from; the class is a part of its library."""
    above = client_view.parent(scope, definition)
    if above is None or (definition.parent and definition.parent.module):
        return None
    return sealed_root(scope, above) or (above if above.sealed else None)


def file_stem(definition: Definition) -> str:
    """Path of a definition's file below lib/src/protocol, without its extension."""
    stem = definition.position.file.rsplit("/", 1)[-1].split(".")[0]
    return f"{definition.folder}/{stem}" if definition.folder else stem
