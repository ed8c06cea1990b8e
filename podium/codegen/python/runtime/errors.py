"""Errors of calls and streams. Exceptions that the server declares are in protocol.py."""

from __future__ import annotations

from typing import ClassVar


class ClientError(Exception):
    """The root of all errors that this package raises itself."""


class WireError(ClientError):
    """A value does not have the form its type has on the wire. The message starts with the path to the value."""


class NetworkError(ClientError):
    """The server was not reached, or the connection broke. `__cause__` has the reason."""


class NoAnswerError(NetworkError, TimeoutError):
    """The server did not answer in time."""


class HttpError(ClientError):
    """The server answered with an error status."""

    what: ClassVar[str] = "The server refused the call"

    def __init__(self, status: int, body: str = "") -> None:
        """status: of the answer; body: its text, often empty."""
        super().__init__(f"{self.what} ({status})" + (f": {body}" if body else ""))
        self.status = status
        self.body = body


class BadRequestError(HttpError):
    """400: the server could not read the call. The body names what is wrong."""

    what = "The server could not read the call"


class UnauthorizedError(HttpError):
    """401: not signed in, or the credential is no longer good."""

    what = "Not signed in, or the credential is no longer good"


class ForbiddenError(HttpError):
    """403: signed in, but without the scope that this method needs."""

    what = "The signed-in user may not do this"


class NotFoundError(HttpError):
    """404: the server has no such endpoint."""

    what = "The server has no such endpoint"


class TooLargeError(HttpError):
    """413: the call is larger than the server accepts."""

    what = "The call is larger than the server accepts"


class TooManyRequestsError(HttpError):
    """429: too many calls."""

    what = "Too many calls"


class ServerError(HttpError):
    """500 and above: the server failed. Only its log has the reason."""

    what = "The server failed"


class UploadRefused(HttpError):
    """The storage did not take the file."""

    what = "The storage refused the upload"


_BY_STATUS: dict[int, type[HttpError]] = {
    400: BadRequestError,
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
    413: TooLargeError,
    429: TooManyRequestsError,
}


def http_error(status: int, body: str) -> HttpError:
    """The error for a status: of the class that fits it best."""
    return _BY_STATUS.get(status, ServerError if status >= 500 else HttpError)(status, body)


class StreamRefused(ClientError):
    """The server did not open the stream.

    reason  "endpointNotFound", "authenticationFailed", "authorizationDeclined" or "invalidArguments"
    """

    def __init__(self, method: str, reason: str) -> None:
        super().__init__(f"The server did not open {method}: {reason}")
        self.reason = reason


class StreamClosed(ClientError):
    """The server ended the stream because of an undisclosed error, or because the user's access ended."""


class ConnectionLost(NetworkError):
    """The socket that carried the stream broke. Values sent meanwhile are lost."""


class StreamOverflow(ClientError):
    """Values arrived faster than the stream was read."""
