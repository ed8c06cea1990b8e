"""The call log: records of calls, streams and tasks, with their queries and lines."""

from __future__ import annotations

import logging

from django.db import models

from podium.core import left_out

left_out.require_installed("monitoring")

BROKEN = models.Q(status__gte=500) | (
    models.Q(status=0) & ~models.Q(error="") & ~models.Q(error__startswith="CancelledError")
)
"""Failures of the server, without refusals (4xx) and streams whose client disconnected."""


class CallLog(models.Model):
    """One ended call, stream or task."""

    class Kind(models.TextChoices):
        CALL = "call"
        STREAM = "stream"
        TASK = "task"

    time = models.DateTimeField(db_index=True, help_text="When it began.")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=200, help_text="As clients call it, e.g. notes.listNotes.")
    user_id = models.CharField("user", max_length=64, blank=True, help_text="The user's key.")
    status = models.PositiveSmallIntegerField(default=0, help_text="Of HTTP; 0 for streams and tasks.")
    seconds = models.FloatField("duration")
    error = models.TextField(blank=True)
    query_count = models.PositiveIntegerField("queries", default=0)
    query_seconds = models.FloatField("time in queries", default=0)
    server = models.CharField(max_length=100, blank=True, help_text="Host and process.")
    count = models.PositiveIntegerField(
        "calls",
        default=1,
        help_text="How many calls it represents: under load, one record counts many quick calls.",
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = "call"
        indexes = [
            models.Index(fields=["name", "-time"], name="call_name_time"),
            # Calls without a user are never searched by user, and indexing them would double the cost of a record.
            models.Index(fields=["user_id", "-time"], name="call_user_time", condition=~models.Q(user_id="")),
            models.Index(fields=["-time"], name="call_failed", condition=~models.Q(error="")),
        ]

    def __str__(self) -> str:
        return f"{self.name} at {self.time:%Y-%m-%d %H:%M:%S}"

    @property
    def error_line(self) -> str:
        """The error without its traceback."""
        lines = self.error.strip().splitlines()
        return lines[-1] if lines else ""


class QueryLog(models.Model):
    """One statement of a call: its text with placeholders, never its values."""

    call = models.ForeignKey(CallLog, on_delete=models.CASCADE, related_name="queries")
    order = models.PositiveIntegerField()
    sql = models.TextField("statement")
    seconds = models.FloatField("duration")
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["order"]
        verbose_name = "query"
        verbose_name_plural = "queries"

    def __str__(self) -> str:
        return self.sql[:80]


class LogEntry(models.Model):
    """One line that a method logged."""

    class Level(models.IntegerChoices):
        DEBUG = logging.DEBUG
        INFO = logging.INFO
        WARNING = logging.WARNING
        ERROR = logging.ERROR
        CRITICAL = logging.CRITICAL

    call = models.ForeignKey(CallLog, on_delete=models.CASCADE, related_name="lines")
    order = models.PositiveIntegerField()
    time = models.DateTimeField()
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    message = models.TextField()

    class Meta:
        ordering = ["order"]
        verbose_name = "line"

    def __str__(self) -> str:
        return self.message[:80]


class Heartbeat(models.Model):
    """The last heartbeat of a worker or scheduler process. Times are the database's, so clocks need not agree."""

    class Kind(models.TextChoices):
        WORKER = "worker"
        SCHEDULER = "scheduler"

    name = models.CharField(
        max_length=200, primary_key=True, help_text="The worker's name, or host and process."
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
