"""protocol.dart: reading and naming of values for the client library, for every type on the wire."""

from __future__ import annotations

from collections.abc import Iterable

from podium.codegen import client_view
from podium.codegen.client_view import Scope
from podium.codegen.dart.models import file_stem
from podium.codegen.dart.types import (
    Dart,
    added_types,
    containers,
    defined_type,
    extra_prefix,
    has_dynamic,
    module_prefix,
    needs_mapping,
    quoted,
)
from podium.endpoints.definitions import EndpointDefinition
from podium.schema.definitions import ClassDefinition, Definition
from podium.wire.types import TypeRef, WireType

Names = list[tuple[str, str]]
"""Names in `className`, with the type in Dart."""


def protocol_file(scope: Scope, endpoints: list[EndpointDefinition], exported: list[Definition]) -> str:
    """The text below the imports. exported: definitions in libraries of their own, in order."""
    dart = Dart(scope)
    classes, enums = client_view.classes(scope), client_view.enums(scope)
    named: list[Definition] = [*classes, *enums]
    types = used_types(scope, endpoints)
    added = added_types(types)
    extra = _extra(dart, added)
    used = list(_used(types))
    streamed = _streamed(endpoints)
    dynamic = any(map(has_dynamic, types))
    exports = [f"export '{file_stem(each)}.dart';" for each in exported]
    parts = [
        "\n".join(sorted([*exports, "export 'client.dart';"])),
        HEAD,
        _deserialize(dart, named, used, added, dynamic=dynamic),
        _type_names(dart, named),
        _object_names(dart, scope, named, extra, streamed),
        _by_class_name(dart, scope, named, extra, _streamed_names(dart, endpoints)),
        f"  @override\n  String getModuleName() => {quoted(scope.protocol.name)};",
        _records(dart, scope, used),
    ]
    wrapped = any(each.is_record or needs_mapping(each) for each in streamed)
    if wrapped or any(kind.is_container and needs_mapping(kind) for kind in used):
        parts.append(MAP_CONTAINER)
    if any(kind.is_map and not kind.is_object for kind in used):
        parts.append(ENTRIES)
    if wrapped:
        parts.append(WRAP)
    if dynamic:
        parts.append(DYNAMIC)
    return "\n\n".join(parts) + "\n}\n"


def used_types(scope: Scope, endpoints: Iterable[EndpointDefinition]) -> list[TypeRef]:
    """The types of all fields, arguments and results."""
    types = [field.type for each in client_view.classes(scope) for field in client_view.fields(each)]
    for endpoint in endpoints:
        for method in endpoint.methods:
            types += [method.returns, *(each.type for each in method.parameters)]
    return types


def _streamed(endpoints: Iterable[EndpointDefinition]) -> list[TypeRef]:
    """The containers and records on streams, where each value carries its type's name.

    Those without a question mark come first, since the first matching name is taken.
    """
    found: dict[TypeRef, None] = {}
    for endpoint in endpoints:
        for method in endpoint.methods:
            if method.streams:
                given = [method.returns, *(each.type for each in method.parameters)]
                items = [each.arguments[0] if each.is_stream else each for each in given]
                found |= dict.fromkeys(
                    each.required() for each in items if each.is_record or each.is_container
                )
    return sorted(found, key=lambda each: "?" in str(each))


def _streamed_names(dart: Dart, endpoints: Iterable[EndpointDefinition]) -> Names:
    """Their names on streams, with their types in Dart."""
    modules: dict[str, list[EndpointDefinition]] = {"": list(endpoints)}
    for endpoint in modules[""]:
        if endpoint.module:
            modules.setdefault(endpoint.module, []).append(endpoint)
    return [
        (f"{module}.{name}" if module else name, dart.required(each))
        for module, those in modules.items()
        for each in _streamed(those)
        for name in [_wire_name(dart.scope, each, inside=module)]
    ]


def _used(types: Iterable[TypeRef]) -> Iterable[TypeRef]:
    """Every container and record in these types, once each, without its question mark."""
    found: dict[TypeRef, None] = {}
    for kind in types:
        for one in containers(kind):
            found.setdefault(one.required())
    return found


HEAD = """class Protocol extends _sp.SerializationManager {
  Protocol._();

  factory Protocol() => _instance;

  static final Protocol _instance = Protocol._();

  /// The name of the class in a JSON object.
  static String? getClassNameFromObjectJson(dynamic data) {
    if (data is! Map) return null;
    return data['__className__'] as String?;
  }"""


def _extra(dart: Dart, added: list[WireType]) -> Names:
    """Types that no model file defines: name and spelling in Dart."""
    return [*_by_hand(dart), *((each.name, defined_type(each)) for each in added)]


