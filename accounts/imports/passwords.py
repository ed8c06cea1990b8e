"""Hashes of other systems, in the form in which Django stores them. Refuses hashes that are too slow to check."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import identify_hasher

from accounts.conf import conf
from accounts.imports.users import LostPassword
from accounts.models import User
from accounts.passwords import hashers, legacy_hashers

BCRYPT_COST = 16  # rounds as a power of two: seconds, not minutes
ARGON2_MEMORY = 1024 * 1024  # KiB
ARGON2_PASSES = 50
LENGTH = User._meta.get_field("password").max_length or 0

BCRYPT = re.compile(r"\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}")
FBSCRYPT = re.compile(
    r"\$fbscrypt\$v=1,n=(\d+),r=(\d+),p=1(?:,ss=([^,$]*))?(?:,sk=([^,$]*))?\$([^$]*)\$([^$]*)"
)


@dataclass(frozen=True)
class FirebaseParameters:
    """A Firebase project's hash parameters without the signer key, which is a secret and stays in the settings."""

    mem_cost: int
    rounds: int
    separator: str


def read_firebase_parameters(path: Path) -> FirebaseParameters:
    """Read the parameters as Firebase's console shows them (`hash_config { ... }`), or the same names in JSON.

    Raises ValueError if they are invalid, or if the settings lack the signer key.
    """
    words = dict(re.findall(r"(\w+)[\"']?\s*:\s*[\"']?([^\s,\"'}]+)", path.read_text(encoding="utf-8")))
    missing = {"algorithm", "base64_signer_key", "base64_salt_separator", "rounds", "mem_cost"} - words.keys()
    if missing:
        raise ValueError(
            f"{path} lacks {', '.join(sorted(missing))}. Copy all of it from Firebase's console: "
            "Authentication, Users, the three dots, Password hash parameters."
        )
    if words["algorithm"] != "SCRYPT":
        raise ValueError(f"{path}: the algorithm is {words['algorithm']}; only SCRYPT is supported.")
    if not _is_signer_key(words["base64_signer_key"]):
        raise ValueError(
            f"Sign-ins check these passwords with the project's signer key, which the settings lack: "
            f"set the environment variable FIREBASE_SIGNER_KEYS to the base64_signer_key in {path}."
        )
    return FirebaseParameters(int(words["mem_cost"]), int(words["rounds"]), words["base64_salt_separator"])


def firebase(stored: str, salt: str, parameters: FirebaseParameters) -> str:
    if 128 * parameters.rounds * 2**parameters.mem_cost > hashers.SCRYPT_MEMORY // 2:
        raise LostPassword("checking this password would take too much memory")
    separator, salt, stored = (_without_padding(each) for each in (parameters.separator, salt, stored))
    return _checked(f"firebase${parameters.mem_cost}${parameters.rounds}${separator}${salt}${stored}")


def supabase(stored: str) -> str:
    """Convert a hash of Supabase: mostly bcrypt; Argon2 and Firebase's scrypt for users imported into Supabase."""
    if found := BCRYPT.fullmatch(stored):
        if not 4 <= int(found[1]) <= BCRYPT_COST:
            raise LostPassword(f"a bcrypt cost of {found[1]} is out of bounds")
        return _checked(f"bcrypt${stored}")
    if stored.startswith("$argon2"):
        return _checked(f"argon2{stored}")
    if found := FBSCRYPT.fullmatch(stored):
        mem_cost, rounds, separator, signer_key, salt, rest = found.groups(default="")
        if not _is_signer_key(signer_key):
            raise LostPassword(
                "it is from a Firebase project whose signer key is not in FIREBASE_SIGNER_KEYS"
            )
        if int(mem_cost) > 30:
            raise LostPassword("checking this password would take too much memory")
        return firebase(rest, salt, FirebaseParameters(int(mem_cost), int(rounds), separator))
    raise LostPassword("its kind of hash is unknown")


def serverpod(stored: str) -> str:
    """Convert a hash of serverpod_auth_idp."""
    if not stored.startswith("$argon2id$"):
        raise LostPassword("its kind of hash is unknown")
    return _checked(f"serverpod{stored}")


def serverpod_auth(stored: str, address: str) -> str:
    """Convert a hash of the older serverpod_auth, whose oldest hashes contain the address."""
    if stored.startswith("$argon2id$v="):
        return serverpod(stored)
    try:
        return _checked(legacy_hashers.encoded(stored, address))
    except ValueError as why:
        raise LostPassword(str(why)) from None


def _checked(encoded: str) -> str:
    """Return the hash if its hasher can read it. Raises LostPassword."""
    try:
        parts: dict[str, Any] = identify_hasher(encoded).decode(encoded)
    except hashers.DAMAGED:
        raise LostPassword("its hash is damaged") from None
    memory, passes = int(parts.get("memory_cost", 0)), int(parts.get("time_cost", 0))
    if memory > ARGON2_MEMORY or passes > ARGON2_PASSES:
        raise LostPassword("checking this password would take too long")
    if len(encoded) > LENGTH:
        raise LostPassword(f"its hash is longer than {LENGTH} characters")
    return encoded


def _without_padding(base64: str) -> str:
    return base64.rstrip("=")


def _is_signer_key(given: str) -> bool:
    try:
        return hashers.unpack(given) in [hashers.unpack(key) for key in conf.FIREBASE_SIGNER_KEYS]
    except ValueError:
        return False
