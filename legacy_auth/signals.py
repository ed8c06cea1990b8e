"""Signals for apps whose tables refer to users by number in columns that are not foreign keys."""

from __future__ import annotations

from django.dispatch import Signal

number_going = Signal()
"""A user is deleted: `number`. Delete or anonymize the rows that refer to it."""

numbers_merged = Signal()
"""Two users become one: `keep`, `gone`. Rows that refer to `gone` by a foreign key move by themselves; move the
others."""
