"""The form of an API key: `podium_key_<id>_<secret><checksum>`, all in lower-case hexadecimal digits.

The prefix and the checksum let secret scanners recognise a key that leaked into a repository, and let the server refuse
a mistyped one without a query. The id is that of the key's row, so a leaked key can be found in the admin.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
import zlib

PREFIX = "podium_key_"
SECRET_BYTES = 32
PATTERN = re.compile(r"podium_key_([0-9a-f]{32})_[0-9a-f]{64}[0-9a-f]{8}")
CHECKSUM_LENGTH = 8


def make(id: uuid.UUID) -> str:
    """Return a new key for the row with this id, with 256 random bits."""
    start = f"{PREFIX}{id.hex}_{secrets.token_hex(SECRET_BYTES)}"
    return start + _checksum(start)


def looks_right(text: str) -> bool:
    """Test for the form and the checksum, without a query."""
    start, checksum = text[:-CHECKSUM_LENGTH], text[-CHECKSUM_LENGTH:]
    return PATTERN.fullmatch(text) is not None and _checksum(start) == checksum


def id_of(key: str) -> uuid.UUID:
    """Return the id in a key that `looks_right`."""
    return uuid.UUID(hex=key[len(PREFIX) :][:32])


def digest(key: str) -> bytes:
    """Return the digest of a key, as its row stores it.

    One round of SHA-256: nobody can try out 256 random bits, so a slow hash, as passwords need, would only slow down
    each call.
    """
    return hashlib.sha256(key.encode()).digest()


def _checksum(start: str) -> str:
    return f"{zlib.crc32(start.encode()):08x}"
