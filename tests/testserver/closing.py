"""Record that a listener for the end of a call has run in this process; another call of the test reads it."""

from __future__ import annotations

_called = False


async def note() -> None:
    """The listener."""
    global _called
    _called = True


def was_called() -> bool:
    """Return whether it has run since the last request."""
    global _called
    called, _called = _called, False
    return called
