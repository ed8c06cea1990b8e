"""Errors of lists that clients ask for, and of rows that the database refuses."""

from __future__ import annotations

from podium.core.errors import PodiumError


class RowsError(PodiumError):
    """The request for rows can't be carried out."""

    status = 400
    code = "rows.error"

    @property
    def message(self) -> str:
        """The text given as `text=`, which says what is wrong."""
        return str(self.details.get("text") or super().message)


class LimitRefused(RowsError):
    """The limit is not valid."""

    code = "rows.limit_refused"


class CursorRefused(RowsError):
    """The cursor does not belong to this list. Ask for the first page."""

    code = "rows.cursor_refused"


class TooManyRelated(RowsError):
    """There are too many related rows for one answer. Ask for them as a list of their own."""

    code = "rows.too_many_related"


class FilterRefused(RowsError):
    """The filter is not valid."""

    code = "rows.filter_refused"


class ValueTaken(RowsError):
    """Another row has this value."""

    status = 409
    code = "rows.value_taken"


class RowInUse(PodiumError):
    """Other rows refer to this row."""

    status = 409
    code = "rows.row_in_use"


class ReferenceNotFound(RowsError):
    """A reference points to a row that does not exist."""

    code = "rows.reference_not_found"


class ValueRefused(RowsError):
    """The database refuses a value."""

    code = "rows.value_refused"
