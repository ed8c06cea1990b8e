"""Identities that were looked up a moment ago, by the digest of their credential. Each process has its own."""

from __future__ import annotations

import time
from collections import OrderedDict
from datetime import datetime
from threading import Lock

from accounts.conf import conf
from podium.core import clock
from podium.endpoints.calls import Identity
from realtime import revocation
from realtime.revocation import Revoked


class Cache:
    """A bounded cache of identities by digest, for a short time. Revocations remove entries."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, tuple[float, Identity]] = OrderedDict()
        self._lock = Lock()  # the event loop, the threads of calls and those of pages share it
        self.revocations = 0

    def get(self, digest: bytes) -> Identity | None:
        good_until, identity = self._known.get(digest, (0.0, None))
        return identity if good_until > time.monotonic() else None

    def put(self, digest: bytes, identity: Identity, expires_at: datetime | None, *, read_at: int) -> None:
        """Store an identity unless revoked after `read_at`: `revocations` before its row was read."""
        seconds = conf.SESSION_CACHE_SECONDS
        if expires_at is not None:
            seconds = min(seconds, (expires_at - clock.now()).total_seconds())
        with self._lock:
            if read_at != self.revocations:
                return
            self._known[digest] = (time.monotonic() + seconds, identity)
            self._known.move_to_end(digest)
            while len(self._known) > conf.SESSION_CACHE_SIZE:
                self._known.popitem(last=False)

    def forget(self, revoked: Revoked | None) -> None:
        """Forget a user's tokens or one of them; all tokens if a revocation may have been missed."""
        with self._lock:
            self.revocations += 1
            for digest, (_, identity) in list(self._known.items()):
                if revoked is None or revoked.covers(identity.user_id, identity.token_id):
                    del self._known[digest]


cache = Cache()
revocation.listen(cache.forget)
