"""Identifiers: time-ordered UUIDs (version 7), implemented here because Python has them only from 3.14 on."""

from __future__ import annotations

import os
import time
import uuid


def uuid7() -> uuid.UUID:
    """A UUID that sorts by time of creation, to the millisecond.

    48 bits of Unix time in milliseconds, then version and variant, the other 74 bits random.
    Source: RFC 9562 section 5.7.
    """
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | (random >> 68) << 64 | 0b10 << 62
    return uuid.UUID(int=value | random & 0x3FFF_FFFF_FFFF_FFFF)
