"""Credentials that are no longer good: every process is told, forgets them, and ends the streams that run on them."""

from __future__ import annotations

import logging
from collections.abc import Callable

import msgspec
from asgiref.sync import sync_to_async

from realtime import hub, messages
from realtime.conf import conf
from realtime.errors import BusUnavailable

logger = logging.getLogger("podium.streams")


class Revoked(msgspec.Struct, frozen=True):
    """Whose credential: all of a user's, or the one token."""

    user_id: str
    token_id: str = ""

    def covers(self, user_id: str, token_id: str) -> bool:
        """Whether that token of that user is no longer good."""
        return self.user_id == user_id and self.token_id in ("", token_id)


_listeners: list[Callable[[Revoked | None], None]] = []


def listen(listener: Callable[[Revoked | None], None]) -> None:
    """Call `listener` in every process for each revocation; with None when some may have been missed.

    It is called on any thread, and must return at once.
    """
    if listener not in _listeners:
        _listeners.append(listener)


def end_streams(*, user_id: str, token_id: str = "") -> None:
    """End the streams of a user, or of one token: in this process now, in all when the transaction here commits.

    The credential itself is ended by the caller, first. Sync code only. Where Redis is away that is logged, and the
    others look again at every credential once it is back.
    """
    revoked = Revoked(str(user_id), str(token_id))
    tell(revoked)
    try:
        messages.send_on_commit(_channel(), msgspec.json.encode(revoked))
    except BusUnavailable as error:
        logger.error("other processes were not told of a revocation: %s", error.details)


async def aend_streams(*, user_id: str, token_id: str = "") -> None:
    """The same from async code."""
    await sync_to_async(end_streams)(user_id=user_id, token_id=token_id)


def watch() -> None:
    """Begin to listen in this process. Called on the event loop when the server starts; again does nothing."""
    hub.current().listen(_channel(), _heard, _resumed)


def tell(revoked: Revoked | None) -> None:
    """Call the listeners of this process."""
    for listener in _listeners:
        listener(revoked)


def _heard(message: bytes) -> None:
    try:
        tell(msgspec.json.decode(message, type=Revoked))
    except msgspec.DecodeError as error:
        logger.error("a revocation was not understood: %s", error)


def _resumed() -> None:
    tell(None)


def _channel() -> str:
    return f"{conf.PREFIX}:revoked"
