/** Errors of calls and streams. Exceptions that the server declares are in protocol.ts. */
/** The root of all errors that this package throws itself. */
export declare class ClientError extends Error {
  constructor(message: string, options?: ErrorOptions);
}
/** A value does not have the form its type has on the wire. The message starts with the path to the value. */
export declare class WireError extends ClientError {
  constructor(message: string);
}
/** The server was not reached, or the connection broke. `cause` has the reason, if the platform gives one. */
export declare class NetworkError extends ClientError {
  constructor(message: string, options?: ErrorOptions);
}
/** The server did not answer in time. */
export declare class TimeoutError extends NetworkError {
  constructor(message: string);
}
/** The server answered with an error status. `body` is its text, often empty. */
export declare class HttpError extends ClientError {
  readonly status: number;
  readonly body: string;
  constructor(status: number, body: string, what?: string);
  /** The error for a status: the class that fits it best. */
  static of(status: number, body: string): HttpError;
}
/** 400: the server could not read the call. The body names what is wrong. */
export declare class BadRequestError extends HttpError {
  constructor(status: number, body: string);
}
/** 401: not signed in, or the credential is no longer good. */
export declare class UnauthorizedError extends HttpError {
  constructor(status: number, body: string);
}
/** 403: signed in, but without the scope that this method needs. */
export declare class ForbiddenError extends HttpError {
  constructor(status: number, body: string);
}
/** 404: the server has no such endpoint. */
export declare class NotFoundError extends HttpError {
  constructor(status: number, body: string);
}
/** 413: the call is larger than the server accepts. */
export declare class TooLargeError extends HttpError {
  constructor(status: number, body: string);
}
/** 429: too many calls. */
export declare class TooManyRequestsError extends HttpError {
  constructor(status: number, body: string);
}
/** 500 and above: the server failed. Only its log has the reason. */
export declare class ServerError extends HttpError {
  constructor(status: number, body: string);
}
export type RefusalReason =
  "endpointNotFound" | "authenticationFailed" | "authorizationDeclined" | "invalidArguments";
/** The server did not open the stream. */
export declare class StreamRefusedError extends ClientError {
  readonly reason: RefusalReason;
  constructor(method: string, reason: RefusalReason);
}
/** The server ended the stream because of an undisclosed error, or because the user's access ended. */
export declare class StreamClosedError extends ClientError {
  constructor(message: string, options?: ErrorOptions);
}
/** The socket that carried the stream broke. Values sent meanwhile are lost. */
export declare class ConnectionLostError extends NetworkError {
  constructor(message: string, options?: ErrorOptions);
}
/** Values arrived faster than the stream was read. */
export declare class StreamOverflowError extends ClientError {
  constructor(message: string);
}
export {};
