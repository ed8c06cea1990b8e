"""Password hashers: Argon2id for new passwords, and those that people bring along from other systems.

A password that is right is hashed anew in the first way at the sign-in (Django's rule), so the others die out. What
differs from Django's: a hash that is damaged is a wrong password, not an error; and a wrong password takes as long as
a right one, which is checked in the old way and then hashed in the new one.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import bcrypt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from django.contrib.auth import hashers
from django.utils.crypto import constant_time_compare

from accounts.conf import conf

DAMAGED = (ValueError, TypeError, AssertionError, OverflowError, UnsupportedAlgorithm)
"""What the libraries raise at a hash that is none."""
BCRYPT_BYTES = 72
"""bcrypt reads no further: Go's and older libraries cut a password here, Python's raises since version 5."""
SCRYPT_MEMORY = 256 * 1024 * 1024
"""The most that one check may take, in bytes; a hash of Firebase takes 16 MB."""


class Guarded(hashers.BasePasswordHasher):
    """Stands before a hasher of Django's: never raises at a sign-in, and is no quicker at a wrong password."""

    def matches(self, password: str, encoded: str) -> bool:
        """Whether this is the password. May raise one of DAMAGED."""
        return bool(super().verify(password, encoded))

    def verify(self, password: str, encoded: str) -> bool:
        try:
            right = self.matches(password, encoded)
        except DAMAGED:
            right = False
        if not right and hashers.get_hasher("default").algorithm != self.algorithm:
            self.harden_runtime(password, encoded)
        return right

    def must_update(self, encoded: str) -> bool:
        try:
            return bool(super().must_update(encoded))
        except DAMAGED:
            return True

    def harden_runtime(self, password: str, encoded: str) -> None:
        """What a right password would take beyond the check: it is hashed anew."""
        preferred = hashers.get_hasher("default")
        preferred.encode(password, preferred.salt())


class Argon2(Guarded, hashers.Argon2PasswordHasher):
    """`argon2$argon2id$v=19$...`"""


class PBKDF2(Guarded, hashers.PBKDF2PasswordHasher):
    """`pbkdf2_sha256$iterations$salt$hash`"""


class Scrypt(Guarded, hashers.ScryptPasswordHasher):
    """`scrypt$n$salt$r$p$hash`"""

    maxmem = SCRYPT_MEMORY


class BCrypt(Guarded, hashers.BCryptPasswordHasher):
    """`bcrypt$` and what Supabase stores, `$2a$10$...`: of the password itself, not of its SHA-256."""

    def encode(self, password: str, salt: Any) -> str:
        data = bcrypt.hashpw(password.encode()[:BCRYPT_BYTES], salt)
        return f"{self.algorithm}${data.decode()}"


class Foreign(Guarded):
    """The base of hashers that check what another system made. They make none: the first hasher does."""

    shape: re.Pattern[str]
    """What stands after `<algorithm>$`; its groups have names."""

    def encode(self, password: str, salt: str) -> str:
        raise NotImplementedError(f"{self.algorithm} hashes are only checked.")

    def decode(self, encoded: str) -> dict[str, Any]:
        """The parts of a hash, `salt` and `hash` as bytes. Raises ValueError."""
        algorithm, _, rest = encoded.partition("$")
        found = self.shape.fullmatch(rest)
        if algorithm != self.algorithm or found is None:
            raise ValueError(f"This is no {self.algorithm} hash.")
        parts: dict[str, Any] = found.groupdict()
        return parts | {"algorithm": algorithm, "salt": unpack(parts["salt"]), "hash": unpack(parts["hash"])}

    def must_update(self, encoded: str) -> bool:
        return True

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        """What the admin shows of it."""
        return {"algorithm": self.algorithm}


class FirebaseScrypt(Foreign):
    """Firebase's: what scrypt makes of the password is the key by which the project's signer key is encrypted.

    `firebase$mem_cost$rounds$salt separator$salt$hash`; the signer keys are in ACCOUNTS_FIREBASE_SIGNER_KEYS.
    Source: https://github.com/firebase/scrypt
    """

    algorithm = "firebase"
    shape = re.compile(
        r"(?P<mem_cost>\d{1,2})\$(?P<rounds>\d{1,3})\$(?P<separator>[\w+/-]*)\$(?P<salt>[\w+/-]*)\$(?P<hash>[\w+/-]+)",
        re.ASCII,
    )

    def matches(self, password: str, encoded: str) -> bool:
        parts = self.decode(encoded)
        derived = hashlib.scrypt(
            password.encode(),
            salt=parts["salt"] + unpack(parts["separator"]),
            n=2 ** int(parts["mem_cost"]),
            r=int(parts["rounds"]),
            p=1,
            maxmem=SCRYPT_MEMORY,
            dklen=64,
        )
        cipher = Cipher(AES(derived[:32]), CTR(bytes(16)))
        hashes = [cipher.encryptor().update(unpack(key)) for key in conf.FIREBASE_SIGNER_KEYS]
        return _any_of(hashes, parts["hash"])


class ServerpodArgon2(Foreign):
    """Serverpod's Argon2id, with the pepper as Argon2's secret: ACCOUNTS_SERVERPOD_PEPPERS has it, and older ones.

    `serverpod$argon2id$v=19$m=4096,t=3,p=8$salt$$hash`, which is what Serverpod stores behind the first `$`.
    """

    algorithm = "serverpod"
    shape = re.compile(
        r"argon2id\$v=19\$m=(?P<memory_cost>\d{1,7}),t=(?P<time_cost>\d{1,3}),p=(?P<parallelism>\d{1,3})"
        r"\$(?P<salt>[\w+/-]+=*)\$\$?(?P<hash>[\w+/-]+=*)",
        re.ASCII,
    )

    def matches(self, password: str, encoded: str) -> bool:
        parts = self.decode(encoded)
        hashes = [
            Argon2id(
                salt=parts["salt"],
                length=len(parts["hash"]),
                iterations=int(parts["time_cost"]),
                lanes=int(parts["parallelism"]),
                memory_cost=int(parts["memory_cost"]),
                secret=pepper.encode() or None,
            ).derive(password.encode())
            for pepper in conf.SERVERPOD_PEPPERS or [""]
        ]
        return _any_of(hashes, parts["hash"])


def unpack(text: str) -> bytes:
    """Base64 in either alphabet, with its padding or without. Raises ValueError."""
    standard = text.rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)


def _any_of(hashes: list[bytes], expected: bytes) -> bool:
    """All are compared: which of several keys was right can't be told by the time it takes."""
    return any([constant_time_compare(made, expected) for made in hashes])
