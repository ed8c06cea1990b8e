"""Delete expired data, for `manage.py cleanup`. With the app tasks, tasks.py does it every day."""

from __future__ import annotations

from accounts.audit import audit
from accounts.sessions import browser, sessions
from accounts.sign_in import challenges


def run() -> None:
    """Delete expired tokens, browser sessions, codes and old security events."""
    sessions.delete_expired()
    browser.delete_expired()
    challenges.delete_expired()
    audit.delete_old()
