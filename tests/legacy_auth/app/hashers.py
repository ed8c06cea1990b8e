"""Argon2id in a millisecond, because these tests do not need slow hashes."""

from __future__ import annotations

from accounts.passwords import hashers


class Quick(hashers.Argon2):
    time_cost, memory_cost, parallelism = 1, 64, 1
