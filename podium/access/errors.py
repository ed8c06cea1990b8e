"""The errors of access rules."""

from __future__ import annotations

from podium.core.errors import PodiumError


class RowNotFound(PodiumError):
    """There is no such row."""

    # The answer for a row that exists and is invisible to the caller, too: a refusal would reveal that it exists.
    status = 404
    code = "access.row_not_found"


class RowRefused(PodiumError):
    """The access rules do not allow this row."""

    status = 403
    code = "access.row_refused"


class FieldRefused(PodiumError):
    """The access rules do not allow this field."""

    status = 400
    code = "access.field_refused"

    @property
    def message(self) -> str:
        """The text given as `text=`, which names the field."""
        return str(self.details.get("text") or super().message)


class SignInNeeded(PodiumError):
    """Sign in to do this."""

    status = 401
    code = "access.sign_in_needed"


class RuleError(Exception):
    """A rule that can't be used, only for the programmer: the message names the fault."""
