"""The times at which a recurring task is due. They depend only on the clock, so all schedulers agree on them.

Intervals count from midnight UTC of 1 January 1970: "every hour" means at every full hour. Crontabs are in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from celery.schedules import crontab

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAYS = 41 * 366
"""Days in which a crontab must occur: 29 February falls on the same weekday again after at most 40 years."""
FIELDS = ("minute", "hour", "day_of_week", "day_of_month", "month_of_year")


def latest(every: timedelta | crontab, now: datetime) -> datetime:
    """The last slot at or before `now`."""
    if isinstance(every, timedelta):
        return now - (now - EPOCH) % every
    return next(moment for moment in _moments(every, now, -1) if moment <= now)


def following(every: timedelta | crontab, now: datetime) -> datetime:
    """The first slot after `now`."""
    if isinstance(every, timedelta):
        return latest(every, now) + every
    return next(moment for moment in _moments(every, now, 1) if moment > now)


def occurs(every: crontab) -> bool:
    """Return whether a crontab ever occurs."""
    return next(_moments(every, EPOCH, 1), None) is not None


def canonical(every: crontab) -> crontab:
    """The same crontab, with field texts that django-celery-beat can store and read."""
    fields = {name: _text(getattr(every, f"_orig_{name}"), numbers(every, name)) for name in FIELDS}
    return crontab(**fields)


def numbers(every: crontab, field: str) -> set[int]:
    """The numbers in one of FIELDS."""
    found: set[int] = getattr(every, field)
    return found


def _text(original: object, values: set[int]) -> str:
    return original if isinstance(original, str) else ",".join(map(str, sorted(values)))


def _moments(every: crontab, start: datetime, step: int) -> Iterator[datetime]:
    """A crontab's slots, forwards or backwards, starting with the whole day of `start`."""
    hours, minutes = (sorted(numbers(every, field), reverse=step < 0) for field in ("hour", "minute"))
    midnight = start.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for _ in range(DAYS):
        if _is_day(every, midnight):
            for hour in hours:
                for minute in minutes:
                    yield midnight.replace(hour=hour, minute=minute)
        midnight += step * timedelta(days=1)


def _is_day(every: crontab, day: datetime) -> bool:
    parts = {"month_of_year": day.month, "day_of_month": day.day, "day_of_week": day.isoweekday() % 7}
    return all(number in numbers(every, field) for field, number in parts.items())