def _by_hand(dart: Dart) -> Names:
    """Hand-written classes: name and spelling in Dart."""
    return [(name, f"{extra_prefix(library)}.{name}") for name, library in dart.scope.protocol.extra.items()]


def _deserialize(
    dart: Dart, named: list[Definition], used: list[TypeRef], added: list[WireType], *, dynamic: bool
) -> str:
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
    if dynamic:
        lines.append("    if (t == dynamic) return dynamicFromJson(data) as T;")
    concrete = [each for each in named if not (isinstance(each, ClassDefinition) and each.sealed)]
    own = [dart.required(TypeRef(each.name)) for each in concrete]
    reads = {kind: f"{kind}.fromJson(data)" for kind in [*own, *(written for _, written in _by_hand(dart))]}
    reads |= {defined_type(one): one.dart.read.format("data", type=defined_type(one)) for one in added}
    for kind, read in reads.items():
        lines += _type(kind, read)
    for each in named:
        if isinstance(each, ClassDefinition) and each.sealed:
            nullable = dart.type(TypeRef(each.name, nullable=True))
            lines.append(f"    if (data == null && t == _sp.getType<{nullable}>()) return null as T;")
    for container in used:
        lines += _container(dart, container)
    for nickname in dart.scope.names:
        lines += [
            "    try {",
            f"      return {module_prefix(nickname)}.Protocol().deserialize<T>(data, t);",
            "    } on _sp.DeserializationTypeNotFoundException catch (_) {}",
        ]
    return "\n".join([*lines, "    return super.deserialize<T>(data, t);", "  }"])


def _container(dart: Dart, kind: TypeRef) -> list[str]:
    written = dart.required(kind)
    read = _read_record(dart, kind) if kind.is_record else _read_container(dart, kind)
    return _type(written, read, f"_sp.getType<{written}>()")


def _type(written: str, read: str, type: str = "") -> list[str]:
    """Two branches of `deserialize`, for a type and its nullable form."""
    return [
        f"    if (t == {type or written}) {{",
        f"      return {read} as T;",
        "    }",
        f"    if (t == _sp.getType<{written}?>()) {{",
        f"      return data == null ? null as T : {read} as T;",
        "    }",
    ]


def _read_container(dart: Dart, kind: TypeRef) -> str:
    types = [dart.type(each) for each in kind.arguments]
    if kind.is_list or kind.is_set:
        return f"(data as List).map((e) => deserialize<{types[0]}>(e)).to{kind.name}()"
    if kind.is_object:
        entry = f"MapEntry(deserialize<{types[0]}>(k), deserialize<{types[1]}>(v))"
        return f"(data as Map).map((k, v) => {entry})"
    entry = f"MapEntry(deserialize<{types[0]}>(e['k']), deserialize<{types[1]}>(e['v']))"
    return f"Map.fromEntries(_entries(data).map((e) => {entry}))"


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


def _wire_name(scope: Scope, kind: TypeRef, inside: str = "") -> str:
    """A type's name in `className`, e.g. "List<module.Name?>". inside: the module whose own prefix is left out."""
    arguments = [_wire_name(scope, each, inside) for each in kind.arguments]
    if kind.is_record:
        named = ",".join(f"{_wire_name(scope, each, inside)} {name}" for name, each in kind.named)
        parts = [*arguments, f"{{{named}}}"] if named else arguments
        text = f"({','.join(parts)}{',' if len(parts) == 1 and not named else ''})"
    else:
        prefix = scope.names[kind.module].prefix if kind.module in scope.names else ""
        text = kind.name if prefix == f"{inside}." else f"{prefix}{kind.name}"
        if arguments:
            text += f"<{','.join(arguments)}>"
    return text + ("?" if kind.nullable else "")


def _object_names(
    dart: Dart, scope: Scope, named: list[Definition], extra: Names, streamed: list[TypeRef]
) -> str:
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
    for name, written in extra:
        lines += [f"      case {written}():", f"        return {quoted(name)};"]
    lines.append("    }")
    for kind in streamed:
        lines += [
            f"    if (data is {dart.required(kind)}) {{",
            f"      return {quoted(_wire_name(scope, kind))};",
            "    }",
        ]
    for nickname, module in scope.names.items():
        found = f"name{nickname[:1].upper()}{nickname[1:]}"
        given = f"'{module.prefix}${found}'" if module.prefix else found
        lines += [
            f"    final {found} = {module_prefix(nickname)}.Protocol().getClassNameForObject(data);",
            f"    if ({found} != null) return {given};",
        ]
    return "\n".join([*lines, "    return null;", "  }"])


def _children_first(scope: Scope, named: list[Definition]) -> list[Definition]:
    """Each subclass before its parent, since the first match wins. Sealed classes have no objects of their own."""
    classes = [each for each in reversed(client_view.classes(scope)) if not each.sealed]
    return [*classes, *client_view.enums(scope)]


