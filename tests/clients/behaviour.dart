// The behaviour of behaviour.json for the Dart client, which is built on serverpod_client.
//
// Arguments: the server's address and the path of behaviour.json. Prints one JSON object: name -> "" for success,
// else the error.
import 'dart:async';
import 'dart:convert';
import 'dart:io';

import 'package:lab_client/lab_client.dart';

import 'checks.dart';

late final String host;

Future<void> main(List<String> arguments) async {
  host = arguments[0];
  final behaviour = jsonDecode(File(arguments[1]).readAsStringSync()) as Map<String, dynamic>;
  final without = (behaviour['without']['dart'] as Map<String, dynamic>).keys;
  final found = <String, String>{};
  for (final one in behaviour['values'] as List) {
    await note(found, one['name'] as String, () => value(behaviour, one as Map<String, dynamic>));
  }
  for (final name in (behaviour['scenarios'] as List).cast<String>()) {
    if (!without.contains(name)) await note(found, name, () => scenarios[name]!());
  }
  stdout.writeln(jsonEncode(found));
  await stdout.flush();
  exit(0);
}

Future<void> value(Map<String, dynamic> behaviour, Map<String, dynamic> one) async {
  final field = one['field'] as String;
  final sent = {...behaviour['everything'] as Map<String, dynamic>, field: one['wire']};
  if ((one['refused'] as List? ?? []).contains('dart')) {
    await raises<Object>(() async => Everything.fromJson(sent).toJson());
    return;
  }
  final found = await using((client) => client.lab.echo(Everything.fromJson(sent)));
  final reads = one['reads'] as Map<String, dynamic>? ?? {};
  final expected = {
    ...sent,
    ...behaviour['everything_reads']['dart'] as Map<String, dynamic>,
    field: reads.containsKey('dart') ? reads['dart'] : one['wire'],
  };
  if (expected[field] == null) expected.remove(field); // a null field is left out
  equal(plain(jsonDecode(SerializationManager.encodeForProtocol(found))), plain(expected));
}

