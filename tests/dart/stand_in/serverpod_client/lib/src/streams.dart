// All streams of a client over one WebSocket, open while there is a stream. docs/reference/wire.md has the frames.
import 'dart:async';
import 'dart:convert';
import 'dart:io';

import 'authentication.dart';
import 'exceptions.dart';
import 'serialization.dart';
import 'uuid.dart';

typedef _Json = Map<String, dynamic>;

const _pingEvery = Duration(seconds: 20);
const _silence = Duration(seconds: 40);

/// Get a new key after the server refused one; returns whether there is one.
Future<bool> renewed(ClientAuthKeyProvider? provider) async =>
    provider is RefresherClientAuthKeyProvider && await provider.refreshAuthKey() == RefreshAuthKeyResult.success;

class MethodStreams {
  MethodStreams({required this.address, required this.timeout, required this.values});

  final Uri address;
  final Duration timeout;
  final SerializationManager values;
  final _open = <String, _MethodStream>{};
  Future<WebSocket>? _socket;
  Timer? _pings;
  Timer? _watch;

  Stream<G> open<G>(
    String endpoint,
    String method,
    Map<String, dynamic> args,
    Map<String, Stream> inputs,
    ClientAuthKeyProvider? provider,
  ) {
    final output = StreamController<G>();
    unawaited(_start(endpoint, method, args, inputs, provider, output));
    return output.stream;
  }

  Future<void> _start(
    String endpoint,
    String method,
    Map<String, dynamic> args,
    Map<String, Stream> inputs,
    ClientAuthKeyProvider? provider,
    StreamController<dynamic> output,
  ) async {
    final stream = _MethodStream(this, endpoint, method, inputs, output);
    try {
      var answer = await _ask(stream, args, provider);
      if (answer == 'authenticationFailed' && await renewed(provider)) answer = await _ask(stream, args, provider);
      if (answer != 'success') throw _refusal(answer);
      stream.run();
    } catch (error, stack) {
      await stream.end(error, stack);
    }
  }

  Exception _refusal(String answer) => switch (answer) {
    'endpointNotFound' => ServerpodClientNotFound(),
    'authenticationFailed' => ServerpodClientUnauthorized(),
    'authorizationDeclined' => ServerpodClientForbidden(),
    'invalidArguments' => ServerpodClientBadRequest(),
    _ => ServerpodClientUnknownException(answer),
  };

  /// The server's answer to the opening of a stream.
  Future<String> _ask(_MethodStream stream, Map<String, dynamic> args, ClientAuthKeyProvider? provider) async {
    _open[stream.id] = stream;
    await (_socket ??= _connect());
    final answer = stream.answer = Completer<String>();
    final authorization = await provider?.authHeaderValue;
    send('omsc', {
      ...stream.names,
      'args': SerializationManager.encodeForProtocol(args),
      'is': [...stream.inputs.keys],
      if (authorization != null) 'auth': authorization,
    });
    return answer.future;
  }

  /// Connected once the first frame of the server has arrived.
  Future<WebSocket> _connect() async {
    final WebSocket socket;
    try {
      socket = await WebSocket.connect('$address');
    } catch (error, stack) {
      _socket = null;
      throw WebSocketConnectException(error, stack);
    }
    final first = Completer<void>();
    unawaited(_listen(socket, first));
    socket.add(jsonEncode({'type': 'ping'}));
    try {
      await first.future.timeout(timeout, onTimeout: () => throw const ConnectionAttemptTimedOutException());
    } catch (_) {
      _socket = null;
      unawaited(socket.close());
      rethrow;
    }
    _pings = Timer.periodic(_pingEvery, (_) => send('ping'));
    return socket;
  }

