"""Credentials that are no longer good: every process is told, forgets them, and ends the streams that run on them."""

from __future__ import annotations

import logging
from collections.abc import Callable

import msgspec
from django.db import transaction

from realtime import hub, messages
from realtime.conf import conf

logger = logging.getLogger("podium.streams")


class Revoked(msgspec.Struct, frozen=True):
    """Whose credential: all of a user's, or the one token."""

    user_id: str
    token_id: str = ""


_listeners: list[Callable[[Revoked | None], None]] = []


def listen(listener: Callable[[Revoked | None], None]) -> None:
    """Call `listener` in every process for each revocation; with None when some may have been missed."""
    if listener not in _listeners:
        _listeners.append(listener)


def end_streams(*, user_id: str, token_id: str = "") -> None:
    """End the streams of a user, or of one token, in all processes, when the transaction that is open here commits.

    Sync code only; from async code through `sync_to_async`. Raises BusUnavailable (503).
    """
    message = msgspec.json.encode(Revoked(str(user_id), str(token_id)))
    tell(msgspec.json.decode(message, type=Revoked))  # this process at once, whatever happens to the bus
    transaction.on_commit(lambda: messages.send(_channel(), message))


def watch() -> None:
    """Begin to listen in this process. Called on the event loop when the server starts."""
    hub.current().listen(_channel(), _heard, lambda: tell(None))


def tell(revoked: Revoked | None) -> None:
    for listener in _listeners:
        listener(revoked)


def _heard(message: bytes) -> None:
    try:
        tell(msgspec.json.decode(message, type=Revoked))
    except msgspec.DecodeError as error:
        logger.error("a revocation was not understood: %s", error)


def _channel() -> str:
    return f"{conf.PREFIX}:revoked"
