// The list "testserver" of behaviour.json and the values of echoes.py, for the Dart client.
//
// Arguments: the server's address, and a file with the values and scenarios. Prints one JSON object: name -> "" for
// success, else the error. echoes.dart, generated from the test server's endpoints, has a call for each type.
import 'dart:async';
import 'dart:convert';
import 'dart:io';

import 'package:serverpod_test_client/serverpod_test_client.dart';
import 'package:serverpod_test_module_client/serverpod_test_module_client.dart' as module;
import 'package:testserver_echoes/testserver_echoes.dart';

import 'checks.dart';

late final String host;

Future<void> main(List<String> arguments) async {
  host = arguments[0];
  final given = jsonDecode(File(arguments[1]).readAsStringSync()) as Map<String, dynamic>;
  final found = <String, String>{};
  for (final one in (given['echoes'] as List).cast<Map<String, dynamic>>()) {
    final echo = calls['${one['endpoint']}.${one['method']}']!;
    await note(found, one['name'] as String, () => using((client) async {
      equal(plain(await echo.through(client, one['wire'])), plain(one['wire']));
    }));
  }
  for (final one in (given['streams'] as List).cast<Map<String, dynamic>>()) {
    final stream = streams['${one['endpoint']}.${one['method']}']!;
    await note(found, one['name'] as String, () => using((client) async {
      equal(plain(await stream.through(client, [one['wire'], one['wire']])), plain([one['wire'], one['wire']]));
    }));
  }
  for (final name in (given['scenarios'] as List).cast<String>()) {
    await note(found, name, () => using(scenarios[name]!));
  }
  stdout.writeln(jsonEncode(found));
  await stdout.flush();
  exit(0);
}

