// The errors of calls and of streams.

sealed class ServerpodClientException implements Exception {
  const ServerpodClientException(this.message);

  final String message;

  @override
  String toString() => '$runtimeType: $message';
}

/// No answer, or none in time.
class ServerpodClientNetworkException extends ServerpodClientException {
  const ServerpodClientNetworkException(super.message);
}

class ServerpodClientUnknownException extends ServerpodClientException {
  const ServerpodClientUnknownException(super.message);
}

sealed class ServerpodClientHttpException extends ServerpodClientException {
  const ServerpodClientHttpException(super.message, this.statusCode);

  final int statusCode;
}

class ServerpodClientBadRequest extends ServerpodClientHttpException {
  ServerpodClientBadRequest([String? message]) : super(message ?? 'the request is not valid', 400);
}

class ServerpodClientUnauthorized extends ServerpodClientHttpException {
  ServerpodClientUnauthorized() : super('not signed in', 401);
}

class ServerpodClientForbidden extends ServerpodClientHttpException {
  ServerpodClientForbidden() : super('not allowed', 403);
}

class ServerpodClientNotFound extends ServerpodClientHttpException {
  ServerpodClientNotFound() : super('not found', 404);
}

class ServerpodClientInternalServerError extends ServerpodClientHttpException {
  ServerpodClientInternalServerError() : super('the server failed', 500);
}

/// Any other status.
class ServerpodClientUnknownHttpException extends ServerpodClientHttpException {
  ServerpodClientUnknownHttpException(String data, int statusCode) : super(data, statusCode);
}

abstract class MethodStreamException implements Exception {
  const MethodStreamException(this.message);

  final String message;

  @override
  String toString() => '$runtimeType: $message';
}

class WebSocketConnectException extends MethodStreamException {
  const WebSocketConnectException(this.error, [this.stackTrace]) : super('connecting failed: $error');

  final Object? error;
  final StackTrace? stackTrace;
}

class ConnectionAttemptTimedOutException extends MethodStreamException {
  const ConnectionAttemptTimedOutException() : super('connecting took too long');
}

class WebSocketListenException extends MethodStreamException {
  const WebSocketListenException(this.error, [this.stackTrace]) : super('what the server sent is not valid: $error');

  final Object? error;
  final StackTrace? stackTrace;
}

class WebSocketClosedException extends MethodStreamException {
  const WebSocketClosedException() : super('the connection was closed');
}

class ConnectionClosedException extends MethodStreamException {
  const ConnectionClosedException() : super('the method failed');
}

class MethodStreamIdleTimeoutException extends MethodStreamException {
  const MethodStreamIdleTimeoutException() : super('the server was silent for too long');
}
