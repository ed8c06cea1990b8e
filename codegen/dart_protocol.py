"""protocol.dart: what the client library asks to read and to name values, for every type that may cross the wire."""

from __future__ import annotations

from collections.abc import Iterable

from codegen import visible
from codegen.dart_models import file_stem
from codegen.dart_types import CONTAINERS, Dart, containers, module_prefix, quoted
from codegen.visible import Scope
from endpoints.definitions import EndpointDefinition
from schema.definitions import ClassDefinition, Definition
from schema.types import RECORD, TypeRef


def protocol_file(scope: Scope, endpoints: list[EndpointDefinition], exported: list[Definition]) -> str:
    """The text below the imports. exported: definitions with a library of their own, in order."""
    dart = Dart(scope)
    classes, enums = visible.classes(scope), visible.enums(scope)
    named: list[Definition] = [*classes, *enums]
    used = list(_used(scope, endpoints))
    exports = [f"export '{file_stem(each)}.dart';" for each in exported]
    parts = [
        "\n".join(sorted([*exports, "export 'client.dart';"])),
        HEAD,
        _deserialize(dart, named, used),
        _type_names(dart, named),
        _object_names(dart, scope, named),
        _by_class_name(dart, scope, named),
        f"  @override\n  String getModuleName() => {quoted(scope.protocol.name)};",
        _records(dart, scope, used),
    ]
    return "\n\n".join(parts) + "\n}\n"


def _used(scope: Scope, endpoints: Iterable[EndpointDefinition]) -> Iterable[TypeRef]:
    """Every container and record in fields, arguments and results, once each, without its question mark."""
    found: dict[TypeRef, None] = {}
    types = [field.type for each in visible.classes(scope) for field in visible.fields(each)]
    for endpoint in endpoints:
        for method in endpoint.methods:
            types += [method.returns, *(each.type for each in method.parameters)]
    for kind in types:
        for one in containers(kind):
            found.setdefault(one.required())
    return found


HEAD = """class Protocol extends sp.SerializationManager {
  Protocol._();

  factory Protocol() => _instance;

  static final Protocol _instance = Protocol._();

  /// The class that a JSON object says it is of.
  static String? getClassNameFromObjectJson(dynamic data) {
    if (data is! Map) return null;
    return data['__className__'] as String?;
  }"""


def _deserialize(dart: Dart, named: list[Definition], used: list[TypeRef]) -> str:
    lines = [
        "  @override",
        "  T deserialize<T>(dynamic data, [Type? t]) {",
        "    t ??= T;",
        "",
        "    final className = getClassNameFromObjectJson(data);",
        "    if (className != null && className != getClassNameForType(t)) {",
        "      try {",
        "        return deserializeByClassName({'className': className, 'data': data});",
        "      } on FormatException catch (_) {",
        "        // A subclass that is newer than this client: read it as the type expected.",
        "      }",
        "    }",
        "",
    ]
    for each in named:
        if isinstance(each, ClassDefinition) and each.sealed:
            continue
        kind = dart.required(TypeRef(each.name))
        lines += [f"    if (t == {kind}) {{", f"      return {kind}.fromJson(data) as T;", "    }"]
        lines += [
            f"    if (t == sp.getType<{kind}?>()) {{",
            f"      return (data != null ? {kind}.fromJson(data) : null) as T;",
            "    }",
        ]
    for kind in used:
        lines += _container(dart, kind)
    for nickname in dart.scope.names:
        lines += [
            "    try {",
            f"      return {module_prefix(nickname)}.Protocol().deserialize<T>(data, t);",
            "    } on sp.DeserializationTypeNotFoundException catch (_) {}",
        ]
    return "\n".join([*lines, "    return super.deserialize<T>(data, t);", "  }"])


def _container(dart: Dart, kind: TypeRef) -> list[str]:
    written = dart.required(kind)
    read = _read_record(dart, kind) if kind.name == RECORD else _read_container(dart, kind)
    return [
        f"    if (t == sp.getType<{written}>()) {{",
        f"      return {read} as T;",
        "    }",
        f"    if (t == sp.getType<{written}?>()) {{",
        f"      return (data == null ? null : {read}) as T;",
        "    }",
    ]


def _read_container(dart: Dart, kind: TypeRef) -> str:
    types = [dart.type(each) for each in kind.arguments]
    if kind.name in ("List", "Set"):
        return f"(data as List).map((e) => deserialize<{types[0]}>(e)).to{kind.name}()"
    if kind.arguments[0] == TypeRef("String"):
        entry = f"MapEntry(deserialize<{types[0]}>(k), deserialize<{types[1]}>(v))"
        return f"(data as Map).map((k, v) => {entry})"
    entry = f"MapEntry(deserialize<{types[0]}>(e['k']), deserialize<{types[1]}>(e['v']))"
    return f"Map.fromEntries((data as List).map((e) => {entry}))"


def _read_record(dart: Dart, kind: TypeRef) -> str:
    parts = [
        f"deserialize<{dart.type(each)}>(((data as Map)['p'] as List)[{number}])"
        for number, each in enumerate(kind.arguments)
    ]
    parts += [
        f"{name}: deserialize<{dart.type(each)}>(((data as Map)['n'] as Map?)?['{name}'])"
        for name, each in kind.named
    ]
    return f"({parts[0]},)" if len(parts) == 1 and not kind.named else f"({', '.join(parts)})"


