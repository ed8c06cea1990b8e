"""What an import did, entry by entry: said at once, counted, and never more of it in memory than the caller keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from enum import StrEnum


class Outcome(StrEnum):
    """What became of an entry."""

    CREATED = "created"
    UPDATED = "updated"  # was here from an earlier run
    UNCHANGED = "unchanged"
    MERGED = "merged"  # with someone who has the address here already
    SKIPPED = "skipped"  # what is here is newer
    REFUSED = "refused"  # could not be taken over


NOTE = "note"
"""Something about an entry that was taken over otherwise."""


class Report:
    """`say(kind, place, text)` is called for what someone should read: refused and skipped entries, and notes."""

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
