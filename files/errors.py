"""Refusals of file operations: the declared FileException, for calls and for uploads over HTTP."""

from __future__ import annotations

from files.protocol import FileException
from files.protocol import FileExceptionReason as Reason

STATUS = {
    Reason.NOT_FOUND: 404,
    Reason.ALREADY_UPLOADED: 409,
    Reason.EXPIRED: 410,
    Reason.TOO_LARGE: 413,
    Reason.TYPE_REFUSED: 415,
}
"""Over plain HTTP; 400 for the others. In a call the status is 400 for all (docs/reference/wire.md)."""


def refused(reason: Reason, message: str) -> FileException:
    return FileException(reason=reason, message=message)


def not_found() -> FileException:
    """The same error for a missing file and for a file of another user."""
    return refused(Reason.NOT_FOUND, "There is no such file.")


def status_of(error: FileException) -> int:
    return STATUS.get(error.reason, 400)
