"""Heartbeats of workers and schedulers. Their loops record that they run, and a thread writes that to the database.

A process whose loop hangs, or that has lost the broker, records nothing, so nothing is written.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from typing import Any

from celery.signals import after_task_publish, beat_init, heartbeat_sent, worker_ready, worker_shutdown
from django.db import Error

from monitoring.conf import conf
from monitoring.models import Heartbeat
from podium.core import health
from podium.database import direct
from tasks.conf import conf as tasks

logger = logging.getLogger("podium.monitoring")

TABLE = Heartbeat._meta.db_table
WRITE = (
    f"INSERT INTO {TABLE} (name, kind, seen_at) VALUES (%s, %s, now()) "
    "ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, seen_at = excluded.seen_at"
)
DELETE = f"DELETE FROM {TABLE} WHERE name = %s OR seen_at < now() - interval '1 hour'"


class Writer:
    """Writes this process's heartbeat every MONITORING_HEARTBEAT_SECONDS while its loop runs.

    window  maximum seconds between two turns of the loop
    """

    def __init__(self, kind: Heartbeat.Kind, name: str, window: float) -> None:
        self._kind = kind
        self._name = name[:200]
        self._window = window
        self._turned = time.monotonic()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
        self._thread.start()

    def turned(self) -> None:
        """Record that the loop runs. Only sets a value in memory."""
        self._turned = time.monotonic()

    def stop(self) -> None:
        """Delete the heartbeat, because the process is shutting down normally."""
        self._ended.set()
        self._thread.join(health.conf.CHECK_SECONDS)
        self._execute(DELETE, [self._name])

    def _run(self) -> None:
        self._execute(DELETE, [self._name])
        while True:
            if time.monotonic() - self._turned <= self._window:
                self._execute(WRITE, [self._name, self._kind.value])
            if self._ended.wait(conf.HEARTBEAT_SECONDS):
                return

    def _execute(self, statement: str, values: list[str]) -> None:
        try:
            with direct.cursor() as cursor:
                cursor.execute(statement, values)
        except Error as error:
            logger.warning("the heartbeat of %s could not be written: %s", self._name, error)


_writer: Writer | None = None


def _start(kind: Heartbeat.Kind, name: str, window: float) -> None:
    global _writer
    _writer = Writer(kind, name, window)


@worker_ready.connect
def _worker_started(sender: Any, **kwargs: Any) -> None:
    _start(Heartbeat.Kind.WORKER, str(sender.hostname), 2 * conf.HEARTBEAT_SECONDS)


@heartbeat_sent.connect
def _worker_turned(**kwargs: Any) -> None:
    """Sent by the loop of a worker every two seconds while it is connected to the broker."""
    if _writer is not None:
        _writer.turned()


@worker_shutdown.connect
def _worker_stopped(**kwargs: Any) -> None:
    if _writer is not None:
        _writer.stop()


@beat_init.connect
def _scheduler_started(**kwargs: Any) -> None:
    name = f"{socket.gethostname()}:{os.getpid()}"
    _start(Heartbeat.Kind.SCHEDULER, name, max(2 * conf.HEARTBEAT_SECONDS, 3 * tasks.SWEEP_SECONDS))
    after_task_publish.connect(_scheduler_turned)


def _scheduler_turned(**kwargs: Any) -> None:
    """Sent when the broker has taken a message; the sweep's comes every TASKS_SWEEP_SECONDS."""
    if _writer is not None:
        _writer.turned()
