// Checks for the Dart programs of this folder. Uses no client.
import 'dart:async';
import 'dart:convert';

/// Record the result of a step. Errors that nobody awaits count too.
Future<void> note(Map<String, String> found, String name, Future<void> Function() step) async {
  final ended = Completer<String>();
  void end(String text) {
    if (!ended.isCompleted) ended.complete(text);
  }

  unawaited(
    runZonedGuarded(() async {
      try {
        await step().timeout(const Duration(seconds: 30));
        end('');
      } catch (error, stack) {
        end('$error\n$stack');
      }
    }, (error, stack) => end('$error\n$stack')),
  );
  found[name] = await ended.future;
}

Future<void> sleep(int milliseconds) => Future<void>.delayed(Duration(milliseconds: milliseconds));

Future<T> raises<T extends Object>(Future<Object?> Function() step) async {
  try {
    await step();
  } on T catch (error) {
    return error;
  }
  throw StateError('expected a $T');
}

void equal(Object? found, Object? expected) {
  if (!same(found, expected)) throw StateError('found ${jsonEncode(found)}\nexpected ${jsonEncode(expected)}');
}

bool same(Object? one, Object? other) => switch ((one, other)) {
  (List one, List other) =>
    one.length == other.length && Iterable<int>.generate(one.length).every((at) => same(one[at], other[at])),
  (Map one, Map other) =>
    one.length == other.length && one.keys.every((key) => other.containsKey(key) && same(one[key], other[key])),
  _ => one == other,
};

/// A moment has as many digits as it needs: 05.006000Z is 05.006Z.
Object? plain(Object? value) => switch (value) {
  String() => value.replaceFirstMapped(
    RegExp(r'^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d*?)0*)?Z$'),
    (match) => '${match[1]}.${match[2] ?? ''}Z',
  ),
  List() => value.map(plain).toList(),
  Map() => value.map((key, value) => MapEntry(key, plain(value))),
  _ => value,
};
