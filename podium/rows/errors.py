"""Errors of lists that clients ask for."""

from __future__ import annotations

from podium.core.errors import PodiumError


class ListError(PodiumError):
    """This list can't be asked for."""

    status = 400

    @property
    def message(self) -> str:
        """The text given as `text=`, which says what is wrong with this list."""
        return str(self.details.get("text") or super().message)


class LimitRefused(ListError):
    """The limit is not valid."""

    code = "rows.limit_refused"


class CursorRefused(ListError):
    """The cursor does not belong to this list. Ask for the first page."""

    code = "rows.cursor_refused"


class TooManyRelated(ListError):
    """There are too many related rows for one answer. Ask for them as a list of their own."""

    code = "rows.too_many_related"


class FilterRefused(ListError):
    """The filter is not valid."""

    code = "rows.filter_refused"
