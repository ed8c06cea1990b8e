"""Errors of generated resources."""

from __future__ import annotations

from podium.core.errors import PodiumError


class ResourceError(PodiumError):
    """The request can't be carried out."""

    status = 400
    code = "rest.error"

    @property
    def message(self) -> str:
        """The text given as `text=`, which names what is wrong."""
        return str(self.details.get("text") or super().message)


class ParameterRefused(ResourceError):
    """A parameter of the query is not valid."""

    code = "rest.parameter_refused"


class BodyRefused(ResourceError):
    """The body is not valid."""

    code = "rest.body_refused"


class HeaderRefused(ResourceError):
    """A header is not valid."""

    code = "rest.header_refused"


class MethodRefused(ResourceError):
    """This resource does not have this method."""

    status = 405
    code = "rest.method_refused"


class MediaTypeRefused(ResourceError):
    """Send the body as JSON, with the header Content-Type: application/json."""

    status = 415
    code = "rest.media_type_refused"


class RowChanged(ResourceError):
    """The version of the row does not meet the condition of the request. Read it again."""

    status = 412
    code = "rest.row_changed"


class KeyReused(ResourceError):
    """This Idempotency-Key was sent with another request. Use a new key for each change."""

    status = 422
    code = "rest.key_reused"


class ServerFailed(ResourceError):
    """The server failed. Its log says why."""

    status = 500
    code = "server_error"


class StillRunning(ResourceError):
    """The first request with this Idempotency-Key is still running. Try again in a second."""

    status = 409
    code = "rest.still_running"


class TokenRefused(ResourceError):
    """The token is invalid or no longer valid. Sign in again, or use another API key."""

    status = 401
    code = "authentication_failed"
