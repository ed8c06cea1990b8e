"""The report of an import: each entry's outcome, printed at once and counted. Keeps no entries in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from enum import StrEnum


class Outcome(StrEnum):
    """The outcome of an entry."""

    CREATED = "created"
    UPDATED = "updated"  # imported by an earlier run
    UNCHANGED = "unchanged"
    MERGED = "merged"  # with a user here who has the address
    SKIPPED = "skipped"  # the data here is newer
    REFUSED = "refused"  # could not be imported


NOTE = "note"
"""A remark about an entry that was imported."""


class Report:
    """Counts outcomes. Calls `say(kind, place, text)` for refused entries, skipped entries and notes."""

    def __init__(self, say: Callable[[str, str, str], None]) -> None:
        self.say = say
        self.counts: Counter[str] = Counter()

    def add(self, outcome: Outcome, place: str, text: str = "") -> None:
        self.counts[outcome] += 1
        if text:
            self.say(outcome, place, text)

    def note(self, place: str, text: str) -> None:
        self.counts[NOTE] += 1
        self.say(NOTE, place, text)

    @property
    def entries(self) -> int:
        return sum(self.counts[outcome] for outcome in Outcome)

    def as_numbers(self) -> dict[str, int]:
        return {name: self.counts[name] for name in [*Outcome, NOTE]}
