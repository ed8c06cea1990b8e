// The exports of serverpod_client from package:meta and package:collection.

class _UseResult {
  const _UseResult();
}

class _Immutable {
  const _Immutable();
}

const useResult = _UseResult();
const immutable = _Immutable();

/// Equality and hashes by the contents of lists, sets and maps.
class DeepCollectionEquality {
  const DeepCollectionEquality();

  bool equals(Object? e1, Object? e2) => switch ((e1, e2)) {
    (final List a, final List b) =>
      a.length == b.length && Iterable<int>.generate(a.length).every((at) => equals(a[at], b[at])),
    (final Set a, final Set b) => a.length == b.length && a.every((one) => b.any((other) => equals(one, other))),
    (final Map a, final Map b) =>
      a.length == b.length &&
          a.entries.every((one) => b.entries.any((other) => equals(one.key, other.key) && equals(one.value, other.value))),
    _ => e1 == e2,
  };

  int hash(Object? o) => switch (o) {
    final List list => Object.hashAll(list.map(hash)),
    final Set set => Object.hashAllUnordered(set.map(hash)),
    final Map map => Object.hashAllUnordered(map.entries.map((one) => Object.hash(hash(one.key), hash(one.value)))),
    _ => o.hashCode,
  };
}
