"""Signals that other apps react to."""

from __future__ import annotations

from django.dispatch import Signal

impersonation_refused = Signal()
"""Sent when an operator acting as a user is refused: `call` (its identity names both), `method` ("notes.createNote").
It is sent on a thread. Exceptions of receivers are logged, and the call is still refused."""
