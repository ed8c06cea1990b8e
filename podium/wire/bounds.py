"""Limits on a received value, besides its length: on its cost, and by whom it was sent. No wire format, no errors here.

Python's hashes of numbers, UUIDs and tuples are the same in every process, so a sender can construct values with equal
hashes. Building a set of n such values takes time proportional to n squared. This is not possible with texts, bytes and
times.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Hashable, Sequence

SAME_HASH = 32
"""Maximum of different values with the same hash. With ordinary values, two are rare already."""
NEW_NAMES = 200
"""Maximum of unknown type names in one value: each costs as much as hundreds of characters."""
SPARSE_ENTRIES = 1_000_000
"""Maximum of entries in all SparseVectors that one value has as text: short texts must not use much memory."""


class _Spent(threading.local):
    names = 0
    entries = 0
    trusted = False


_spent = _Spent()


def begin(*, trusted: bool = False) -> None:
    """Reset the counts. Called before the decoding of each value.

    trusted   this server wrote the value, perhaps when its fields had other rules
    """
    _spent.names = _spent.entries = 0
    _spent.trusted = trusted


def end() -> None:
    """Trust nobody. Called after the decoding of each value: a hand-written class may decode one inside another."""
    _spent.trusted = False


def trusts_sender() -> bool:
    """Return whether the rules of fields need no check."""
    return _spent.trusted


def may_read_name() -> bool:
    """Count an unknown type name; False if there are too many."""
    _spent.names += 1
    return _spent.names <= NEW_NAMES


def may_claim(entries: int) -> bool:
    """Count entries of a sparse vector; False if there are too many."""
    _spent.entries += entries
    return _spent.entries <= SPARSE_ENTRIES


def hashes_collide(values: Sequence[Hashable]) -> bool:
    """Return whether more than SAME_HASH different values share a hash. Takes time linear in their number."""
    if len(values) <= SAME_HASH:
        return False
    counts = Counter(map(hash, values))
    if max(counts.values()) <= SAME_HASH:
        return False
    different: dict[int, list[Hashable]] = {}
    for value in values:
        if counts[key := hash(value)] > SAME_HASH:
            group = different.setdefault(key, [])
            if value not in group:
                group.append(value)
            if len(group) > SAME_HASH:
                return True
    return False
