"""Jobs and their state. Written by scheduling.py, sending.py, queue.py, attempts.py and recurring.py."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import Q

from podium.core import clock, ids, left_out

left_out.require_installed("tasks")


class State(models.TextChoices):
    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Reason(models.TextChoices):
    """The reason why the last attempt failed."""

    NONE = "", "-"
    ERROR = "error", "error"
    TIMEOUT = "timeout", "timed out"
    DIED = "died", "worker died"
    UNREADABLE = "unreadable", "unreadable"


class Job(models.Model):
    """One job of a task, from the moment it is scheduled until it is deleted after TASKS_KEEP_DAYS.

    arguments    by Python name, as the wire has them
    identifier   the key for cancel(); several jobs may share one
    user_id      the user who was signed in when it was scheduled; empty if nobody was
    slot         of a recurring task: the time at which it was due; at most one job per slot
    attempts     number of starts; deaths: number of times its worker died, which does not count as a failed attempt
    send_at      when a message for it is to be sent (again), while it is pending
    message_id   of the Celery message whose worker runs the job
    lease_until  while it runs: the time until which its worker is assumed to be alive
    is_suspect   the lease has expired; the worker has until the new `lease_until` to renew it
    last_error   of the last attempt, with traceback; empty after a success
    """

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)
    task = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict, blank=True)
    identifier = models.CharField(max_length=200, default="", blank=True)
    user_id = models.CharField(max_length=64, default="", blank=True)
    recurring = models.BooleanField(default=False)
    slot = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    run_at = models.DateTimeField(default=clock.now, db_index=True)
    attempts = models.PositiveIntegerField(default=0)
    max_attempts = models.PositiveIntegerField(default=1)
    deaths = models.PositiveIntegerField(default=0)
    send_at = models.DateTimeField(default=clock.now)
    sends = models.PositiveIntegerField(default=0)
    message_id = models.CharField(max_length=100, default="", blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    is_suspect = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=10, choices=Reason.choices, default=Reason.NONE, blank=True)
    last_error = models.TextField(default="", blank=True)

    class Meta:
        db_table = "tasks_scheduledcall"  # the name from before; servers of two versions run during a deploy
        constraints = [models.UniqueConstraint(fields=["task", "slot"], name="tasks_call_one_per_slot")]
        indexes = [
            models.Index(fields=["send_at"], name="tasks_call_to_send", condition=Q(state="pending")),
            models.Index(fields=["lease_until"], name="tasks_call_running", condition=Q(state="running")),
            models.Index(
                fields=["identifier"],
                name="tasks_call_identifier",
                condition=Q(state="pending") & ~Q(identifier=""),
            ),
            models.Index(
                fields=["finished_at"], name="tasks_call_finished", condition=Q(finished_at__isnull=False)
            ),
            models.Index(fields=["state", "run_at"], name="tasks_call_state"),
        ]

    def __str__(self) -> str:
        return f"{self.task} at {self.run_at:%Y-%m-%d %H:%M:%S}"

    @property
    def duration(self) -> timedelta | None:
        """The duration of the last attempt; None before it ended."""
        if self.started_at is None or self.finished_at is None:
            return None
        return self.finished_at - self.started_at
