"""Stored values that their type cannot read: a placeholder in a loaded object that fails when used.

A query still returns such rows, and saving a row keeps the stored value.
"""

from __future__ import annotations

import enum
from typing import Any, NoReturn

from podium.core.errors import PodiumError

SHOWN_CHARACTERS = 60
"""Maximum length of a stored value in messages."""


class UnreadableValue(PodiumError, AttributeError, TypeError):
    """A stored value cannot be read; the server's log says which."""

    # Also Python's own errors, so that hasattr() and checks for iterability return False.
    status = 500
    code = "database.unreadable_value"

    def __init__(self, value: Unreadable) -> None:
        self.value = value
        self.row: Any = None
        super().__init__()

    def __str__(self) -> str:
        """The full text, for logs. Clients see `message`."""
        row = "" if self.row is None else f" of row {self.row}"
        return f"{self.value.place}{row} holds {self.value.shown}, which {self.value.problem}"


class Unreadable:
    """A stored value that cannot be read.

    stored    the value in the database
    place     "column note.color"
    problem   continues "holds 'angry', which": "is not a value of Color"

    Any use as a value of its type raises UnreadableValue, even a comparison with an enum's member:
    neither True nor False would be right.
    """

    __slots__ = ("place", "problem", "stored")

    def __init__(self, stored: Any, place: str, problem: str) -> None:
        self.stored = stored
        self.place = place
        self.problem = problem

    @property
    def shown(self) -> str:
        text = repr(self.stored)
        return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}..."

    def __repr__(self) -> str:
        return f"<unreadable: {self.shown}>"

    def __str__(self) -> str:
        return f"unreadable: {self.shown}"

    def __hash__(self) -> int:
        return hash((self.place, self.shown))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, enum.Enum):
            self._fail()
        if not isinstance(other, Unreadable):
            return NotImplemented
        return (self.place, self.stored) == (other.place, other.stored)

    def __getattr__(self, name: str) -> NoReturn:
        self._fail()

    def _fail(self, *_: Any) -> NoReturn:
        raise UnreadableValue(self)

    __iter__ = __len__ = __getitem__ = __contains__ = __int__ = __index__ = __float__ = __neg__ = __abs__ = (
        _fail
    )
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __floordiv__ = __mod__ = (
        _fail
    )
    __lt__ = __le__ = __gt__ = __ge__ = _fail
