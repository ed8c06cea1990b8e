/** Errors of calls and streams. Exceptions that the server declares are in protocol.ts. */

/** The root of all errors that this package throws itself. */
export class ClientError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = "ClientError";
  }
}

/** A value does not have the form its type has on the wire. The message starts with the path to the value. */
export class WireError extends ClientError {
  constructor(message) {
    super(message);
    this.name = "WireError";
  }
}

/** The server was not reached, or the connection broke. `cause` has the reason, if the platform gives one. */
export class NetworkError extends ClientError {
  constructor(message, options) {
    super(message, options);
    this.name = "NetworkError";
  }
}

/** The server did not answer in time. */
export class TimeoutError extends NetworkError {
  constructor(message) {
    super(message);
    this.name = "TimeoutError";
  }
}

/** The server answered with an error status. `body` is its text, often empty. */
export class HttpError extends ClientError {
  status;
  body;

  constructor(status, body, what = "The server refused the call") {
    super(`${what} (${status})${body ? `: ${body}` : ""}`);
    this.name = "HttpError";
    this.status = status;
    this.body = body;
  }

  /** The error for a status: the class that fits it best. */
  static of(status, body) {
    const known = BY_STATUS[status];
    if (known) return new known(status, body);
    return status >= 500 ? new ServerError(status, body) : new HttpError(status, body);
  }
}

/** 400: the server could not read the call. The body names what is wrong. */
export class BadRequestError extends HttpError {
  constructor(status, body) {
    super(status, body, "The server could not read the call");
    this.name = "BadRequestError";
  }
}

/** 401: not signed in, or the credential is no longer good. */
export class UnauthorizedError extends HttpError {
  constructor(status, body) {
    super(status, body, "Not signed in, or the credential is no longer good");
    this.name = "UnauthorizedError";
  }
}

/** 403: signed in, but without the scope that this method needs. */
export class ForbiddenError extends HttpError {
  constructor(status, body) {
    super(status, body, "The signed-in user may not do this");
    this.name = "ForbiddenError";
  }
}

/** 404: the server has no such endpoint. */
export class NotFoundError extends HttpError {
  constructor(status, body) {
    super(status, body, "The server has no such endpoint");
    this.name = "NotFoundError";
  }
}

/** 413: the call is larger than the server accepts. */
export class TooLargeError extends HttpError {
  constructor(status, body) {
    super(status, body, "The call is larger than the server accepts");
    this.name = "TooLargeError";
  }
}

/** 429: too many calls. */
export class TooManyRequestsError extends HttpError {
  constructor(status, body) {
    super(status, body, "Too many calls");
    this.name = "TooManyRequestsError";
  }
}

/** 500 and above: the server failed. Only its log has the reason. */
export class ServerError extends HttpError {
  constructor(status, body) {
    super(status, body, "The server failed");
    this.name = "ServerError";
  }
}

const BY_STATUS = {
  400: BadRequestError,
  401: UnauthorizedError,
  403: ForbiddenError,
  404: NotFoundError,
  413: TooLargeError,
  429: TooManyRequestsError,
};



/** The server did not open the stream. */
export class StreamRefusedError extends ClientError {
  reason;

  constructor(method, reason) {
    super(`The server did not open ${method}: ${reason}`);
    this.name = "StreamRefusedError";
    this.reason = reason;
  }
}

/** The server ended the stream because of an undisclosed error, or because the user's access ended. */
export class StreamClosedError extends ClientError {
  constructor(message, options) {
    super(message, options);
    this.name = "StreamClosedError";
  }
}

/** The socket that carried the stream broke. Values sent meanwhile are lost. */
export class ConnectionLostError extends NetworkError {
  constructor(message, options) {
    super(message, options);
    this.name = "ConnectionLostError";
  }
}

/** Values arrived faster than the stream was read. */
export class StreamOverflowError extends ClientError {
  constructor(message) {
    super(message);
    this.name = "StreamOverflowError";
  }
}
