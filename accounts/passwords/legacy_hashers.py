"""Passwords of Serverpod's legacy module serverpod_auth, which has three kinds of hashes.

Sources: modules/legacy/serverpod_auth of Serverpod, whose tests have the vectors of
tests/accounts/passwords/test_hashers.py. Its Argon2id tags have 256 bytes, more than Django's column has room for. So
SHA-256 of the tag is kept instead.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Callable
from string import ascii_letters, digits
from typing import Any

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from accounts.conf import conf
from accounts.passwords.hashers import Foreign, any_of, unpack

ALGORITHM = "serverpod1"
TAG_BYTES = 256
SALT_LENGTH = 16
PLAIN = re.compile(r"[0-9a-f]{64}")
ARGON2 = re.compile(
    r"\$(?P<kind>argon2id|migratedLegacy)\$(?P<salt>[^$\s]{1,32})\$(?P<tag>[\w+/=-]{344})", re.A
)


kept_if: list[Callable[[], bool]] = []
"""Tests that apps add when they get ready: does a server of Serverpod check the same hashes?"""


def is_kept(encoded: str) -> bool:
    """Test for a hash that is not renewed at the next sign-in, so that it stays equal to Serverpod's."""
    return encoded.startswith(f"{ALGORITHM}$") and any(test() for test in kept_if)


class ServerpodAuth(Foreign):
    """Hashes of serverpod_auth, in the form that `encoded` gives:

    `serverpod1$s$hash$address`        SHA-256 of password, salt and e-mail address: until version 1.2.6
    `serverpod1$a$salt$hash`           Argon2id: since then
    `serverpod1$m$salt$hash$address`   the first kind, put into the second one by its migration
    """

    algorithm = ALGORITHM
    shape = re.compile(
        r"(?:(?P<argon2>[am])\$(?P<salt>[^$\s]{1,32})|s)\$(?P<hash>[\w+/]{43})(?:\$(?P<address>\S*))?", re.A
    )

    def decode(self, encoded: str) -> dict[str, Any]:
        algorithm, _, rest = encoded.partition("$")
        found = self.shape.fullmatch(rest)
        if algorithm != self.algorithm or found is None:
            raise ValueError(f"This is not a valid {self.algorithm} hash.")
        parts: dict[str, Any] = found.groupdict(default="")
        return parts | {"algorithm": algorithm, "hash": unpack(parts["hash"])}

    def matches(self, password: str, encoded: str) -> bool:
        parts = self.decode(encoded)
        texts = [password] if parts["argon2"] == "a" else _plain(password, parts["address"])
        if not parts["argon2"]:
            return any_of([bytes.fromhex(each) for each in texts], parts["hash"])
        return any_of(
            [_argon2(each, parts["salt"], pepper) for each in texts for pepper in _peppers()], parts["hash"]
        )


def encoded(stored: str, address: str) -> str:
    """Return a hash of serverpod_email_auth in the form that Django stores. Raises ValueError for any other text.

    address  of the same row, with its spelling there
    """
    if PLAIN.fullmatch(stored):
        return f"{ALGORITHM}$s${_text(bytes.fromhex(stored))}${address}"
    if found := ARGON2.fullmatch(stored):
        tag = _text(hashlib.sha256(unpack(found["tag"])).digest())
        own = found["kind"] == "argon2id"
        return f"{ALGORITHM}${'a' if own else 'm'}${found['salt']}${tag}" + ("" if own else f"${address}")
    raise ValueError("its kind of hash is unknown")


def _plain(password: str, address: str) -> list[str]:
    """Return the oldest kind of hash: with the address, and without it, as `extraSaltyHash: false` made it."""
    salts = [salt + more for salt in conf.SERVERPOD_PASSWORD_SALTS for more in (f":{address}", "")]
    return [hashlib.sha256((password + salt).encode()).hexdigest() for salt in salts]


def _peppers() -> list[str]:
    """The peppers, and none: the module works without a pepper too, so hashes may be older than it."""
    return [*conf.SERVERPOD_PEPPERS, ""]


def _argon2(text: str, salt: str, pepper: str) -> bytes:
    return hashlib.sha256(_tag(text, salt, pepper)).digest()


def _tag(text: str, salt: str, pepper: str) -> bytes:
    return Argon2id(
        salt=salt.encode(),
        length=TAG_BYTES,
        iterations=3,
        lanes=1,
        memory_cost=4096,  # KiB
        secret=pepper.encode() or None,
    ).derive(text.encode())


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


def stored(password: str) -> str:
    """Return a hash as serverpod_auth stores it today, for a Serverpod server on the same database."""
    salt = "".join(secrets.choice(ascii_letters + digits) for _ in range(SALT_LENGTH))
    pepper = _peppers()[0]
    return f"$argon2id${salt}${base64.b64encode(_tag(password, salt, pepper)).decode()}"
