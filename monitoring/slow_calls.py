"""Slow calls: the limit, their part of the call log, and the slowest methods.

A stream is never slow: it lasts as long as its client listens.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F, Max, QuerySet, Sum

from monitoring.conf import conf
from monitoring.models import BROKEN, CallLog
from podium.core.observe import Span

SHOWN = 8
"""Methods in the list of the slowest."""


def is_slow(span: Span) -> bool:
    """Test whether a call or a task took longer than MONITORING_SLOW_SECONDS."""
    return span.kind != CallLog.Kind.STREAM and span.seconds > conf.SLOW_SECONDS


def of(calls: QuerySet[CallLog]) -> QuerySet[CallLog]:
    """The slow ones of some records of the call log: the same rule in SQL."""
    return calls.filter(seconds__gt=conf.SLOW_SECONDS).exclude(kind=CallLog.Kind.STREAM)


def slowest_methods(calls: Any) -> list[dict[str, Any]]:
    """The methods with the longest average, each with its figures; durations in milliseconds. One query."""
    named = calls.exclude(kind=CallLog.Kind.STREAM).values("name", "kind")
    rows = named.annotate(
        calls=Sum("count"),
        average=1.0 * Sum(F("seconds") * F("count")) / Sum("count"),
        longest=Max("seconds"),
        queries=1.0 * Sum(F("query_count") * F("count")) / Sum("count"),
        failed=Sum("count", filter=BROKEN, default=0),
    )
    return [
        {**row, "average": row["average"] * 1000, "longest": row["longest"] * 1000}
        for row in rows.order_by("-average")[:SHOWN]
    ]
