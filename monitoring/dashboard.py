"""The front page of the admin: the figures that operators need first. Reads only, with one query for each figure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db.models import Count, Q, Sum, Window
from django.db.models.functions import TruncMinute
from django.http import HttpRequest

from monitoring import slow_calls
from monitoring.models import BROKEN, CallLog
from podium.core import clock, health

if apps.is_installed("tasks"):
    from tasks.models import Job, State

HOUR = timedelta(hours=1)
BARS = 60


def callback(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the context of templates/admin/index.html for users who may see the call log: unfold's DASHBOARD_CALLBACK."""
    if not request.user.has_perm("monitoring.view_calllog"):
        return context
    since = clock.now() - HOUR
    calls = CallLog.objects.filter(time__gte=since)
    context.update(
        operations=True,
        figures=_figures(calls),
        bars=_bars(calls),
        slowest=slow_calls.slowest_methods(calls),
        errors=CallLog.objects.filter(BROKEN).order_by("-id")[:8],
        checks=health.run_checks(),
    )
    return context


def _figures(calls: Any) -> list[dict[str, Any]]:
    ended = calls.exclude(kind=CallLog.Kind.STREAM)
    total = ended.aggregate(calls=Sum("count", default=0), failed=Sum("count", filter=BROKEN, default=0))
    rate = 100 * total["failed"] / total["calls"] if total["calls"] else 0
    return [
        {"title": "Calls, last hour", "value": f"{total['calls']:,}"},
        {"title": "Broken", "value": f"{rate:.1f} %", "bad": total["failed"] > 0},
        {"title": "Median time", "value": _milliseconds(ended, 0.5)},
        {"title": "95th percentile", "value": _milliseconds(ended, 0.95)},
        *(_tasks() if apps.is_installed("tasks") else []),
    ]


def _tasks() -> list[dict[str, Any]]:
    tasks = Job.objects.aggregate(
        waiting=Count("id", filter=Q(state__in=[State.PENDING, State.RUNNING])),
        failed=Count("id", filter=Q(state=State.FAILED)),
    )
    return [
        {"title": "Tasks waiting", "value": f"{tasks['waiting']:,}"},
        {"title": "Tasks failed", "value": f"{tasks['failed']:,}", "bad": tasks["failed"] > 0},
    ]


def _milliseconds(calls: Any, part: float) -> str:
    """A percentile of the durations, from the sorted list."""
    count = calls.aggregate(calls=Sum("count", default=0))["calls"]
    running = calls.annotate(running=Window(Sum("count"), order_by=["seconds", "id"]))
    found = running.filter(running__gt=int((count - 1) * part)).order_by("seconds", "id").first()
    return f"{found.seconds * 1000:.1f} ms" if found is not None else "-"


def _bars(calls: Any) -> list[dict[str, Any]]:
    """Calls per minute, oldest first, with the height in percent of the busiest minute."""
    rows = (
        calls.annotate(minute=TruncMinute("time"))
        .values("minute")
        .order_by("minute")
        .annotate(calls=Sum("count"))
    )
    counts = {row["minute"]: row["calls"] for row in rows}
    now = clock.now().replace(second=0, microsecond=0)
    minutes = [now - timedelta(minutes=ago) for ago in reversed(range(BARS))]
    highest = max(counts.values(), default=0) or 1
    return [
        {"minute": minute, "count": counts.get(minute, 0), "height": 100 * counts.get(minute, 0) / highest}
        for minute in minutes
    ]
