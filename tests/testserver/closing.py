"""Whether a listener for the end of a call has run, in this process: tests ask for it by another call."""

from __future__ import annotations

_called = False


async def note() -> None:
    """The listener."""
    global _called
    _called = True


def was_called() -> bool:
    """Since this was asked last."""
    global _called
    called, _called = _called, False
    return called