final scenarios = <String, Future<void> Function()>{
  'exceptions arrive as themselves': () => using((client) async {
    final hot = await raises<FireException>(() => client.lab.burn(true));
    equal([hot.message, hot.degrees, hot is LabException], ['too hot', 500, true]);
    final plain = await raises<LabException>(() => client.lab.burn(false));
    equal(plain is FireException, false);
  }),
  'other answers are errors by status': () => using((client) async {
    final expected = {
      400: ServerpodClientBadRequest,
      401: ServerpodClientUnauthorized,
      403: ServerpodClientForbidden,
      404: ServerpodClientNotFound,
      413: ServerpodClientUnknownHttpException,
      418: ServerpodClientUnknownHttpException,
      429: ServerpodClientUnknownHttpException,
      500: ServerpodClientInternalServerError,
      503: ServerpodClientUnknownHttpException,
    };
    for (final MapEntry(key: status, value: type) in expected.entries) {
      final error = await raises<ServerpodClientHttpException>(() => client.lab.fail(status));
      equal([error.runtimeType == type, error.statusCode], [true, status]);
    }
  }),
  'a call without an answer in time fails': () => using((client) async {
    await raises<ServerpodClientNetworkException>(() => client.lab.slow());
  }, Client(host, connectionTimeout: const Duration(milliseconds: 100))),
  'a server that is not there is an error': () => using((client) async {
    await raises<ServerpodClientNetworkException>(() => client.lab.ping());
  }, Client('http://127.0.0.1:9/')),
  'only arguments that were given are sent': () => using((client) async {
    equal(jsonDecode(await client.lab.awkward('a', in_: 'b')), {'class': 'a', 'in': 'b', 'options': null});
    final all = await client.lab.arguments('Ada', greeting: 'Hi', times: 3, color: Color.red, loud: true);
    equal(jsonDecode(all), {'name': 'Ada', 'greeting': 'Hi', 'times': 3, 'color': 1, 'loud': true});
  }),
  'methods of modules are below modules': () => using((client) async {
    equal(await client.modules.lab_module.status.ping(), 'pong');
  }),
  'the token is sent where it is needed': () => using((client) async {
    equal(await client.lab.authorization(), '');
    client.authKeyProvider = Session('good');
    equal([await client.lab.authorization(), await client.lab.openAuthorization()], ['Bearer good', '']);
  }),
  'a refused token is renewed once for all waiting calls': () => using((client) async {
    var renewed = 0;
    client.authKeyProvider = Session('stale', (_) async {
      await sleep(30);
      renewed++;
      return AuthSuccess(token: 'good');
    });
    equal([await three(client), renewed], [List.filled(3, 'Bearer good'), 1]);
  }),
  'a signed-out user stays signed out': () => using((client) async {
    client.authKeyProvider = Session('stale', (_) async => null);
    await raises<ServerpodClientUnauthorized>(() => client.lab.authorization());
    equal(await client.lab.authorization(), '');
  }),
  'a token is renewed before its end, once for all waiting calls': () => using((client) async {
    final before = await client.lab.signIn(10);
    await client.lab.notes();
    client.authKeyProvider = MutexRefresherClientAuthKeyProvider(EarlySession(before, renewing(client)));
    final found = await three(client);
    equal([found.toSet().length, found[0] == 'Bearer ${before.token}'], [1, false]);
    equal((await client.lab.notes()).where((note) => note == 'refreshed').length, 1);
    equal(await client.lab.authorization(), found[0]);
  }),
  'a token that is short is not renewed at each call': () => using((client) async {
    final given = await client.lab.signIn(10);
    var renewed = 0;
    Future<AuthSuccess?> refresh(String? token) async {
      renewed++;
      return client.lab.refreshAccessToken(refreshToken: 'none');
    }

    client.authKeyProvider = MutexRefresherClientAuthKeyProvider(EarlySession(given, refresh));
    for (var call = 0; call < 3; call++) {
      equal(await client.lab.authorization(), 'Bearer ${given.token}');
    }
    equal(renewed, 1);
  }),
  'a refused token is renewed with its refresh token': () => using((client) async {
    final before = await client.lab.signIn(3600);
    client.authKeyProvider = Session.of(before, renewing(client));
    equal(await client.lab.authorization(), 'Bearer ${before.token}');
    await client.lab.revoke();
    final found = await three(client);
    equal([found.toSet().length, found[0] == 'Bearer ${before.token}'], [1, false]);
    await client.lab.revoke();
    equal(await client.lab.authorization() == found[0], false); // by the second refresh token
  }),
  'a failing refresh fails the call, and the next call tries again': () => using((client) async {
    var fails = true;
    client.authKeyProvider = Session('stale', (_) async {
      if (fails) throw RangeError('no network');
      return AuthSuccess(token: 'good');
    });
    await raises<RangeError>(() => client.lab.authorization());
    await raises<RangeError>(() => client.lab.authorizedStream().first);
    fails = false;
    equal(await client.lab.authorization(), 'Bearer good');
  }),
  'a stream yields its values, then ends': () => using((client) async {
    equal(await client.lab.count(300).toList(), [for (var number = 1; number <= 300; number++) number]);
  }),
  "a stream's values arrive as their own class": () => using((client) async {
    final circle = await client.lab.shapes().single;
    equal([circle is Circle, (circle as Circle).radius], [true, 1]);
    equal(await client.lab.anything().toList(), [
      1,
      null,
      ['a'],
    ]);
  }),
  'leaving a stream ends its method': () => using((client) async {
    await for (final number in client.lab.forever()) {
      if (number == 3) break;
    }
    await eventually(client, 'cancelled forever');
  }),
  'streams share one socket': () => using((client) async {
    await client.lab.notes();
    final first = StreamIterator(client.lab.forever());
    await first.moveNext();
    await Future.wait([client.lab.count(2).toList(), client.lab.count(3).toList()]);
    equal((await client.lab.notes()).where((note) => note == 'connected').length, 1);
    await first.cancel();
  }),
  "a stream's exception comes after its values": () => using((client) async {
    final stream = StreamIterator(client.lab.burnStream(true));
    equal([await stream.moveNext(), stream.current], [true, 1]);
    equal((await raises<FireException>(stream.moveNext)).degrees, 500);
  }),
  'a stream that breaks is an error': () => using((client) async {
    final stream = StreamIterator(client.lab.breakStream());
    equal([await stream.moveNext(), stream.current], [true, 1]);
    await raises<ConnectionClosedException>(stream.moveNext);
  }),
  'a lost connection ends a stream': () => using((client) async {
    await client.lab.notes();
    await raises<WebSocketClosedException>(() => client.lab.flaky().toList());
  }),
  'opening a stream gives up in time': () => using((client) async {
    final watch = Stopwatch()..start();
    await raises<WebSocketConnectException>(() => client.lab.forever().first);
    equal(watch.elapsedMilliseconds < 5000, true);
  }, Client('http://127.0.0.1:9/', streamingConnectionTimeout: const Duration(milliseconds: 700))),
  'a stream is opened with a renewed token': () => using((client) async {
    client.authKeyProvider = Session('stale', (_) async => AuthSuccess(token: 'good'));
    equal(await client.lab.authorizedStream().toList(), ['Bearer good']);
  }),
  'a stream is opened with a token that lasts': () => using((client) async {
    final before = await client.lab.signIn(10);
    client.authKeyProvider = MutexRefresherClientAuthKeyProvider(EarlySession(before, renewing(client)));
    final found = await Future.wait([
      client.lab.authorizedStream().single,
      client.lab.authorizedStream().single,
      client.lab.authorization(),
    ]);
    equal([found.toSet().length, found[0] == 'Bearer ${before.token}'], [1, false]);
  }),
  'a stream is refused without a token': () => using((client) async {
    await raises<ServerpodClientUnauthorized>(() => client.lab.authorizedStream().first);
  }),
  'input streams': () => using((client) async {
    Stream<int> numbers() async* {
      yield 1;
      await sleep(5);
      yield 2;
    }

    equal(await client.lab.doubled(numbers()).toList(), [2, 4]);
    equal(await client.lab.total(Stream.fromIterable([1, 2, 3])), 6);
    final points = await client.lab.lists(Stream.value([Point(x: 1)]), 1).single;
    equal(points.single.y, 7);
  }),
  'an exception ends an input stream': () => using((client) async {
    Stream<int> burning() async* {
      yield 1;
      throw FireException(message: 'hot');
    }

    await client.lab.notes();
    equal(await client.lab.doubled(burning()).toList(), [2]);
    equal((await eventually(client, 'input error')).contains('msse FireException'), true);
  }),
  'files are sent where the server says': () => using((client) async {
    await client.lab.notes();
    final place = {
      'type': 'binary',
      'url': '${host}upload/fine',
      'method': 'PUT',
      'headers': {'X-Extra': 'e', 'Content-Type': 'a/b'},
    };
    equal(await FileUploader(jsonEncode(place)).upload(Stream.value([1, 2]), 2), true);
    equal(await client.lab.notes(), [r"PUT a/b e b'\x01\x02'"]);
  }),
};

