// Calls and streams that return their arguments, for testserver.dart: JSON to a value, the value through the
// server, the result back to JSON. All with the generated client.
import 'dart:convert';

import 'package:serverpod_test_client/serverpod_test_client.dart';

class Call<T> {
  const Call(this._call);

  final Future<T> Function(Client client, T value) _call;

  Future<Object?> through(Client client, Object? wire) async => written(await _call(client, read<T>(wire)));

  /// The JSON of a value, as the client sends it as this call's argument.
  Future<Object?> written(Object? value) async {
    final client = _Writing();
    await _call(client, value as T);
    return client.argument;
  }
}

class Streamed<T> {
  const Streamed(this._stream, this._call);

  final Stream<T> Function(Client client, Stream<T> values) _stream;
  final Call<Object?> _call;

  Future<List<Object?>> through(Client client, List<Object?> wire) async {
    final found = await _stream(client, Stream.fromIterable(wire.map(read<T>))).toList();
    return [for (final value in found) value == null ? null : await _call.written(value)];
  }
}

T read<T>(Object? wire) => Protocol().decode<T>(jsonEncode(wire));

/// A caller that sends nothing: it keeps the JSON of its one argument, and returns the argument.
class _Writing extends Client {
  _Writing() : super('http://127.0.0.1:9/');

  Object? argument;

  @override
  Future<R> callServerEndpoint<R>(
    String endpoint,
    String method,
    Map<String, dynamic> args, {
    bool authenticated = true,
  }) async {
    final json = jsonDecode(SerializationManager.encode(args)) as Map<String, dynamic>;
    argument = json.values.single;
    return read<R>(argument);
  }
}
