// A stand-in for tests, written from the public API of package:test: for clients/dart/test. See ../../README.md.
//
// `dart x_test.dart` runs the tests when its main has returned, one after the other, like the original. The exit
// code is 1 if one fails.
import 'dart:async';
import 'dart:io';

typedef _Body = FutureOr<Object?> Function();

final _tests = <(String, _Body)>[];
final _after = <_Body>[];

void test(Object? description, _Body body) {
  if (_tests.isEmpty) Timer.run(_run);
  _tests.add(('$description', body));
}

void tearDownAll(_Body callback) => _after.add(callback);

Future<void> _run() async {
  for (final (name, body) in _tests) {
    try {
      await Future.sync(body).timeout(const Duration(seconds: 30));
    } catch (error, stack) {
      stdout.writeln('failed: $name\n$error\n$stack');
      exitCode = 1;
    }
  }
  for (final callback in _after.reversed) {
    await callback();
  }
  if (exitCode == 0) stdout.writeln('All tests passed!');
}

/// What a value must be: given as a value or as one of the matchers below.
class Matcher {
  const Matcher(this.describe, this.matches);

  final String describe;
  final bool Function(Object? actual) matches;
}

class TypeMatcher<T> extends Matcher {
  TypeMatcher() : super('a $T', (actual) => actual is T);
}

class _Throws {
  const _Throws(this.error);

  final Matcher error;
}

TypeMatcher<T> isA<T>() => TypeMatcher<T>();

Object throwsA(Object? matcher) => _Throws(_matcher(matcher));

void expect(Object? actual, Object? matcher) {
  final expected = _matcher(matcher);
  if (!expected.matches(actual)) throw StateError('expected ${expected.describe}, found $actual');
}

Future<void> expectLater(Object? actual, Object? matcher) async {
  if (matcher is! _Throws) return expect(await (actual as Future<Object?>), matcher);
  try {
    await (actual as Future<Object?>);
  } catch (error) {
    return expect(error, matcher.error);
  }
  throw StateError('expected ${matcher.error.describe} to be thrown');
}

Matcher _matcher(Object? given) => given is Matcher ? given : Matcher('$given', (actual) => actual == given);
