"""Revoked credentials, and scopes that users lost: every process drops cached data and ends streams."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection

import msgspec

from realtime import hub, messages
from realtime.conf import conf
from realtime.errors import BusUnavailable

logger = logging.getLogger("podium.streams")


class Revoked(msgspec.Struct, frozen=True):
    """The revoked credentials: all of a user's, or one token.

    scopes  the scopes that the user lost: streams that need one of them end; none: the credential itself is revoked
    """

    user_id: str
    token_id: str = ""
    scopes: frozenset[str] = frozenset()

    def covers(self, user_id: str, token_id: str) -> bool:
        """Test whether cached data on that token of that user is out of date."""
        return self.user_id == user_id and self.token_id in ("", token_id)

    def ends(self, user_id: str, token_id: str, required_scopes: frozenset[str]) -> bool:
        """Test whether a stream with that token ends, if its endpoint requires these scopes."""
        return self.covers(user_id, token_id) and (not self.scopes or bool(self.scopes & required_scopes))


_listeners: list[Callable[[Revoked | None], None]] = []


def listen(listener: Callable[[Revoked | None], None]) -> None:
    """Call `listener` in every process for each revocation; with None when some may have been missed.

    It is called on any thread, and must return at once.
    """
    if listener not in _listeners:
        _listeners.append(listener)


def end_streams(*, user_id: str, token_id: str = "", scopes: Collection[str] | None = None) -> None:
    """End the streams of a user, or of one token: in this process now, in all when the transaction here commits.

    scopes  end only those of endpoints that require one of these scopes; for scopes that the user lost

    The caller must revoke the credential or remove the scopes first. Sync code only. If Redis is unavailable, that is
    logged, and the other processes check every credential again once it is back.
    """
    if scopes is not None and not scopes:
        return
    revoked = Revoked(str(user_id), str(token_id), frozenset(scopes or ()))
    tell(revoked)
    try:
        messages.send_on_commit(_channel(), msgspec.json.encode(revoked))
    except BusUnavailable as error:
        logger.error("other processes were not informed of a revocation: %s", error.details)


def watch() -> None:
    """Begin to listen in this process. Called on the event loop when the server starts; a second call does nothing."""
    hub.current().listen(_channel(), _heard, _resumed)


def tell(revoked: Revoked | None) -> None:
    """Call the listeners of this process."""
    for listener in _listeners:
        listener(revoked)


def _heard(message: bytes) -> None:
    try:
        tell(msgspec.json.decode(message, type=Revoked))
    except msgspec.DecodeError as error:
        logger.error("a revocation could not be read: %s", error)


def _resumed() -> None:
    tell(None)


def _channel() -> str:
    return f"{conf.PREFIX}:revoked"
