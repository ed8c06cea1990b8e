// Conversion of each type of value to and from JSON.
import 'dart:convert';
import 'dart:typed_data';

import 'geographies.dart';
import 'serialization.dart';
import 'uuid.dart';
import 'vectors.dart';

extension BoolJsonExtension on bool {
  /// 0 and 1 are read too.
  static bool fromJson(dynamic value) => switch (value) {
    bool() => value,
    0 => false,
    1 => true,
    _ => throw DeserializationTypeNotFoundException(message: '$value is not a valid bool', type: bool),
  };
}

extension DateTimeJsonExtension on DateTime {
  /// A number is in milliseconds since 1970.
  static DateTime fromJson(dynamic value) => switch (value) {
    DateTime() => value,
    int() => DateTime.fromMillisecondsSinceEpoch(value, isUtc: true),
    _ => DateTime.parse(value as String),
  };

  String toJson() => toUtc().toIso8601String();
}

extension DurationJsonExtension on Duration {
  static Duration fromJson<T>(dynamic value) => value is Duration ? value : Duration(milliseconds: value as int);

  int toJson() => inMilliseconds;
}

extension UuidValueJsonExtension on UuidValue {
  static UuidValue fromJson(dynamic value) => value is UuidValue ? value : UuidValue.withValidation(value as String);

  String toJson() => uuid;
}

extension UriJsonExtension on Uri {
  static Uri fromJson(dynamic value) => value is Uri ? value : Uri.parse(value as String);

  String toJson() => toString();
}

extension BigIntJsonExtension on BigInt {
  static BigInt fromJson(dynamic value) => value is BigInt ? value : BigInt.parse(value as String);

  String toJson() => toString();
}

const _before = "decode('", _after = "', 'base64')";

extension ByteDataJsonExtension on ByteData {
  static ByteData fromJson(dynamic value) {
    if (value is ByteData) return value;
    final text = value as String;
    if (!text.startsWith(_before) || !text.endsWith(_after)) throw FormatException('The text is not bytes.', text);
    return ByteData.sublistView(base64Decode(text.substring(_before.length, text.length - _after.length)));
  }

  String toJson() => '$_before${base64Encode(Uint8List.sublistView(this))}$_after';
}

extension MapJsonExtension<K, V> on Map<K, V> {
  /// An object if the keys are text, else a list of pairs.
  dynamic toJson({dynamic Function(K)? keyToJson, dynamic Function(V)? valueToJson}) {
    dynamic key(K key) => keyToJson == null ? key : keyToJson(key);
    dynamic value(V value) => valueToJson == null ? value : valueToJson(value);
    if (getType<K>() == String) return {for (final one in entries) key(one.key): value(one.value)};
    return [
      for (final one in entries) {'k': key(one.key), 'v': value(one.value)},
    ];
  }
}

extension ListJsonExtension<T> on List<T> {
  List<dynamic> toJson({dynamic Function(T)? valueToJson}) => valueToJson == null ? this : [...map(valueToJson)];
}

extension SetJsonExtension<T> on Set<T> {
  List<dynamic> toJson({dynamic Function(T)? valueToJson}) => [...(valueToJson == null ? this : map(valueToJson))];
}

extension VectorJsonExtension on Vector {
  static Vector fromJson(dynamic value) => value is Vector ? value : Vector(_doubles(value));

  List<double> toJson() => toList();
}

extension HalfVectorJsonExtension on HalfVector {
  static HalfVector fromJson(dynamic value) => value is HalfVector ? value : HalfVector(_doubles(value));

  List<double> toJson() => toList();
}

extension SparseVectorJsonExtension on SparseVector {
  static SparseVector fromJson(dynamic value) => switch (value) {
    SparseVector() => value,
    String() when value.contains('}/') => SparseVector.fromString(value),
    _ => SparseVector(_doubles(value)),
  };

  String toJson() => toString();
}

extension BitJsonExtension on Bit {
  static Bit fromJson(dynamic value) => switch (value) {
    Bit() => value,
    String() => Bit.fromString(value),
    _ => Bit([for (final bit in value as List) bit == true || bit == 1]),
  };

  String toJson() => toString();
}

/// A whole number is refused, as in the original.
List<double> _doubles(dynamic value) =>
    ((value is String ? jsonDecode(value) : value) as List).cast<double>();

extension GeographyPointJsonExtension on GeographyPoint {
  static GeographyPoint fromJson(dynamic value) =>
      value is GeographyPoint ? value : geographyFromEwkt(value as String) as GeographyPoint;

  String toJson() => toEwkt();
}

extension GeographyLineStringJsonExtension on GeographyLineString {
  static GeographyLineString fromJson(dynamic value) =>
      value is GeographyLineString ? value : geographyFromEwkt(value as String) as GeographyLineString;

  String toJson() => toEwkt();
}

extension GeographyPolygonJsonExtension on GeographyPolygon {
  static GeographyPolygon fromJson(dynamic value) =>
      value is GeographyPolygon ? value : geographyFromEwkt(value as String) as GeographyPolygon;

  String toJson() => toEwkt();
}

extension GeographyGeometryCollectionJsonExtension on GeographyGeometryCollection {
  static GeographyGeometryCollection fromJson(dynamic value) =>
      value is GeographyGeometryCollection ? value : geographyFromEwkt(value as String) as GeographyGeometryCollection;

  String toJson() => toEwkt();
}
