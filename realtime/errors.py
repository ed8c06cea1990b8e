"""Errors of streams and messages."""

from __future__ import annotations

from podium.core.errors import PodiumError


class BadFrame(PodiumError):
    """The frame is not one that a client may send."""

    code = "realtime.bad_frame"


class FrameTooLarge(PodiumError):
    """The frame is larger than this server accepts."""

    status = 413
    code = "realtime.frame_too_large"


class BadChannel(PodiumError):
    """A channel's name has 1 to 200 characters."""

    code = "realtime.bad_channel"


class MessageTooLarge(PodiumError):
    """The value is larger than a message may be."""

    status = 413
    code = "realtime.message_too_large"


class SubscriberTooSlow(PodiumError):
    """The subscriber did not keep up with its channel and was ended."""

    status = 503
    code = "realtime.subscriber_too_slow"


class BusUnavailable(PodiumError):
    """Redis, which carries the messages between servers, does not answer. See REDIS_URL."""

    status = 503
    code = "realtime.bus_unavailable"


class InputFailed(PodiumError):
    """The client ended its stream with an error."""

    code = "realtime.input_failed"


class InputInvalid(PodiumError):
    """The client sent a value that is not of the stream's type."""

    code = "realtime.input_invalid"


class TooManySockets(PodiumError):
    """The user has streams on as many sockets as REALTIME_SOCKETS_PER_USER allows."""

    status = 429
    code = "realtime.too_many_sockets"


class SocketClosed(PodiumError):
    """The client is gone."""

    code = "realtime.socket_closed"
