"""Signals that other apps react to."""

from __future__ import annotations

from django.dispatch import Signal

impersonation_refused = Signal()
"""An operator who acts as a user was refused: `call` (its identity names both), `method` ("notes.createNote").
Sent on a thread; what a receiver raises is logged, and the refusal stands."""
