"""What accounts need done regularly."""

from __future__ import annotations

from datetime import timedelta

from accounts import audit, challenges, tokens
from tasks.scheduling import task


@task(every=timedelta(days=1))
def delete_expired_tokens() -> None:
    """Delete tokens that no longer work by their age."""
    tokens.delete_expired()


@task(every=timedelta(days=1))
def delete_expired_challenges() -> None:
    """Delete codes and the like that were not answered in time."""
    challenges.delete_expired()


@task(every=timedelta(days=1))
def delete_old_security_events() -> None:
    """Delete lines of the audit log that are older than ACCOUNTS_AUDIT_DAYS."""
    audit.delete_old()
