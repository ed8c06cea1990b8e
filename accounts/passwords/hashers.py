"""Password hashers: Argon2id for new passwords, and those for passwords from other systems.

A correct password is hashed again by the first hasher at the sign-in (Django's rule), so other hashes disappear.
Unlike Django's hashers, a damaged hash counts as a wrong password and raises no error. A wrong password takes as long
as a correct one, which is checked by the old hasher and then hashed by the new one.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from typing import Any

import bcrypt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from django.contrib.auth import hashers
from django.core.exceptions import ImproperlyConfigured
from django.utils.crypto import constant_time_compare

from accounts.conf import conf

DAMAGED = (ValueError, TypeError, AssertionError, OverflowError, UnsupportedAlgorithm)
"""The errors that the libraries raise for invalid hashes."""
BCRYPT_BYTES = 72
"""bcrypt reads no further. Go's and older libraries truncate a password here; Python's raises since version 5."""
SCRYPT_MEMORY = 256 * 1024 * 1024
"""The maximum memory of one check, in bytes. A hash of Firebase takes 16 MB."""


class Guarded(hashers.BasePasswordHasher):
    """Wraps a hasher of Django: never raises at a sign-in, and takes the same time for a wrong password."""

    def matches(self, password: str, encoded: str) -> bool:
        """Test a password. May raise one of DAMAGED."""
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
        """Spend the time that a correct password would take beyond the check, for hashing it again."""
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
    """Hashes as `bcrypt$` and Supabase's `$2a$10$...`: of the password itself, not of its SHA-256."""

    def encode(self, password: str, salt: Any) -> str:
        data = bcrypt.hashpw(password.encode()[:BCRYPT_BYTES], salt)
        return f"{self.algorithm}${data.decode()}"


class Foreign(Guarded):
    """The base of hashers that only check hashes of other systems. The first hasher makes new ones."""

    shape: re.Pattern[str]
    """The part after `<algorithm>$`, with named groups."""

    def encode(self, password: str, salt: str) -> str:
        raise NotImplementedError(f"{self.algorithm} hashes are only checked.")

    def decode(self, encoded: str) -> dict[str, Any]:
        """The parts of a hash, `salt` and `hash` as bytes. Raises ValueError."""
        algorithm, _, rest = encoded.partition("$")
        found = self.shape.fullmatch(rest)
        if algorithm != self.algorithm or found is None:
            raise ValueError(f"This is not a valid {self.algorithm} hash.")
        parts: dict[str, Any] = found.groupdict()
        return parts | {"algorithm": algorithm, "salt": unpack(parts["salt"]), "hash": unpack(parts["hash"])}

    def must_update(self, encoded: str) -> bool:
        return True

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        """The parts of the hash that the admin shows."""
        return {"algorithm": self.algorithm}


class FirebaseScrypt(Foreign):
    """Firebase's scrypt: it derives a key from the password, which encrypts the project's signer key.

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
        return any_of(hashes, parts["hash"])


class ServerpodArgon2(Foreign):
    """Serverpod's Argon2id, with the pepper as Argon2's secret. ACCOUNTS_SERVERPOD_PEPPERS has it, and older ones.

    `serverpod$argon2id$v=19$m=4096,t=3,p=8$salt$hash`. Serverpod stores the part after the first `$`. While it
    shares the database (ACCOUNTS_SERVERPOD_TABLES), new passwords are hashed like this, too.
    """

    algorithm = "serverpod"
    memory_cost, time_cost, parallelism = 19 * 1024, 2, 1
    """Source: OWASP Password Storage Cheat Sheet. Serverpod checks a hash with the parameters in it."""
    shape = re.compile(
        r"argon2id\$v=19\$m=(?P<memory_cost>\d{1,7}),t=(?P<time_cost>\d{1,3}),p=(?P<parallelism>\d{1,3})"
        r"\$(?P<salt>[\w+/-]+=*)\$\$?(?P<hash>[\w+/-]+=*)",
        re.ASCII,
    )

    def encode(self, password: str, salt: str) -> str:
        if not conf.SERVERPOD_PEPPERS:
            raise ImproperlyConfigured(
                "SERVERPOD_PEPPERS is not set: Serverpod could not check a new password."
            )
        made = argon2_in_serverpods_form(
            password.encode(),
            conf.SERVERPOD_PEPPERS[0],
            salt.encode(),
            memory_cost=self.memory_cost,
            time_cost=self.time_cost,
            parallelism=self.parallelism,
        )
        return self.algorithm + made

    def must_update(self, encoded: str) -> bool:
        """Keep a hash of the preferred kind, so that Serverpod's own hash stays as it is."""
        return hashers.get_hasher("default").algorithm != self.algorithm

    def matches(self, password: str, encoded: str) -> bool:
        return self.is_of(password.encode(), encoded, conf.SERVERPOD_PEPPERS)

    def is_of(self, secret: bytes, encoded: str, peppers: Sequence[str]) -> bool:
        """Test whether a hash is of this secret, with one of the peppers. Raises one of DAMAGED."""
        parts = self.decode(encoded)
        hashes = [
            Argon2id(
                salt=parts["salt"],
                length=len(parts["hash"]),
                iterations=int(parts["time_cost"]),
                lanes=int(parts["parallelism"]),
                memory_cost=int(parts["memory_cost"]),
                secret=pepper.encode() or None,
            ).derive(secret)
            for pepper in peppers or [""]
        ]
        return any_of(hashes, parts["hash"])


def argon2_in_serverpods_form(
    secret: bytes, pepper: str, salt: bytes, *, memory_cost: int, time_cost: int, parallelism: int
) -> str:
    """Argon2id as `$argon2id$v=19$m=...,t=...,p=...$salt$hash`, in base64 with padding, which Serverpod demands."""
    made = Argon2id(
        salt=salt,
        length=32,
        iterations=time_cost,
        lanes=parallelism,
        memory_cost=memory_cost,
        secret=pepper.encode(),
    ).derive(secret)
    packed = [base64.b64encode(part).decode() for part in (salt, made)]
    return "$".join(["", "argon2id", "v=19", f"m={memory_cost},t={time_cost},p={parallelism}", *packed])


def unpack(text: str) -> bytes:
    """Base64 in either alphabet, with its padding or without. Raises ValueError."""
    standard = text.rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)


def any_of(hashes: list[bytes], expected: bytes) -> bool:
    """Compare with all hashes, so that the time does not reveal which key was right."""
    return any([constant_time_compare(made, expected) for made in hashes])
