"""The open connections of this process: limits their number, and closes those that make no progress.

Works on transports only; podium/endpoints/http.py and realtime/websocket.py handle the protocols. One timer serves all
connections, because a timer for each would be a large part of an idle connection's memory.
"""

from __future__ import annotations

import asyncio
import fcntl
import heapq
import logging
import math
import resource
import socket
import sys
import termios
from collections import Counter
from contextlib import suppress
from typing import Protocol

from podium.endpoints.conf import conf

logger = logging.getLogger("podium.connections")

LOOK_SECONDS = 1.0
UNSENT_BYTES = 128 * 1024
RESERVED_FILES = 256
"""Open files reserved for other uses than client connections: databases, Redis, files being sent."""
ROOM_PART = 20
"""When a limit is reached, one in this many connections without a request is closed, oldest first."""


class Connection(Protocol):
    """A client's connection. Times are of the event loop's clock.

    since          when the last answer was complete, or began to pile up
    waiting_since  the same; inf while a request is in progress
    """

    transport: asyncio.Transport
    network: str
    since: float

    @property
    def waiting_since(self) -> float: ...

    def look_after(self, now: float) -> None:
        """Called once a second. Closes a connection that makes no progress."""


WARN_SECONDS = 60.0

opened: set[Connection] = set()
_by_network: Counter[str] = Counter()
_timer: asyncio.TimerHandle | None = None
_warned_at = -math.inf
_full: set[str] = set()
"""The networks (and "" for the process) without room in this second. Searching thousands of connections again for each
new one would let strangers cause that work."""


def add(connection: Connection) -> bool:
    """Register a new connection, on the event loop. Return False if there is no room, even after closing idle ones.

    connection.network  the key for counting; "": counts only towards the limit of the process
    """
    network = connection.network
    if network and _by_network[network] >= conf.CONNECTIONS_PER_ADDRESS:
        if not _make_room(network):
            _warn(f"{network} has", conf.CONNECTIONS_PER_ADDRESS, "_PER_ADDRESS")
            return False
    elif len(opened) >= most() and not _make_room(""):
        _warn("There are", most(), "")
        return False
    opened.add(connection)
    if network:
        _by_network[network] += 1
    _look_on()
    return True


def _warn(subject: str, count: int, setting: str) -> None:
    """Log at most once a minute, because one client can cause a million refusals."""
    global _warned_at
    now = asyncio.get_running_loop().time()
    if now - _warned_at > WARN_SECONDS:
        _warned_at = now
        logger.warning(
            "%s %s connections in use, and more are refused (ENDPOINTS_CONNECTIONS%s). Are they"
            " from your proxy? Then see FORWARDED_ALLOW_IPS",
            subject,
            count,
            setting,
        )


def remove(connection: Connection) -> None:
    """Unregister a closed connection. Safe to call if it was never added, or was already removed."""
    if connection in opened:
        opened.remove(connection)
        if connection.network:
            _by_network[connection.network] -= 1
            if not _by_network[connection.network]:
                del _by_network[connection.network]


def most() -> int:
    """Maximum connections of this process: the setting, or what the limit of open files allows."""
    return min(conf.CONNECTIONS, max(RESERVED_FILES, _files() - RESERVED_FILES))


def _files() -> int:
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return sys.maxsize if soft == resource.RLIM_INFINITY else soft


def raise_limit_of_files() -> None:
    """Raise the limit of open files to what the connections need, if the system allows; it is often 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = conf.CONNECTIONS + RESERVED_FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and wanted > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def keep_little(transport: asyncio.Transport) -> None:
    """Limit the data that the kernel buffers for a slow client; by default it buffers megabytes per connection."""
    made_by = transport.get_extra_info("socket")
    if made_by is not None and made_by.family != socket.AF_UNIX and hasattr(socket, "TCP_NOTSENT_LOWAT"):
        made_by.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_BYTES)


def untaken(transport: asyncio.Transport) -> int:
    """Bytes that the client has not received; 0 if the kernel already has everything that is left to send."""
    waiting = transport.get_write_buffer_size()
    made_by = transport.get_extra_info("socket")
    if not waiting or made_by is None:
        return waiting
    with suppress(OSError):  # the kernel's buffer drains in larger steps than a slow client reads
        return waiting + int.from_bytes(
            fcntl.ioctl(made_by.fileno(), termios.TIOCOUTQ, bytes(4)), sys.byteorder
        )
    return waiting


def _make_room(network: str) -> bool:
    """Close the connections that have waited longest for a request. At most, their clients must reconnect."""
    if network in _full:
        return False
    waiting = [each for each in opened if each.waiting_since < math.inf and network in ("", each.network)]
    oldest = heapq.nsmallest(len(waiting) // ROOM_PART + 1, waiting, key=lambda each: each.waiting_since)
    for each in oldest:
        remove(each)  # now, rather than when its transport has closed
        each.transport.abort()
    if not oldest:
        _full.add(network)
    return bool(oldest)


def _look_on() -> None:
    global _timer
    if _timer is None:
        _timer = asyncio.get_running_loop().call_later(LOOK_SECONDS, _look)


def _look() -> None:
    global _timer
    _timer = None
    _full.clear()
    now = asyncio.get_running_loop().time()
    for each in list(opened):
        try:
            each.look_after(now)
        except Exception:
            logger.exception("checking a connection of %s failed", each.network)
    _drop_unsent()
    if opened:
        _look_on()


def _drop_unsent() -> None:
    """Close connections while the answers that wait for their clients exceed UNSENT_BYTES.

    The address with most of it goes first, and its oldest connections first: an attack with slow readers comes over
    many connections from few addresses, and an honest client soon has its answer.
    """
    unsent = {each: size for each in opened if (size := each.transport.get_write_buffer_size())}
    excess = sum(unsent.values()) - conf.UNSENT_BYTES
    if excess <= 0:
        return
    of_network: Counter[str] = Counter()
    for each, size in unsent.items():
        if each.network:
            of_network[each.network] += size
    dropped = 0
    for each in sorted(unsent, key=lambda each: (-of_network[each.network], each.since)):
        if excess <= 0:
            break
        excess -= unsent[each]
        dropped += 1
        each.transport.abort()
    logger.warning(
        "%s connections were closed: their clients took their answers too slowly, and more than"
        " ENDPOINTS_UNSENT_BYTES waited",
        dropped,
    )


class Taking:
    """The pace of a client that reads: at least ENDPOINTS_MIN_RATE, averaged over ENDPOINTS_STALL_SECONDS."""

    __slots__ = ("_left", "_until")

    def __init__(self) -> None:
        self._left, self._until = 0, math.inf

    def moved(self) -> None:
        """Start a new period, because the client took enough for more to be written."""
        self._until = math.inf

    def is_stuck(self, transport: asyncio.Transport, now: float) -> bool:
        """Return whether the client is too slow. Called while nothing is being written."""
        left = untaken(transport)
        if not left or self._until == math.inf:
            self._left, self._until = left, now + conf.STALL_SECONDS if left else math.inf
        elif now >= self._until:
            if self._left - left < conf.MIN_RATE * conf.STALL_SECONDS:
                return True
            self._left, self._until = left, now + conf.STALL_SECONDS
        return False