final scenarios = <String, Future<void> Function(Client)>{
  'a declared exception arrives with its fields': (client) async {
    final raised = await raises<ExceptionWithData>(client.exceptionTest.throwExceptionWithData);
    equal([raised.message, raised.someNullableField], ['Throwing an exception', 1]);
    final other = await raises<ExceptionWithRequiredField>(client.echoRequiredField.throwException);
    equal([other.name, other.email], ['John Doe', 'john.doe@example.com']);
  },
  'any other exception is an error without its text': (client) async {
    final raised = await raises<ServerpodClientInternalServerError>(client.exceptionTest.throwNormalException);
    equal([raised.statusCode, '$raised'.contains('not for clients')], [500, false]);
  },
  'a call that takes too long fails, and the server goes on': (client) async {
    await using((hasty) async {
      await raises<ServerpodClientNetworkException>(() => hasty.methodStreaming.delayedResponse(60));
    }, Client(host, connectionTimeout: const Duration(milliseconds: 200)));
    await client.methodStreaming.completeAllDelayedResponses();
    equal(await client.methodStreaming.doubleInputValue(2), 4);
  },
  'a password opens what needs it, until the user signs out': (client) async {
    await client.authentication.removeAllUsers();
    await raises<ServerpodClientUnauthorized>(client.signInRequired.testMethod);
    await raises<ServerpodClientUnauthorized>(() => client.authenticatedMethodStreaming.simpleStream().first);
    equal((await client.authentication.authenticate('test@foo.bar', 'wrong')).success, false);
    final answer = await client.authentication.authenticate('test@foo.bar', 'password', ['serverpod.admin']);
    client.authKeyProvider = Password('${answer.keyId}:${answer.key}');
    equal([await client.signInRequired.testMethod(), await client.adminScopeRequired.testMethod()], [true, true]);
    equal(await client.authenticatedMethodStreaming.simpleStream().length, 10);
    final echo = client.authenticatedMethodStreaming.intEchoStream(Stream.fromIterable([1, 2]));
    equal(await echo.toList(), [1, 2]);
    await raises<ServerpodClientForbidden>(() => client.authenticatedTestTools.returnsString('a'));
    await raises<ServerpodClientForbidden>(() => client.authenticatedTestTools.returnsStream(1).first);
    await client.authentication.signOut();
    await raises<ServerpodClientUnauthorized>(client.signInRequired.testMethod);
  },
  'calls that are open to everyone go without the token': (client) async {
    client.authKeyProvider = Password('no token');
    equal(await client.unauthenticated.unauthenticatedMethod(), false);
    equal(await client.unauthenticated.unauthenticatedStream().toList(), [false]);
  },
  'arguments go by position and by name, or are left out': (client) async {
    final named = client.namedParameters;
    equal(await named.namedParametersMethod(namedInt: 42, intWithDefaultValue: 42), true);
    equal(await named.namedParametersMethodEqualInts(namedInt: 1, nullableInt: 1), true);
    equal(await named.namedParametersMethodEqualInts(namedInt: 1), false);
    final given = client.optionalParameters;
    equal([await given.returnOptionalInt(), await given.returnOptionalInt(null), await given.returnOptionalInt(3)], [
      null,
      null,
      3,
    ]);
    final old = client.deprecation;
    equal(
      [await old.methodWithMixedParams('a', 'b'), await old.methodWithOptionalDeprecatedParam()],
      ['ab', 'default'],
    );
  },
  'streams go in and out, and become one': (client) async {
    final streaming = client.methodStreaming;
    equal(await streaming.simpleStream().toList(), [for (var number = 0; number < 10; number++) number]);
    equal(await streaming.nullableIntEchoStream(Stream.fromIterable([1, null, 2])).toList(), [1, null, 2]);
    final both = streaming.multipleIntEchoStreams(Stream.fromIterable([1, 2]), Stream.fromIterable([10, 20, 30]));
    equal((await both.toList())..sort(), [1, 2, 10, 20, 30]);
  },
  'a stream becomes one value': (client) async {
    final streaming = client.methodStreaming;
    equal(await streaming.intReturnFromStream(Stream.fromIterable([4, 5])), 4);
    equal(await streaming.nullableIntReturnFromStream(Stream.value(null)), null);
    await streaming.voidReturnAfterStream(Stream.fromIterable([1, 2]));
    equal(await client.testTools.returnsListFromInputStream(Stream.fromIterable([1, 2])), [1, 2]);
  },
  'exceptions end a stream': (client) async {
    final streaming = client.methodStreaming;
    final raised = await raises<ExceptionWithData>(() => streaming.outStreamThrowsSerializableException().first);
    equal(raised.errorFields, ['first line error', 'second line error']);
    final closed = await raises<ConnectionClosedException>(() => streaming.outStreamThrowsException().first);
    equal('$closed'.contains('not for clients'), false);
    await raises<ExceptionWithData>(() => streaming.throwsSerializableException(const Stream.empty()));
  },
  'the method hears what ended its input': (client) async {
    Stream<int> failing(Object error) async* {
      yield 1;
      throw error;
    }

    final streaming = client.methodStreaming;
    final declared = ExceptionWithData(message: 'm', creationDate: DateTime.now(), errorFields: []);
    equal(await streaming.didInputStreamHaveSerializableExceptionError(failing(declared)), true);
    equal(await streaming.didInputStreamHaveError(failing(StateError('mine'))), true);
    equal(await streaming.didInputStreamHaveError(Stream.value(1)), false);
  },
  'leaving a stream ends its method': (client) async {
    final streaming = client.methodStreaming;
    await streaming.wasSessionWillCloseListenerCalled();
    await for (final number in streaming.neverEndingStreamWithDelay(1)) {
      if (number == 2) break;
    }
    for (var tries = 0; !await streaming.wasSessionWillCloseListenerCalled(); tries++) {
      if (tries > 300) throw StateError('the method still runs');
      await sleep(20);
    }
  },
  'a subclass arrives as itself': (client) async {
    final tests = client.inheritancePolymorphismTest;
    final given = PolymorphicGrandChild(parent: 'a', child: 'b', grandchild: 'c');
    final streamed = await tests.polymorphicStreamingRoundtrip(Stream.value(given)).toList();
    for (final (name, found) in [await tests.polymorphicRoundtrip(given), ...streamed]) {
      equal([name, (found as PolymorphicGrandChild).grandchild], ['PolymorphicGrandChild', 'c']);
    }
    equal(streamed.length, 1);
  },
  'a value of any type arrives as what it was': (client) async {
    final values = [
      1,
      'a',
      null,
      true,
      [1, 'b'],
      {
        'a': [2],
      },
    ];
    for (final value in values) {
      equal(await client.testTools.echoDynamic(value), value);
    }
    final streamed = client.methodStreaming.dynamicEchoStream(Stream.fromIterable([1, 'two', SimpleData(num: 1)]));
    final [one, two, three] = await streamed.toList();
    equal([one, two, (three as SimpleData).num], [1, 'two', 1]);
  },
  'models of a module go there and back': (client) async {
    final found = await client.testTools.echoModuleClass(module.ModuleClass(name: 'n', data: 3));
    equal([found.name, found.data], ['n', 3]);
    equal(await client.moduleSerialization.serializeModuleObject(), true);
  },
  'endpoints have what they inherit and show': (client) async {
    equal(await client.concreteSubClass.virtualMethod(), 'virtualMethod');
    equal(await client.moduleEndpointAdaptation.echoString('a'), 're-exposed: a');
    equal(await client.moduleEndpointExtension.greet('World'), 'Hello World');
    final dynamic any = client;
    await raises<NoSuchMethodError>(() async => any.moduleEndpointSubclass.ignoredMethod());
    await raises<NoSuchMethodError>(() async => any.moduleEndpointReduction.echoString('a'));
    await raises<NoSuchMethodError>(() async => any.abstractBase);
  },
};

/// The key of the signed-in user.
class Password implements ClientAuthKeyProvider {
  const Password(this._key);

  final String _key;

  @override
  Future<String?> get authHeaderValue async => wrapAsBasicAuthHeaderValue(_key);
}

Future<void> using(Future<void> Function(Client client) step, [Client? given]) async {
  final client = given ?? Client(host);
  try {
    await step(client);
  } finally {
    client.close();
  }
}
