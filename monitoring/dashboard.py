"""The front page of the admin: what an operator wants to see first. Reads only, each figure one query."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Avg, Count, Max, Q
from django.db.models.functions import TruncMinute
from django.http import HttpRequest

from core import clock
from monitoring import health
from monitoring.models import BROKEN, CallLog
from tasks.models import ScheduledCall, State

HOUR = timedelta(hours=1)
BARS = 60


def callback(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """unfold's DASHBOARD_CALLBACK: adds what templates/admin/index.html shows, for those who may see the call log."""
    if not request.user.has_perm("monitoring.view_calllog"):
        return context
    since = clock.now() - HOUR
    calls = CallLog.objects.filter(time__gte=since)
    context.update(
        operations=True,
        figures=_figures(calls),
        bars=_bars(calls),
        slowest=_slowest(calls),
        errors=CallLog.objects.filter(BROKEN).order_by("-id")[:8],
        checks=health.run_checks(),
    )
    return context


def _figures(calls: Any) -> list[dict[str, Any]]:
    ended = calls.exclude(kind=CallLog.Kind.STREAM)
    total = ended.aggregate(count=Count("id"), failed=Count("id", filter=BROKEN))
    tasks = ScheduledCall.objects.aggregate(
        waiting=Count("id", filter=Q(state__in=[State.PENDING, State.RUNNING])),
        failed=Count("id", filter=Q(state=State.FAILED)),
    )
    rate = 100 * total["failed"] / total["count"] if total["count"] else 0
    return [
        {"title": "Calls, last hour", "value": f"{total['count']:,}"},
        {"title": "Broken", "value": f"{rate:.1f} %", "bad": total["failed"] > 0},
        {"title": "Median time", "value": _milliseconds(ended, 0.5)},
        {"title": "95th percentile", "value": _milliseconds(ended, 0.95)},
        {"title": "Tasks waiting", "value": f"{tasks['waiting']:,}"},
        {"title": "Tasks failed", "value": f"{tasks['failed']:,}", "bad": tasks["failed"] > 0},
    ]


def _milliseconds(calls: Any, part: float) -> str:
    """A percentile, from the sorted durations: one row is read."""
    count = calls.count()
    if not count:
        return "-"
    seconds = calls.order_by("seconds").values_list("seconds", flat=True)[int((count - 1) * part)]
    return f"{seconds * 1000:.1f} ms"


def _bars(calls: Any) -> list[dict[str, Any]]:
    """Calls per minute, oldest first, with the height in percent of the busiest minute."""
    rows = (
        calls.annotate(minute=TruncMinute("time"))
        .values("minute")
        .order_by("minute")
        .annotate(count=Count("id"))
    )
    counts = {row["minute"]: row["count"] for row in rows}
    now = clock.now().replace(second=0, microsecond=0)
    minutes = [now - timedelta(minutes=ago) for ago in reversed(range(BARS))]
    highest = max(counts.values(), default=0) or 1
    return [
        {"minute": minute, "count": counts.get(minute, 0), "height": 100 * counts.get(minute, 0) / highest}
        for minute in minutes
    ]


def _slowest(calls: Any) -> list[dict[str, Any]]:
    named = calls.exclude(kind=CallLog.Kind.STREAM).values("name", "kind")
    rows = named.annotate(
        count=Count("id"),
        average=Avg("seconds"),
        longest=Max("seconds"),
        queries=Avg("query_count"),
        failed=Count("id", filter=BROKEN),
    )
    return [
        {**row, "average": row["average"] * 1000, "longest": row["longest"] * 1000}
        for row in rows.order_by("-average")[:8]
    ]
