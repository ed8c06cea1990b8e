// The exports of serverpod_client from package:uuid.
import 'dart:math';

final _random = Random.secure();

class UuidValue {
  const UuidValue.raw(this.uuid);

  factory UuidValue.fromString(String uuid) => UuidValue.raw(uuid.toLowerCase());

  /// Throws a FormatException for an invalid UUID.
  factory UuidValue.withValidation(String uuid) {
    if (!_shape.hasMatch(uuid)) throw FormatException('The text is not a valid UUID.', uuid);
    return UuidValue.fromString(uuid);
  }

  static final _shape = RegExp(r'^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', caseSensitive: false);

  final String uuid;

  @override
  String toString() => uuid;

  @override
  bool operator ==(Object other) => other is UuidValue && other.uuid == uuid;

  @override
  int get hashCode => uuid.hashCode;
}

class Uuid {
  const Uuid();

  /// Random.
  UuidValue v4obj() => _made(4, _bytes(16));

  /// The milliseconds since 1970, then random.
  UuidValue v7obj() {
    final now = DateTime.now().millisecondsSinceEpoch;
    return _made(7, [for (var shift = 40; shift >= 0; shift -= 8) (now >> shift) & 0xff, ..._bytes(10)]);
  }
}

List<int> _bytes(int count) => [for (var at = 0; at < count; at++) _random.nextInt(256)];

UuidValue _made(int version, List<int> bytes) {
  bytes[6] = bytes[6] & 0x0f | version << 4;
  bytes[8] = bytes[8] & 0x3f | 0x80;
  final digits = [for (final byte in bytes) byte.toRadixString(16).padLeft(2, '0')].join();
  const ends = [8, 12, 16, 20, 32];
  final starts = [0, ...ends];
  return UuidValue.raw([for (var at = 0; at < ends.length; at++) digits.substring(starts[at], ends[at])].join('-'));
}
