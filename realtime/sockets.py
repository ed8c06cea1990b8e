"""The open sockets of this process: limits per address and user, and one task that maintains all of them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from typing import Protocol
from weakref import WeakKeyDictionary

from realtime.conf import conf

logger = logging.getLogger("podium.streams")


class Socket(Protocol):
    """The part of a socket used here. network: the key for counting its address. users: all users of its streams."""

    address: str
    network: str
    users: set[str]
    loop: asyncio.AbstractEventLoop

    def look_after(self, now: float) -> None: ...


opened: set[Socket] = set()
_by_network: Counter[str] = Counter()
_by_user: Counter[str] = Counter()
_caretakers: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Task[None]] = WeakKeyDictionary()


def add(socket: Socket) -> bool:
    """Count a new socket, on its event loop. Return False if its address has the maximum."""
    if _by_network[socket.network] >= conf.SOCKETS_PER_ADDRESS:
        return False
    _by_network[socket.network] += 1
    opened.add(socket)
    caretaker = _caretakers.get(socket.loop)
    if caretaker is None or caretaker.done():
        _caretakers[socket.loop] = socket.loop.create_task(_look_after_all(socket.loop), name="sockets")
    return True


def add_user(socket: Socket, user_id: str) -> bool:
    """Record that a user has streams on it. Return False if the user has the maximum of sockets, or it is closed."""
    if user_id in socket.users:
        return True
    if socket not in opened or _by_user[user_id] >= conf.SOCKETS_PER_USER:
        return False
    _by_user[user_id] += 1
    socket.users.add(user_id)
    return True


def remove(socket: Socket) -> None:
    """Remove a closed socket. Safe to call for one that was not added."""
    if socket in opened:
        opened.remove(socket)
        _one_less(_by_network, socket.network)
        for user_id in socket.users:
            _one_less(_by_user, user_id)


def _one_less(counts: Counter[str], key: str) -> None:
    counts[key] -= 1
    if not counts[key]:
        del counts[key]


async def _look_after_all(loop: asyncio.AbstractEventLoop) -> None:
    """Maintain all sockets of a loop in one task: a timer for each would be a large part of an idle socket's memory."""
    while mine := [each for each in opened if each.loop is loop]:
        now = time.monotonic()
        for socket in mine:
            try:
                socket.look_after(now)
            except Exception:
                logger.exception("checking the socket of %s failed", socket.address)
        del mine, socket
        await asyncio.sleep(min(1.0, conf.PING_SECONDS / 4))
