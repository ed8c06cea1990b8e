"""What accounts need done regularly."""

from __future__ import annotations

from datetime import timedelta

from accounts import tokens
from tasks.scheduling import task


@task(every=timedelta(days=1))
def delete_expired_tokens() -> None:
    """Delete tokens that no longer work by their age."""
    tokens.delete_expired()
