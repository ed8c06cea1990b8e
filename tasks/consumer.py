"""The worker's broker consumer, which survives outages of the broker. Set as CELERY_WORKER_CONSUMER."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from celery.worker import consumer, state

logger = logging.getLogger("podium.tasks")

RECONNECT_SECONDS = 2
"""Pause between attempts to connect; Celery's own pauses grow to 30 s."""


class Consumer(consumer.Consumer):
    """Celery's consumer."""

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """Drop the lost connection and its messages.

        Those messages can no longer be acknowledged or returned. If that is tried, kombu raises an error that would end
        the worker. The broker delivers the messages again, or the sweep sends them again.
        """
        for request in {*state.reserved_requests, *state.active_requests}:
            request.acknowledged = True
        try:
            super().on_connection_error_after_connected(exc)
        except Exception as error:  # noqa: BLE001  whatever the error, the connection is gone
            logger.warning(
                "messages could not be returned to the broker: %s: %s", type(error).__name__, error
            )

    def ensure_connected(self, conn: Any) -> Any:
        """Connect, however long the broker is unavailable."""
        conn.ensure_connection = partial(
            conn.ensure_connection, interval_start=RECONNECT_SECONDS, interval_step=0
        )
        return super().ensure_connected(conn)
