"""Data that a provider publishes at an address, such as keys: fetched when needed, and used while it is down."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from accounts.conf import conf
from accounts.providers import web
from accounts.providers.refusal import Refused

T = TypeVar("T")

STALE_SECONDS = 24 * 3600.0
"""The age up to which fetched data is used while the provider can't be reached."""
RETRY_SECONDS = 5.0
"""Minimum time between two fetches while there is no data."""


class Published(Generic[T]):
    """Published data, shared by all threads of a process. One thread fetches; others wait only if there is no data yet.

    read  converts the JSON to the value; raises Refused
    """

    def __init__(self, url: str, read: Callable[[Any], T]) -> None:
        self.url = url
        self._read = read
        self._value: T | None = None
        self._fetched = self._tried = float("-inf")
        self._failure = ""
        self._lock = threading.Lock()

    def get(self, lacks: Callable[[T], bool] = lambda value: False) -> T:
        """Return the value, fetched again if it is old or lacks something. Raises Refused.

        However often something is missing, at most one request is sent in ACCOUNTS_KEY_RETRY_SECONDS.
        """
        value = self._value
        if value is not None and self._is_young() and not lacks(value):
            return value
        with self._lock:
            value = self._value
            if value is None or not self._is_young() or lacks(value):
                self._fetch_if_it_is_time()
            if self._value is None or time.monotonic() - self._fetched > STALE_SECONDS:
                raise Refused(self._failure)
            return self._value

    def _is_young(self) -> bool:
        return time.monotonic() - self._fetched <= conf.KEY_SECONDS

    def _fetch_if_it_is_time(self) -> None:
        pause = (
            conf.KEY_RETRY_SECONDS if self._value is not None else min(RETRY_SECONDS, conf.KEY_RETRY_SECONDS)
        )
        if time.monotonic() - self._tried < pause:
            return
        try:
            self._value = self._read(web.get(self.url))
            self._fetched = time.monotonic()
        except Refused as refused:
            self._failure = str(refused)
        self._tried = time.monotonic()
