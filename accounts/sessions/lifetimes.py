"""Lifetimes of sign-ins, their tokens, and browser sessions. The settings are in accounts/conf.py.

All rules for the end of a session by time are here, and have its row or its user: one for guests or staff is a change
of this module. Sign-outs and revocations are in sessions.py.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.conf import conf
from accounts.models import Session, Strategy, User


def ends_at(row: Session) -> datetime | None:
    """The time at which a sign-in ends, from its start or its latest refresh; None: it has no such limit.

    row  need not be saved; `last_used_at` is the time of that start or refresh
    """
    start = row.last_used_at
    if row.operator_id is not None:
        return start + timedelta(minutes=conf.IMPERSONATION_MINUTES)
    if row.strategy == Strategy.JWT:
        return _refreshable_until(row)
    return start + timedelta(days=conf.SESSION_DAYS) if conf.SESSION_DAYS else None


def _refreshable_until(row: Session) -> datetime:
    unused = row.last_used_at + refresh_idle()
    if not conf.REFRESH_TOKEN_MAX_DAYS:
        return unused
    return min(unused, row.created_at + timedelta(days=conf.REFRESH_TOKEN_MAX_DAYS))


def is_over(row: Session, now: datetime) -> bool:
    """Test whether a sign-in has reached its end, or was not used for too long."""
    if row.expires_at is not None and row.expires_at <= now:
        return True
    idle = session_idle() if row.strategy == Strategy.SESSION else None
    return idle is not None and row.last_used_at + idle <= now


def session_idle() -> timedelta | None:
    """The longest time without use of a sign-in with a key; None: it has no such limit."""
    return timedelta(days=conf.SESSION_IDLE_DAYS) if conf.SESSION_IDLE_DAYS else None


def refresh_idle() -> timedelta:
    """The longest time without use of a sign-in with refresh tokens."""
    return timedelta(days=conf.REFRESH_TOKEN_DAYS)


def access_token() -> timedelta:
    """The lifetime of an access token."""
    return timedelta(minutes=conf.ACCESS_TOKEN_MINUTES)


def browser(user: User) -> tuple[timedelta, timedelta]:
    """The longest time without use of a browser session, and its maximum age."""
    if user.is_staff:
        return timedelta(minutes=conf.STAFF_IDLE_MINUTES), timedelta(hours=conf.STAFF_HOURS)
    return timedelta(days=conf.BROWSER_IDLE_DAYS), timedelta(days=conf.BROWSER_DAYS)
