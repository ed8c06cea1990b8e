"""Django's cache: threads and contexts share their connections to Redis."""

from __future__ import annotations

import contextvars
import threading
from typing import Any

import pytest
import redis
from django.core.cache import cache, caches


def test_contexts_and_threads_share_a_connection_to_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[Any] = []
    connect = redis.Connection.connect

    def recorded(connection: Any) -> None:
        if not connection.is_connected:
            connected.append(connection)
        connect(connection)

    cache.get("of-the-first-connection")
    monkeypatch.setattr(redis.connection.AbstractConnection, "connect", recorded)
    used: list[object] = []

    def use() -> None:
        cache.get("of-a-context-of-its-own")
        used.append(caches["default"])

    for _ in range(3):
        contextvars.Context().run(use)
        thread = threading.Thread(target=use)
        thread.start()
        thread.join()
    assert len(set(map(id, used))) == 6
    assert connected == []
