"""What a new password must be, beside Django's own validators (AUTH_PASSWORD_VALIDATORS). No network.

Source: NIST SP 800-63B 3.1.1 and OWASP ASVS 6.2: long enough, not known to guessers, and no rules about kinds of
characters; blanks, emoji and any script may be in it.
"""

from __future__ import annotations

import hashlib
import mmap
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from accounts.conf import conf

SAMPLES = 64
"""Lines looked at to see that a list is sorted."""


class MaximumLengthValidator:
    """Bounds the work of hashing. Passphrases are far below it."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > conf.PASSWORD_MAX_LENGTH:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return f"Your password can't have more than {conf.PASSWORD_MAX_LENGTH} characters."


class BreachedPasswordValidator:
    """Refuses what is in the list at ACCOUNTS_BREACHED_PASSWORDS; without that setting everything is let through.

    Common passwords are in Django's list and in accounts/common_passwords.txt.gz, both of which always hold.
    """

    def validate(self, password: str, user: Any = None) -> None:
        if conf.BREACHED_PASSWORDS and is_listed(password, Path(conf.BREACHED_PASSWORDS)):
            raise ValidationError(
                "This password has come out in a data breach: who guesses tries it. Choose another.",
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return (
            "Your password can't be one that is known from a data breach." if conf.BREACHED_PASSWORDS else ""
        )


def is_listed(password: str, path: Path) -> bool:
    """Whether a password is in a list of Pwned Passwords. Some 36 reads for a thousand million lines; nothing is kept.

    path  text sorted by its beginning, "<SHA-1 in hexadecimal>" or "<SHA-1>:<count>" a line
    """
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        low, high = 0, len(text)  # where the line may begin
        while low < high:
            start = text.rfind(b"\n", low, (low + high) // 2) + 1 or low
            found = text[start : start + 40].upper()
            if found == wanted:
                return True
            if found < wanted:
                end = text.find(b"\n", start)
                low = end + 1 if end >= 0 else len(text)
            else:
                high = start
    return False


def faults(path: Path) -> Iterator[str]:
    """What is wrong with a list, for `manage.py check`."""
    try:
        lines = list(_samples(path))
    except (OSError, ValueError) as error:  # ValueError: an empty file
        yield f"it can't be read: {error}"
        return
    if re.match(rb"[0-9A-Fa-f]{32}(:|\s|$)", lines[0]):
        yield "it has NTLM hashes; take the list of SHA-1"
    elif not all(re.match(rb"[0-9A-Fa-f]{40}(:|\s|$)", line) for line in lines):
        yield "its lines do not begin with a SHA-1 in hexadecimal"
    elif any(first.upper() > second.upper() for first, second in pairwise(lines)):
        yield "it is not sorted by hash; take the list that is, not the one sorted by count"


def _samples(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        for number in range(SAMPLES):
            start = text.rfind(b"\n", 0, len(text) * number // SAMPLES) + 1
            yield text[start : start + 42]
