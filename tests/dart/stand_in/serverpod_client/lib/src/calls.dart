// The client: calls over HTTP. Streams are in streams.dart.
import 'dart:async';
import 'dart:convert';
import 'dart:io';

import 'authentication.dart';
import 'exceptions.dart';
import 'serialization.dart';
import 'streams.dart';

class MethodCallContext {
  const MethodCallContext({required this.endpointName, required this.methodName, required this.arguments});

  final String endpointName;
  final String methodName;
  final Map<String, dynamic> arguments;
}

abstract class EndpointCaller {
  Map<String, EndpointRef> get endpointRefLookup;

  Future<T> callServerEndpoint<T>(
    String endpoint,
    String method,
    Map<String, dynamic> args, {
    bool authenticated = true,
  });

  dynamic callStreamingServerEndpoint<T, G>(
    String endpoint,
    String method,
    Map<String, dynamic> args,
    Map<String, Stream> streams, {
    bool authenticated = true,
  });

  T getEndpointOfType<T extends EndpointRef>([String? name]) =>
      name == null ? endpointRefLookup.values.whereType<T>().single : endpointRefLookup[name] as T;
}

abstract class EndpointRef {
  EndpointRef(this.caller);

  final EndpointCaller caller;

  late final ServerpodClientShared client = switch (caller) {
    final ServerpodClientShared client => client,
    final ModuleEndpointCaller module => module.client,
    _ => throw StateError('$caller has no client'),
  };

  String get name;
}

abstract class ModuleEndpointCaller extends EndpointCaller {
  ModuleEndpointCaller(this.client);

  final ServerpodClientShared client;

  @override
  Future<T> callServerEndpoint<T>(
    String endpoint,
    String method,
    Map<String, dynamic> args, {
    bool authenticated = true,
  }) => client.callServerEndpoint<T>(endpoint, method, args, authenticated: authenticated);

  @override
  dynamic callStreamingServerEndpoint<T, G>(
    String endpoint,
    String method,
    Map<String, dynamic> args,
    Map<String, Stream> streams, {
    bool authenticated = true,
  }) => client.callStreamingServerEndpoint<T, G>(endpoint, method, args, streams, authenticated: authenticated);
}

abstract class ServerpodClientShared extends EndpointCaller {
  ServerpodClientShared(
    String host,
    this.serializationManager, {
    dynamic securityContext,
    required Duration? streamingConnectionTimeout,
    required Duration? connectionTimeout,
    this.onFailedCall,
    this.onSucceededCall,
    bool? disconnectStreamsOnLostInternetConnection,
  }) : host = host.endsWith('/') ? host : '$host/',
       streamingConnectionTimeout = streamingConnectionTimeout ?? const Duration(seconds: 5),
       connectionTimeout = connectionTimeout ?? const Duration(seconds: 20),
       _http = HttpClient(context: securityContext as SecurityContext?);

  final String host;
  final SerializationManager serializationManager;
  final Duration streamingConnectionTimeout;
  final Duration connectionTimeout;
  final void Function(MethodCallContext callContext, Object error, StackTrace stackTrace)? onFailedCall;
  final void Function(MethodCallContext callContext)? onSucceededCall;
  final HttpClient _http;
  ClientAuthKeyProvider? authKeyProvider;

  late final _streams = MethodStreams(
    address: Uri.parse(host).replace(scheme: host.startsWith('https:') ? 'wss' : 'ws', path: '/v1/websocket'),
    timeout: streamingConnectionTimeout,
    values: serializationManager,
  );

  Map<String, ModuleEndpointCaller> get moduleLookup;

  void close() {
    _http.close();
    unawaited(closeStreamingMethodConnections());
  }

  Future<void> closeStreamingMethodConnections({Object? exception = const WebSocketClosedException()}) =>
      _streams.close(exception);

  @override
  Future<T> callServerEndpoint<T>(
    String endpoint,
    String method,
    Map<String, dynamic> args, {
    bool authenticated = true,
  }) async {
    try {
      return await _call<T>(endpoint, method, args, authenticated);
    } on ServerpodClientUnauthorized {
      if (!await renewed(authKeyProvider)) rethrow;
      return _call<T>(endpoint, method, args, authenticated);
    }
  }

  Future<T> _call<T>(String endpoint, String method, Map<String, dynamic> args, bool authenticated) async {
    final context = MethodCallContext(endpointName: endpoint, methodName: method, arguments: args);
    try {
      final authorization = authenticated ? await authKeyProvider?.authHeaderValue : null;
      final (status, body) = await _post(Uri.parse('$host$endpoint/$method'), args, authorization);
      if (status != HttpStatus.ok) throw _error(status, body);
      final result = T == getType<void>() ? null as T : serializationManager.decode<T>(body);
      onSucceededCall?.call(context);
      return result;
    } catch (error, stack) {
      onFailedCall?.call(context, error, stack);
      rethrow;
    }
  }

  Future<(int, String)> _post(Uri address, Map<String, dynamic> args, String? authorization) async {
    Future<(int, String)> answer() async {
      final request = await _http.postUrl(address);
      request.headers.contentType = ContentType.json;
      if (authorization != null) request.headers.set(HttpHeaders.authorizationHeader, authorization);
      request.write(SerializationManager.encode(args));
      final response = await request.close();
      return (response.statusCode, await utf8.decodeStream(response));
    }

    try {
      return await answer().timeout(connectionTimeout);
    } on IOException catch (error) {
      throw ServerpodClientNetworkException('$error');
    } on TimeoutException catch (error) {
      throw ServerpodClientNetworkException('$error');
    }
  }

  /// An exception that a model file declares, else the error of that status.
  Exception _error(int status, String body) {
    try {
      if (serializationManager.decodeWithType(body) case final SerializableException declared) return declared;
    } catch (_) {
      // Any other text: the status is sufficient.
    }
    return switch (status) {
      400 => ServerpodClientBadRequest(body),
      401 => ServerpodClientUnauthorized(),
      403 => ServerpodClientForbidden(),
      404 => ServerpodClientNotFound(),
      500 => ServerpodClientInternalServerError(),
      _ => ServerpodClientUnknownHttpException(body, status),
    };
  }

  @override
  dynamic callStreamingServerEndpoint<T, G>(
    String endpoint,
    String method,
    Map<String, dynamic> args,
    Map<String, Stream> streams, {
    bool authenticated = true,
  }) {
    final values = _streams.open<G>(endpoint, method, args, streams, authenticated ? authKeyProvider : null);
    if (T == Stream<G>) return values;
    if ((T == Future<G>) && G == getType<void>()) return values.drain<void>();
    if (T == Future<G>) return values.first;
    throw UnsupportedError('$T is not a Stream or a Future');
  }
}
