"""Regular and scheduled work of accounts."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from accounts.audit import audit
from accounts.data import erasure
from accounts.profile import provider_pictures
from accounts.sessions import browser, sessions
from accounts.sign_in import challenges
from tasks.scheduling import schedule, task

REVOKE_AGAIN = timedelta(minutes=10)


@task(every=timedelta(days=1))
def delete_expired_tokens() -> None:
    """Delete expired tokens."""
    sessions.delete_expired()


@task(every=timedelta(days=1))
def delete_expired_web_sessions() -> None:
    """Delete expired browser sessions."""
    browser.delete_expired()


@task(every=timedelta(days=1))
def delete_expired_challenges() -> None:
    """Delete codes and other challenges that were not answered in time."""
    challenges.delete_expired()


@task(every=timedelta(days=1))
def delete_old_security_events() -> None:
    """Delete lines of the audit log that are older than ACCOUNTS_AUDIT_DAYS."""
    audit.delete_old()


@task(retries=5)
def delete_account(user_id: uuid.UUID, requested_at: datetime, tries_left: int) -> None:
    """Delete a user who requested it. If a provider could not be notified, try again later."""
    if not erasure.carry_out(user_id, requested_at, last_try=tries_left <= 1):
        schedule(
            delete_account,
            after=REVOKE_AGAIN,
            identifier=erasure.identifier(user_id),
            user_id=user_id,
            requested_at=requested_at,
            tries_left=tries_left - 1,
        )


@task
def fetch_picture(user_id: uuid.UUID, url: str) -> None:
    """Fetch a new user's picture from the provider of the sign-in."""
    provider_pictures.fetch(user_id, url)
