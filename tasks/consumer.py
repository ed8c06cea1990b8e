"""The part of a worker that reads from the broker, able to outlive a broker that goes away. CELERY_WORKER_CONSUMER."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from celery.worker import consumer, state

logger = logging.getLogger("podium.tasks")

RECONNECT_SECONDS = 2
"""Between attempts; Celery's own pauses grow to 30 s."""


class Consumer(consumer.Consumer):
    """Celery's consumer."""

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """Drop the lost connection and what belongs to it.

        Messages taken from it can neither be acknowledged nor given back any more. What kombu raises where that is
        tried would end the worker. The broker delivers them again, or the sweep sends them again.
        """
        for request in {*state.reserved_requests, *state.active_requests}:
            request.acknowledged = True
        try:
            super().on_connection_error_after_connected(exc)
        except Exception as error:  # noqa: BLE001  whatever it is, the connection is gone
            logger.warning(
                "messages could not be given back to the broker: %s: %s", type(error).__name__, error
            )

    def ensure_connected(self, conn: Any) -> Any:
        """Connect, however long the broker is away."""
        conn.ensure_connection = partial(
            conn.ensure_connection, interval_start=RECONNECT_SECONDS, interval_step=0
        )
        return super().ensure_connected(conn)