  Future<void> _listen(WebSocket socket, Completer<void> first) async {
    Object? reason = const WebSocketClosedException();
    try {
      await for (final text in socket) {
        _watch?.cancel();
        _watch = Timer(_silence, () => unawaited(close(const MethodStreamIdleTimeoutException())));
        if (!first.isCompleted) first.complete();
        await _frame(text as String);
      }
    } catch (error, stack) {
      reason = WebSocketListenException(error, stack);
    }
    if (!first.isCompleted) first.completeError(reason);
    if (identical(await _socket, socket)) await close(reason);
  }

  void send(String type, [_Json? data]) {
    unawaited(_socket?.then((socket) => socket.add(jsonEncode({'type': type, if (data != null) 'data': data}))));
  }

  Future<void> _frame(String text) async {
    final frame = jsonDecode(text) as _Json;
    final data = frame['data'] as _Json? ?? {};
    final stream = _open[data['cid']];
    switch (frame['type']) {
      case 'ping':
        send('pong');
      case 'pong':
        break;
      case 'omsr':
        stream?.answer.complete(data['res'] as String);
      case 'msm' when stream == null:
        send('cmsc', {...data..remove('o'), 'cr': 'error'});
      case 'msm':
        stream!.output.add(values.deserializeByClassName(data['o'] as _Json));
      case 'msse':
        await stream?.end(values.deserializeByClassName(data['ex'] as _Json) as Object);
      case 'cmsc' when data['p'] != null:
        await stream?.stopInput(data['p'] as String);
      case 'cmsc':
        await stream?.end(data['cr'] == 'error' ? const ConnectionClosedException() : null);
      default:
        send('brm', {'req': text});
        throw FormatException('The server sent an unknown frame.', text);
    }
  }

  /// Forget a stream; the socket is closed with the last one.
  void left(_MethodStream stream) {
    _open.remove(stream.id);
    if (_open.isEmpty) unawaited(close(null));
  }

  /// End all streams, with an error if there is one.
  Future<void> close(Object? error) async {
    final socket = _socket;
    _socket = null;
    _pings?.cancel();
    _watch?.cancel();
    for (final stream in [..._open.values]) {
      await stream.end(error);
    }
    try {
      await (await socket)?.close();
    } on MethodStreamException {
      // It was never connected: those who wait for it get the error.
    }
  }
}

class _MethodStream {
  _MethodStream(this._all, this._endpoint, this._method, this.inputs, this.output);

  final MethodStreams _all;
  final String _endpoint;
  final String _method;
  final Map<String, Stream> inputs;
  final StreamController<dynamic> output;
  final id = const Uuid().v4obj().uuid;
  var answer = Completer<String>();
  final _sending = <String, StreamSubscription<dynamic>>{};
  var _ended = false;

  _Json get names => {'cid': id, 'en': _endpoint, 'm': _method};

  /// The server runs the method: send it the input streams, and notify it when the reader stops.
  void run() {
    output.onCancel = () async {
      if (_ended) return;
      _all.send('cmsc', {...names, 'cr': 'done'});
      await end(null);
    };
    for (final MapEntry(key: name, value: input) in inputs.entries) {
      final to = {...names, 'p': name};
      _sending[name] = input.listen(
        (value) => _all.send('msm', {...to, 'o': _wrapped(value)}),
        onError: (Object error) {
          if (error is SerializableException) _all.send('msse', {...to, 'ex': _wrapped(error)});
          _all.send('cmsc', {...to, 'cr': 'error'});
        },
        onDone: () => _all.send('cmsc', {...to, 'cr': 'done'}),
        cancelOnError: true,
      );
    }
  }

  Object? _wrapped(Object? value) => jsonDecode(_all.values.encodeWithTypeForProtocol(value));

  Future<void> stopInput(String name) async => _sending.remove(name)?.cancel();

  Future<void> end(Object? error, [StackTrace? stack]) async {
    if (_ended) return;
    _ended = true;
    for (final input in [..._sending.keys]) {
      await stopInput(input);
    }
    if (error != null) output.addError(error, stack);
    unawaited(output.close());
    _all.left(this);
  }
}
