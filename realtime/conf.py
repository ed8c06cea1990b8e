"""Settings of realtime: limits of sockets, streams and messages, with unit and default."""

from __future__ import annotations

from core.conf import AppSettings


class RealtimeSettings(AppSettings, prefix="REALTIME_"):
    PREFIX: str = "podium"
    """Stands before every channel's name in Redis: servers that share a Redis and not their messages need two."""

    FRAME_BYTES: int = 512 * 1024
    """The largest frame a client may send; a larger one closes its socket."""
    STREAMS: int = 100
    """Streams that one socket may have open at a time."""
    SOCKETS_PER_USER: int = 50
    """Sockets of one process on which one user may have streams at a time."""
    SOCKETS_PER_ADDRESS: int = 1000
    """Sockets of one process from one address; homes and offices share one, so it is far above what one phone needs."""
    INPUT_QUEUE: int = 100
    """Values of one input stream that wait to be read by the method."""
    INPUT_SECONDS: float = 10.0
    """How long a full input queue may hold up its socket before its stream is ended."""
    PING_SECONDS: float = 25.0
    """Between two pings of the server."""
    IDLE_SECONDS: float = 60.0
    """A socket from which nothing came for so long is closed."""
    SEND_SECONDS: float = 30.0
    """A client that takes nothing of what it is sent for so long is closed."""
    END_SECONDS: float = 5.0
    """How long the methods of a closed socket may clean up before they are left to themselves."""

    MESSAGE_BYTES: int = 1024 * 1024
    """The largest value that may be published, as JSON."""
    MESSAGE_QUEUE: int = 1000
    """Messages that wait for one subscriber; one that falls further behind is ended."""

    BUS_SECONDS: float = 5.0
    """How long to wait for Redis before a publication or a subscription fails."""
    BUS_PING_SECONDS: float = 10.0
    """A connection to Redis that is silent for so long is pinged; after twice the time it is made anew."""


conf = RealtimeSettings()
