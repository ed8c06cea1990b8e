// Vectors of pgvector: a fixed number of numbers.
import 'dart:collection';

import 'others.dart';

const _content = DeepCollectionEquality();

class Vector extends IterableBase<double> {
  const Vector(this._numbers);

  final List<double> _numbers;

  @override
  Iterator<double> get iterator => _numbers.iterator;

  @override
  bool operator ==(Object other) => other is Vector && _content.equals(_numbers, other._numbers);

  @override
  int get hashCode => _content.hash(_numbers);
}

class HalfVector extends IterableBase<double> {
  const HalfVector(this._numbers);

  final List<double> _numbers;

  @override
  Iterator<double> get iterator => _numbers.iterator;

  @override
  bool operator ==(Object other) => other is HalfVector && _content.equals(_numbers, other._numbers);

  @override
  int get hashCode => _content.hash(_numbers);
}

/// Written as its non-zero numbers by position from 1, and its length: {1:0.5,3:2.0}/4.
class SparseVector extends IterableBase<double> {
  SparseVector(List<double> value) : _numbers = [...value];

  final List<double> _numbers;

  static SparseVector fromString(String value) {
    final written = RegExp(r'^\{(.*)\}/(\d+)$').firstMatch(value);
    if (written == null) throw FormatException('The text is not a valid sparse vector.', value);
    final numbers = List.filled(int.parse(written[2]!), 0.0);
    for (final pair in written[1]!.split(',').where((pair) => pair.isNotEmpty)) {
      final [place, number] = pair.split(':');
      numbers[int.parse(place) - 1] = double.parse(number);
    }
    return SparseVector(numbers);
  }

  @override
  Iterator<double> get iterator => _numbers.iterator;

  @override
  String toString() {
    final pairs = [
      for (final (at, number) in _numbers.indexed)
        if (number != 0) '${at + 1}:$number',
    ];
    return '{${pairs.join(',')}}/${_numbers.length}';
  }

  @override
  bool operator ==(Object other) => other is SparseVector && _content.equals(_numbers, other._numbers);

  @override
  int get hashCode => _content.hash(_numbers);
}

/// Written as 0 and 1: 1011.
class Bit extends IterableBase<bool> {
  Bit(List<bool> value) : _bits = [...value];

  final List<bool> _bits;

  static Bit fromString(String value) {
    if (!RegExp(r'^[01]+$').hasMatch(value)) throw FormatException('The text is not valid bits.', value);
    return Bit([for (final bit in value.split('')) bit == '1']);
  }

  @override
  Iterator<bool> get iterator => _bits.iterator;

  @override
  String toString() => [for (final bit in _bits) bit ? '1' : '0'].join();

  @override
  bool operator ==(Object other) => other is Bit && _content.equals(_bits, other._bits);

  @override
  int get hashCode => _content.hash(_bits);
}