def _by_class_name(dart: Dart, scope: Scope, named: list[Definition], extra: Names, containers: Names) -> str:
    lines = [
        "  @override",
        "  dynamic deserializeByClassName(Map<String, dynamic> data) {",
        "    final className = data['className'];",
        "    if (className is! String) return super.deserializeByClassName(data);",
    ]
    known = [
        (each.name, dart.required(TypeRef(each.name)))
        for each in named
        if not (isinstance(each, ClassDefinition) and each.sealed)
    ]
    nullable = [(f"{name}?", f"{written}?") for name, written in containers]
    for name, written in [*known, *extra, *containers, *nullable]:
        lines += [
            f"    if (className == {quoted(name)}) {{",
            f"      return deserialize<{written}>(data['data']);",
            "    }",
        ]
    for nickname, module in scope.names.items():
        start = module.prefix
        if not start:
            lines += [
                "    try {",
                f"      return {module_prefix(nickname)}.Protocol().deserializeByClassName(data);",
                "    } on FormatException catch (_) {}",
            ]
            continue
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
        if kind.is_record:
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
    return "\n".join(lines)


def _record_json(dart: Dart, kind: TypeRef) -> str:
    parts = []
    if kind.arguments:
        values = [dart.to_json(each, f"record.${number}") for number, each in enumerate(kind.arguments, 1)]
        parts.append(f"'p': [{', '.join(values)}]")
    if kind.named:
        values = [f"'{name}': {dart.to_json(each, f'record.{name}')}" for name, each in kind.named]
        parts.append(f"'n': {{{', '.join(values)}}}")
    return f"{{{', '.join(parts)}}}"


MAP_CONTAINER = """  /// The JSON of a container that holds records, or maps whose keys are not text.
  Object? mapContainerToJson(Object? value) {
    if (value is Record) return mapRecordToJson(value);
    if (value is Map<String, Object?>) {
      return {
        for (final entry in value.entries)
          entry.key: mapContainerToJson(entry.value),
      };
    }
    if (value is Map) {
      return [
        for (final entry in value.entries)
          {
            'k': mapContainerToJson(entry.key),
            'v': mapContainerToJson(entry.value),
          },
      ];
    }
    if (value is Iterable) return value.map(mapContainerToJson).toList();
    return value;
  }"""
ENTRIES = """  /// The entries of a map whose keys are not text. The encoder of dart:convert
  /// writes any empty map as {}, which an app may have stored.
  static List<dynamic> _entries(dynamic data) =>
      data is Map ? const [] : data as List;"""
WRAP = """  @override
  Map<String, dynamic> wrapWithClassName(Object? data) {
    if (data is! Record && data is! Iterable && data is! Map) {
      return super.wrapWithClassName(data);
    }
    final className = getClassNameForObject(data);
    if (className == null) return super.wrapWithClassName(data);
    return {
      'className': className,
      'data': data is Record ? mapRecordToJson(data) : mapContainerToJson(data),
    };
  }"""
DYNAMIC = """  /// The JSON of a value of any class: its name and its data. Entries
  /// of lists, sets and maps have the same form.
  Map<String, dynamic> dynamicToJson(Object? value) {
    return switch (value) {
      Map() when value.keys.every((key) => key is String) => {
        'className': 'Map',
        'data': {
          for (final entry in value.entries)
            entry.key as String: dynamicToJson(entry.value),
        },
      },
      Map() => {
        'className': 'Map',
        'data': [
          for (final entry in value.entries)
            {'k': dynamicToJson(entry.key), 'v': dynamicToJson(entry.value)},
        ],
      },
      List() => {
        'className': 'List',
        'data': value.map(dynamicToJson).toList(),
      },
      Set() => {'className': 'Set', 'data': value.map(dynamicToJson).toList()},
      _ => wrapWithClassName(value),
    };
  }

  /// The value from the JSON of [dynamicToJson].
  dynamic dynamicFromJson(Object? json) {
    if (json == null) return null;
    final object = json as Map<String, dynamic>;
    return switch ((object['className'], object['data'])) {
      ('List', final List<dynamic> data) => data.map(dynamicFromJson).toList(),
      ('Set', final List<dynamic> data) => data.map(dynamicFromJson).toSet(),
      ('Map', final Map<String, dynamic> data) => data.map(
        (key, value) => MapEntry(key, dynamicFromJson(value)),
      ),
      ('Map', final List<dynamic> data) => {
        for (final entry in data)
          dynamicFromJson(entry['k']): dynamicFromJson(entry['v']),
      },
      _ => deserializeByClassName(object),
    };
  }"""
