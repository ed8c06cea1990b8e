"""Limits of the call log: delete records that are too old or too many."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from monitoring.conf import conf
from monitoring.models import CallLog
from podium.core import clock

BATCH = 5_000


def delete_old() -> int:
    """Delete calls older than MONITORING_KEEP_DAYS and those beyond MONITORING_KEEP_CALLS. Return their number."""
    count = _delete(CallLog.objects.filter(time__lt=clock.now() - timedelta(days=conf.KEEP_DAYS)))
    beyond = CallLog.objects.order_by("-id").values_list("pk", flat=True)[
        conf.KEEP_CALLS : conf.KEEP_CALLS + 1
    ]
    for newest_to_go in beyond:
        count += _delete(CallLog.objects.filter(pk__lte=newest_to_go))
    return count


def _delete(calls: QuerySet[CallLog]) -> int:
    """Delete in batches, so that no statement locks many rows for long."""
    count = 0
    while batch := list(calls.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        CallLog.objects.filter(pk__in=batch).delete()
        count += len(batch)
    return count
