"""Settings of realtime: limits of sockets, streams and messages, with unit and default."""

from __future__ import annotations

from podium.core.conf import AppSettings


class RealtimeSettings(AppSettings, prefix="REALTIME_"):
    PREFIX: str = "podium"
    """Prefix of every channel's name in Redis. Servers that share only a Redis need different ones."""

    FRAME_BYTES: int = 512 * 1024
    """The largest frame that a client may send, in bytes; a larger one closes its socket."""
    STREAMS: int = 100
    """Streams that one socket may have open at a time."""
    SOCKETS_PER_USER: int = 50
    """Sockets of one process on which one user may have streams at a time."""
    SOCKETS_PER_ADDRESS: int = 1000
    """Sockets of one process from one address; homes and offices share one, so it is far more than one phone needs."""
    INPUT_QUEUE: int = 100
    """Values of one input stream that wait to be read by the method."""
    INPUT_SECONDS: float = 10.0
    """Time for which a full input queue may block its socket before its stream ends."""
    PING_SECONDS: float = 25.0
    """Interval between two pings of the server."""
    IDLE_SECONDS: float = 60.0
    """Time without a frame from the client after which its socket is closed."""
    SEND_SECONDS: float = 30.0
    """Time without progress in sending after which a socket is closed."""
    END_SECONDS: float = 5.0
    """Time for the methods of a closed socket to clean up; the server does not wait any longer."""

    MESSAGE_BYTES: int = 1024 * 1024
    """The largest value that may be published, in bytes of JSON."""
    MESSAGE_QUEUE: int = 1000
    """Messages that wait for one subscriber; a subscription that falls further behind ends."""

    BUS_SECONDS: float = 5.0
    """Time to wait for Redis before a publication or a subscription fails."""
    BUS_PING_SECONDS: float = 10.0
    """Silence after which a connection to Redis is pinged; after twice this time it is replaced."""


conf = RealtimeSettings()
