"""The errors of calls. Each class is a status and a message; the bodies of 401 and 403 stay empty.

The texts for unknown endpoints and methods, missing arguments and large bodies begin as Serverpod's do, since apps may
look for them: "Endpoint not found", "Method not found", "No method name specified", "Missing required query parameter",
"Request size exceeds the maximum allowed size of". Source: its http_codes_test.dart and upload_too_large_test.dart.
"""

from __future__ import annotations

from podium.core.errors import PodiumError

NAME_SHOWN = 100
"""Characters of a name from outside that go into logs and answers."""


class CallError(PodiumError):
    """The call could not be carried out."""

    status = 400
    code = "endpoints.error"

    @property
    def message(self) -> str:
        """The text given as `text=`, which names the fault; otherwise the class's docstring."""
        return str(self.details.get("text") or super().message)


class EndpointNotFound(CallError):
    """There is no such endpoint."""

    status = 404
    code = "endpoints.endpoint_not_found"


class MethodNotFound(CallError):
    """The endpoint has no such method."""

    code = "endpoints.method_not_found"


class InvalidArguments(CallError):
    """The arguments do not fit the method."""

    code = "endpoints.invalid_arguments"


class BadRequest(CallError):
    """The request can't be read as a call."""

    code = "endpoints.bad_request"


class BadAuthorizationHeader(CallError):
    """The Authorization header can't be read: send "Bearer <token>", or "Basic <base64 of the key>"."""

    code = "endpoints.bad_authorization"


class NotSignedIn(CallError):
    """Nobody is signed in, or the credential is no longer valid."""

    status = 401
    code = "endpoints.not_signed_in"


class ScopeMissing(CallError):
    """The signed-in user may not call this method."""

    status = 403
    code = "endpoints.scope_missing"


class ImpersonationRefused(ScopeMissing):
    """An operator who acts as a user may not call this method."""

    code = "endpoints.impersonation_refused"


class ApiKeyRefused(ScopeMissing):
    """An API key may not call this method."""

    code = "endpoints.api_key_refused"


class SignInUnfinished(ScopeMissing):
    """This server requires a second factor. Set one up first."""

    code = "endpoints.sign_in_unfinished"


class BodyTooLarge(CallError):
    """The request is larger than this server accepts."""

    status = 413
    code = "endpoints.body_too_large"


class BodyTooSlow(CallError):
    """The request's body did not arrive in time."""

    status = 408
    code = "endpoints.body_too_slow"


class TooManyCalls(CallError):
    """Too many calls. Try again later."""

    status = 429
    code = "endpoints.too_many_calls"


class MethodNotAllowed(CallError):
    """Call a method by POST."""

    status = 405
    code = "endpoints.method_not_allowed"


class BadEndpoints(Exception):
    """Endpoints whose classes or signatures can't be served: one line for each fault, only for the programmer."""


class InvisibleResult(Exception):
    """A method returned a row that its caller may not read; only for the programmer."""


class BadResult(Exception):
    """A method returned a value of another type than it declares; only for the programmer."""