/// An app's provider for serverpod_client: the tokens of a sign-in, renewed when the server refuses them.
class Session implements RefresherClientAuthKeyProvider {
  Session(String token, [Future<AuthSuccess?> Function(String?)? refresh])
    : this.of(AuthSuccess(token: token), refresh);

  Session.of(this.tokens, [this._refresh]);

  AuthSuccess? tokens;
  final Future<AuthSuccess?> Function(String? refreshToken)? _refresh;
  Future<RefreshAuthKeyResult>? _pending;

  @override
  Future<String?> get authHeaderValue async {
    final token = tokens?.token;
    return token == null ? null : wrapAsBearerAuthHeaderValue(token);
  }

  @override
  Future<RefreshAuthKeyResult> refreshAuthKey({bool force = false}) =>
      _pending ??= _renew().whenComplete(() => _pending = null);

  Future<RefreshAuthKeyResult> _renew() async {
    try {
      tokens = await _refresh?.call(tokens?.refreshToken);
      return tokens == null ? RefreshAuthKeyResult.failedUnauthorized : RefreshAuthKeyResult.success;
    } on LabException {
      return RefreshAuthKeyResult.failedUnauthorized;
    }
  }
}

/// Renewed in the last minute of a token, for which MutexRefresherClientAuthKeyProvider asks before each call.
class EarlySession extends Session {
  EarlySession(AuthSuccess super.tokens, Future<AuthSuccess?> Function(String?) super.refresh) : super.of();

  @override
  Future<RefreshAuthKeyResult> refreshAuthKey({bool force = false}) async {
    final left = tokens?.tokenExpiresAt?.difference(DateTime.now());
    if (left == null || left.inSeconds > 60) return RefreshAuthKeyResult.skipped;
    return super.refreshAuthKey(force: force);
  }
}

Future<AuthSuccess?> Function(String?) renewing(Client client) =>
    (token) => client.lab.refreshAccessToken(refreshToken: token!);

Future<T> using<T>(Future<T> Function(Client client) step, [Client? given]) async {
  final client = given ?? Client(host);
  try {
    return await step(client);
  } finally {
    client.close();
  }
}

Future<List<String>> three(Client client) => Future.wait([for (var call = 0; call < 3; call++) client.lab.authorization()]);

Future<List<String>> eventually(Client client, String note) async {
  final seen = <String>[];
  for (var tries = 0; tries < 100; tries++) {
    seen.addAll(await client.lab.notes());
    if (seen.contains(note)) return seen;
    await sleep(20);
  }
  throw StateError('never saw $note, only $seen');
}
