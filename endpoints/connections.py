"""The open connections of this process: bounded in number, and none of them stays for ever without moving.

Knows transports; endpoints/http.py and realtime/websocket.py know what travels on them. One timer serves all
connections: one for each would cost more memory than most else of an idle one.
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

from endpoints.conf import conf

logger = logging.getLogger("podium.connections")

LOOK_SECONDS = 1.0
UNSENT_BYTES = 128 * 1024
RESERVED_FILES = 256
"""Open files of the process that are not connections of clients: databases, Redis, files being sent."""
ROOM_PART = 20
"""When the place is full, one in so many of the connections that wait for a request is closed, the oldest first."""


class Connection(Protocol):
    """A connection of a client. Times are of the event loop's clock.

    since          when the last answer was complete, or began to pile up
    waiting_since  the same; inf while a request is in progress
    """

    transport: asyncio.Transport
    network: str
    since: float

    @property
    def waiting_since(self) -> float: ...

    def look_after(self, now: float) -> None:
        """Called once a second; closes a connection that stands still."""


WARN_SECONDS = 60.0

opened: set[Connection] = set()
_by_network: Counter[str] = Counter()
_timer: asyncio.TimerHandle | None = None
_warned_at = -math.inf
_full: set[str] = set()
"""The networks, and "" for the process, that were full within this second: to look through thousands of connections
for each that knocks would be work for strangers."""


def add(connection: Connection) -> bool:
    """Count a new connection, on the event loop. False where there is no room, also not by closing one that waits.

    connection.network: whose connections are counted together; "": nobody's, only those of the process.
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


def _warn(whose: str, count: int, setting: str) -> None:
    """Once a minute: who has so many can have a million refused."""
    global _warned_at
    now = asyncio.get_running_loop().time()
    if now - _warned_at > WARN_SECONDS:
        _warned_at = now
        logger.warning(
            "%s %s connections in use, and more are refused (ENDPOINTS_CONNECTIONS%s). Is a proxy of yours"
            " between? Then see FORWARDED_ALLOW_IPS",
            whose,
            count,
            setting,
        )


def remove(connection: Connection) -> None:
    """It is closed. Safe to call for one that was not added, or was removed."""
    if connection in opened:
        opened.remove(connection)
        if connection.network:
            _by_network[connection.network] -= 1
            if not _by_network[connection.network]:
                del _by_network[connection.network]


def most() -> int:
    """Connections that this process may have: the setting, or what the limit of open files leaves."""
    return min(conf.CONNECTIONS, max(RESERVED_FILES, _files() - RESERVED_FILES))


def _files() -> int:
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def raise_limit_of_files() -> None:
    """As many open files as the connections need, as far as the system allows: its own default is often 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(conf.CONNECTIONS + RESERVED_FILES, hard) if hard != resource.RLIM_INFINITY else soft
    if wanted > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def keep_little(transport: asyncio.Transport) -> None:
    """Have the kernel keep little of what a client does not take; on its own it keeps megabytes for each."""
    made_by = transport.get_extra_info("socket")
    if made_by is not None and made_by.family != socket.AF_UNIX and hasattr(socket, "TCP_NOTSENT_LOWAT"):
        made_by.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_BYTES)


def untaken(transport: asyncio.Transport) -> int:
    """Bytes of an answer that its client has not received; 0 also where all that is left is the kernel's to send."""
    waiting = transport.get_write_buffer_size()
    made_by = transport.get_extra_info("socket")
    if not waiting or made_by is None:
        return waiting
    with suppress(OSError):  # the kernel's part is in larger steps than a slow client takes
        return waiting + int.from_bytes(
            fcntl.ioctl(made_by.fileno(), termios.TIOCOUTQ, bytes(4)), sys.byteorder
        )
    return waiting


def _make_room(network: str) -> bool:
    """Close the connections that have waited longest for a request: it costs their clients a new one at most."""
    if network in _full:
        return False
    waiting = [each for each in opened if each.waiting_since < math.inf and network in ("", each.network)]
    oldest = heapq.nsmallest(len(waiting) // ROOM_PART + 1, waiting, key=lambda each: each.waiting_since)
    for each in oldest:
        remove(each)  # now, not when its transport has closed
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
            logger.exception("a connection of %s could not be looked after", each.network)
    _drop_unsent()
    if opened:
        _look_on()


def _drop_unsent() -> None:
    """Close connections while all answers that wait for their clients are larger than UNSENT_BYTES.

    Those of the address with most of it go first, of these the oldest: clients that take large answers slowly, or
    never, are many connections of few addresses, and a client that takes its answer is soon rid of it.
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
    """The pace of a client that reads: at least ENDPOINTS_MIN_RATE on average over ENDPOINTS_STALL_SECONDS."""

    __slots__ = ("_left", "_until")

    def __init__(self) -> None:
        self._left, self._until = 0, math.inf

    def moved(self) -> None:
        """Start a new period: the client took so much that more could be written."""
        self._until = math.inf

    def is_stuck(self, transport: asyncio.Transport, now: float) -> bool:
        """Asked while nothing is written."""
        left = untaken(transport)
        if not left or self._until == math.inf:
            self._left, self._until = left, now + conf.STALL_SECONDS if left else math.inf
        elif now >= self._until:
            if self._left - left < conf.MIN_RATE * conf.STALL_SECONDS:
                return True
            self._left, self._until = left, now + conf.STALL_SECONDS
        return False
