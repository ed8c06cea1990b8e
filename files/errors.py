"""Why something can't be done with a file: the declared FileException, as clients of calls and of uploads see it."""

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
"""Over plain HTTP; 400 for the others. In a call the status is 400 for all (docs/wire.md)."""


def refused(reason: Reason, message: str) -> FileException:
    return FileException(reason=reason, message=message)


def not_found() -> FileException:
    """The same for what is not there and for what is someone else's."""
    return refused(Reason.NOT_FOUND, "There is no such file.")


def status_of(error: FileException) -> int:
    return STATUS.get(error.reason, 400)
