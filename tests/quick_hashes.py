"""Argon2id with little memory and in one thread: a millisecond for a password instead of a fifth of a second."""

from __future__ import annotations

from accounts.passwords import hashers


class Argon2(hashers.Argon2):
    memory_cost, parallelism = 64, 1
