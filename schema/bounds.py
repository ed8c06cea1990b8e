"""Bounds on what a value from outside may cost beyond its length. No wire format here, no errors of it.

Python's hashes of numbers, UUIDs and tuples are the same in every process, so a sender can make values that all share
one: a set of n of them takes time that grows with n squared. Texts, bytes and times have no such values.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Hashable, Sequence

SAME_HASH = 32
"""Different values that may share a hash. Of values that nobody made for it, two hardly ever do."""
NEW_NAMES = 200
"""Names of types in one value that have to be read anew: each costs as much as hundreds of characters."""
SPARSE_ENTRIES = 1_000_000
"""Entries of all SparseVectors in one value that are read from texts: a short text must not claim much memory."""


class _Spent(threading.local):
    names = 0
    entries = 0


_spent = _Spent()


def begin() -> None:
    """Start to count anew. Called where the decoding of one value begins."""
    _spent.names = _spent.entries = 0


def may_read_name() -> bool:
    """Count the name of a type that is read anew; False for one too many."""
    _spent.names += 1
    return _spent.names <= NEW_NAMES


def may_claim(entries: int) -> bool:
    """Count entries of a sparse vector; False where they are too many."""
    _spent.entries += entries
    return _spent.entries <= SPARSE_ENTRIES


def hashes_collide(values: Sequence[Hashable]) -> bool:
    """Whether more than SAME_HASH different values share a hash. Takes time that grows with their number alone."""
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