def _type_names(dart: Dart, named: list[Definition]) -> str:
    lines = [
        "  /// The name on the wire of a class of this project.",
        "  static String? getClassNameForType(Type type) {",
    ]
    lines.append("    return switch (type) {")
    lines += [f"      {dart.required(TypeRef(each.name))} => {quoted(each.name)}," for each in named]
    return "\n".join([*lines, "      _ => null,", "    };", "  }"])


def _object_names(dart: Dart, scope: Scope, named: list[Definition]) -> str:
    lines = [
        "  @override",
        "  String? getClassNameForObject(Object? data) {",
        "    final className = super.getClassNameForObject(data);",
        "    if (className != null) return className;",
        "",
        "    switch (data) {",
    ]
    for each in _children_first(scope, named):
        lines += [
            f"      case {dart.required(TypeRef(each.name))}():",
            f"        return {quoted(each.name)};",
        ]
    lines.append("    }")
    for nickname, module in scope.names.items():
        prefix = module.protocol.name
        lines += [
            f"    final {nickname}Name = {module_prefix(nickname)}.Protocol().getClassNameForObject(data);",
            f"    if ({nickname}Name != null) return '{prefix}.${nickname}Name';",
        ]
    return "\n".join([*lines, "    return null;", "  }"])


def _children_first(scope: Scope, named: list[Definition]) -> list[Definition]:
    """A subclass before what it extends, since the first match wins. Sealed classes have no objects of their own."""
    classes = [each for each in reversed(visible.classes(scope)) if not each.sealed]
    return [*classes, *visible.enums(scope)]


def _by_class_name(dart: Dart, scope: Scope, named: list[Definition]) -> str:
    lines = [
        "  @override",
        "  dynamic deserializeByClassName(Map<String, dynamic> data) {",
        "    final className = data['className'];",
        "    if (className is! String) return super.deserializeByClassName(data);",
    ]
    for each in named:
        if not (isinstance(each, ClassDefinition) and each.sealed):
            kind = dart.required(TypeRef(each.name))
            lines += [
                f"    if (className == {quoted(each.name)}) {{",
                f"      return deserialize<{kind}>(data['data']);",
                "    }",
            ]
    for nickname, module in scope.names.items():
        start = f"{module.protocol.name}."
        lines += [
            f"    if (className.startsWith({quoted(start)})) {{",
            f"      final inner = {{...data, 'className': className.substring({len(start)})}};",
            f"      return {module_prefix(nickname)}.Protocol().deserializeByClassName(inner);",
            "    }",
        ]
    return "\n".join([*lines, "    return super.deserializeByClassName(data);", "  }"])


def _records(dart: Dart, scope: Scope, used: list[TypeRef]) -> str:
    lines = [
        "  /// The JSON of a record of a type that this project uses; null for null.",
        "  Map<String, dynamic>? mapRecordToJson(Record? record) {",
        "    if (record == null) return null;",
    ]
    for kind in used:
        if kind.name == RECORD:
            lines += [
                f"    if (record is {dart.required(kind)}) {{",
                f"      return {_record_json(dart, kind)};",
                "    }",
            ]
    for nickname in scope.names:
        lines += [
            "    try {",
            f"      return {module_prefix(nickname)}.Protocol().mapRecordToJson(record);",
            "    } catch (_) {}",
        ]
    lines += ["    throw Exception('Unsupported record type ${record.runtimeType}');", "  }"]
    if any(kind.name in CONTAINERS and _holds_record(kind) for kind in used):
        lines += ["", *MAP_CONTAINER.splitlines()]
    return "\n".join(lines)


def _holds_record(kind: TypeRef) -> bool:
    return any(each.name == RECORD or _holds_record(each) for each in kind.arguments)


def _record_json(dart: Dart, kind: TypeRef) -> str:
    parts = []
    if kind.arguments:
        values = [dart.to_json(each, f"record.${number}") for number, each in enumerate(kind.arguments, 1)]
        parts.append(f"'p': [{', '.join(values)}]")
    if kind.named:
        values = [f"'{name}': {dart.to_json(each, f'record.{name}')}" for name, each in kind.named]
        parts.append(f"'n': {{{', '.join(values)}}}")
    return f"{{{', '.join(parts)}}}"


MAP_CONTAINER = """  /// The JSON of a container that holds records.
  Object? mapContainerToJson(Object? value) {
    if (value is Record) return mapRecordToJson(value);
    if (value is Map<String, Object?>) {
      return {for (final entry in value.entries) entry.key: mapContainerToJson(entry.value)};
    }
    if (value is Map) {
      return [
        for (final entry in value.entries)
          {'k': mapContainerToJson(entry.key), 'v': mapContainerToJson(entry.value)},
      ];
    }
    if (value is Iterable) return [for (final each in value) mapContainerToJson(each)];
    if (value == null || value is num || value is bool || value is String) return value;
    return (value as dynamic).toJson();
  }"""
