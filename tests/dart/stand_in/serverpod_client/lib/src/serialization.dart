// Conversion of values to and from JSON, by their type or by the name of their class.
import 'dart:convert';
import 'dart:typed_data';

import 'geographies.dart';
import 'json_extensions.dart';
import 'uuid.dart';
import 'vectors.dart';

/// The type of that name; also of one with a "?".
Type getType<T>() => T;

abstract interface class SerializableModel {
  dynamic toJson();
}

/// A class with a form on the wire that differs from the stored one.
abstract interface class ProtocolSerialization {
  dynamic toJsonForProtocol();
}

/// An exception that is declared in a model file.
abstract class SerializableException implements SerializableModel, Exception {
  SerializableException();

  @override
  dynamic toJson() => <String, dynamic>{};
}

/// There is no way to read a value of a type.
class DeserializationTypeNotFoundException implements Exception {
  DeserializationTypeNotFoundException({String? message, this.type})
    : message = message ?? '$type is not a type of this protocol';

  final String message;
  final Type? type;

  @override
  String toString() => message;
}

abstract class SerializationManager {
  static final _types = <String, _Value<Object>>{
    'int': _Value<int>((json) => json as int),
    'double': _Value<double>((json) => (json as num).toDouble()),
    'String': _Value<String>((json) => json as String),
    'bool': _Value<bool>(BoolJsonExtension.fromJson),
    'DateTime': _Value<DateTime>(DateTimeJsonExtension.fromJson),
    'ByteData': _Value<ByteData>(ByteDataJsonExtension.fromJson),
    'Duration': _Value<Duration>(DurationJsonExtension.fromJson),
    'UuidValue': _Value<UuidValue>(UuidValueJsonExtension.fromJson),
    'Uri': _Value<Uri>(UriJsonExtension.fromJson),
    'BigInt': _Value<BigInt>(BigIntJsonExtension.fromJson),
    'Vector': _Value<Vector>(VectorJsonExtension.fromJson),
    'HalfVector': _Value<HalfVector>(HalfVectorJsonExtension.fromJson),
    'SparseVector': _Value<SparseVector>(SparseVectorJsonExtension.fromJson),
    'Bit': _Value<Bit>(BitJsonExtension.fromJson),
    'GeographyPoint': _Value<GeographyPoint>(GeographyPointJsonExtension.fromJson),
    'GeographyLineString': _Value<GeographyLineString>(GeographyLineStringJsonExtension.fromJson),
    'GeographyPolygon': _Value<GeographyPolygon>(GeographyPolygonJsonExtension.fromJson),
    'GeographyGeometryCollection': _Value<GeographyGeometryCollection>(
      GeographyGeometryCollectionJsonExtension.fromJson,
    ),
  };

  String getModuleName() => throw UnimplementedError('This protocol has no name.');

  T decode<T>(String data, [Type? t]) => deserialize<T>(jsonDecode(data), t);

  Object? decodeWithType(String data) => deserializeByClassName(jsonDecode(data) as Map<String, dynamic>);

  T deserialize<T>(dynamic data, [Type? t]) {
    t ??= T;
    for (final one in _types.values) {
      if (one.isOf(t)) return (data == null && t == one.nullable ? null : one.read(data)) as T;
    }
    throw DeserializationTypeNotFoundException(type: t);
  }

  String? getClassNameForObject(Object? data) {
    if (data == null) return 'null';
    for (final MapEntry(key: name, value: type) in _types.entries) {
      if (type.has(data)) return name;
    }
    return null;
  }

  dynamic deserializeByClassName(Map<String, dynamic> data) {
    final name = data['className'];
    if (name == 'null') return null;
    final json = data['data'];
    return switch ((name, json)) {
      ('List', final List<dynamic> list) => [for (final one in list) deserializeDynamicFieldValue(one)],
      ('Set', final List<dynamic> list) => {for (final one in list) deserializeDynamicFieldValue(one)},
      ('Map', final Map<String, dynamic> map) => map.map(
        (key, value) => MapEntry(key, deserializeDynamicFieldValue(value)),
      ),
      ('Map', final List<dynamic> list) => {
        for (final one in list) deserializeDynamicFieldValue(one['k']): deserializeDynamicFieldValue(one['v']),
      },
      _ => (_types[name] ?? (throw FormatException('$name is not a class of this protocol'))).read(json),
    };
  }

  /// The value of an object with `className` and `data`.
  dynamic deserializeDynamicFieldValue(Object? value) => switch (value) {
    null => null,
    final Map<String, dynamic> named => deserializeByClassName(named),
    _ => throw FormatException('a value of any class is an object with className and data, this is $value'),
  };

  Map<String, dynamic> wrapWithClassName(Object? data) {
    final name = getClassNameForObject(data);
    if (name == null) throw ArgumentError('${data.runtimeType} is not a class of this protocol');
    return {'className': name, 'data': data};
  }

  static String encode(Object? object, {bool formatted = false, bool encodeForProtocol = false}) =>
      JsonEncoder.withIndent(formatted ? '  ' : null, encodeForProtocol ? toEncodableForProtocol : toEncodable)
          .convert(object);

  static String encodeForProtocol(Object? object, {bool formatted = false}) =>
      encode(object, formatted: formatted, encodeForProtocol: true);

  String encodeWithType(Object? object, {bool formatted = false}) =>
      encode(wrapWithClassName(object), formatted: formatted);

  String encodeWithTypeForProtocol(Object? object, {bool formatted = false}) =>
      encodeForProtocol(wrapWithClassName(object), formatted: formatted);

  static Object? toEncodable(Object? object) => _encodable(object, forProtocol: false);

  static Object? toEncodableForProtocol(Object? object) => _encodable(object, forProtocol: true);
}

/// Values that are not JSON themselves.
Object? _encodable(Object? object, {required bool forProtocol}) => switch (object) {
  DateTime() => object.toJson(),
  Duration() => object.toJson(),
  UuidValue() => object.toJson(),
  ByteData() => object.toJson(),
  Uri() || BigInt() => '$object',
  Vector() || HalfVector() || SparseVector() || Bit() || Set() => [...object as Iterable],
  Map() => object.toJson(),
  Record() => throw UnsupportedError('a record is made JSON by the generated Protocol'),
  ProtocolSerialization() when forProtocol => object.toJsonForProtocol(),
  // A hand-written class may have a toJson without the interface.
  _ => (object as dynamic).toJson(),
};

/// A type of the protocol, and its decoder.
class _Value<T extends Object> {
  const _Value(this.read);

  final T Function(dynamic json) read;

  Type get nullable => getType<T?>();

  bool isOf(Type type) => type == T || type == nullable;

  bool has(Object value) => value is T;
}
