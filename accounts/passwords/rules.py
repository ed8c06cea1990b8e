"""Rules for a new password, in addition to Django's own validators (AUTH_PASSWORD_VALIDATORS).

No network, unless ACCOUNTS_BREACHED_PASSWORDS_URL names a service to ask.

Source: NIST SP 800-63B 3.1.1 and OWASP ASVS 6.2: long enough, not known to guessers, and no rules about kinds of
characters; blanks, emoji and any script may be in it.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
import mmap
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from accounts.conf import conf
from accounts.providers import web
from accounts.providers.refusal import Refused

logger = logging.getLogger("podium.accounts")

COMMON_PASSWORDS = Path(__file__).parent / "common_passwords.txt.gz"
SAMPLES = 64
"""Lines looked at to see that a list is sorted."""
RANGE_SECONDS = 2.0
"""Timeout for the service at ACCOUNTS_BREACHED_PASSWORDS_URL; a sign-up waits for it."""
WORD_LENGTH = 4
"""Shorter words, like "app" and "www", occur in many good passwords."""
OWN_CHARACTERS = 8
"""Minimum number of letters and digits in a password besides a context word."""
STAND_INS = str.maketrans("013457@$!|", "oieastasil")


class MaximumLengthValidator:
    """Limits the work of hashing. Passphrases are far shorter."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > conf.PASSWORD_MAX_LENGTH:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return f"Your password can't have more than {conf.PASSWORD_MAX_LENGTH} characters."


class CommonPasswordValidator(password_validation.CommonPasswordValidator):
    """Refuse passwords in Django's list and in accounts/passwords/common_passwords.txt.gz, with the same message."""

    def __init__(self) -> None:
        super().__init__()
        with gzip.open(COMMON_PASSWORDS, "rt", encoding="utf-8") as lines:
            self.passwords |= {line.strip() for line in lines}


class ContextWordsValidator:
    """Refuse a password that is little more than one of this site's own words: `context_words`."""

    def validate(self, password: str, user: Any = None) -> None:
        plain = _plain(password)
        for word in context_words():
            rest = plain.replace(word, "")
            if rest != plain and len(rest) < OWN_CHARACTERS:
                raise ValidationError(
                    f"This password is little more than the name {word!r}, which attackers try first. Choose another.",
                    code="password_context_word",
                )

    def get_help_text(self) -> str:
        return "Your password can't be little more than the name of this site."


def context_words() -> list[str]:
    """The words in ACCOUNTS_PASSWORD_WORDS, PUBLIC_URL's host and the site's title, longest first."""
    host = (urlsplit(settings.PUBLIC_URL).hostname or "").split(".")[:-1]
    title = str(getattr(settings, "UNFOLD", {}).get("SITE_TITLE", ""))
    words = {_plain(each) for each in (*conf.PASSWORD_WORDS, *host, title, *title.split())}
    known = {each for each in words if len(each) >= WORD_LENGTH and not each.isdigit()}
    return sorted(known, key=lambda each: (-len(each), each))


def _plain(text: str) -> str:
    """Lower-case letters and digits, with the usual substitutes for letters undone: "P0d!um" becomes "podium"."""
    return "".join(each for each in text.casefold().translate(STAND_INS) if each.isalnum())


class BreachedPasswordValidator:
    """Refuse a password in the list at ACCOUNTS_BREACHED_PASSWORDS or known to ACCOUNTS_BREACHED_PASSWORDS_URL.

    Without these settings every password is accepted.

    Common passwords are in Django's list and in accounts/passwords/common_passwords.txt.gz, which are always checked.
    """

    def validate(self, password: str, user: Any = None) -> None:
        listed = bool(conf.BREACHED_PASSWORDS) and is_listed(password, Path(conf.BREACHED_PASSWORDS))
        if listed or (conf.BREACHED_PASSWORDS_URL and is_known(password, conf.BREACHED_PASSWORDS_URL)):
            raise ValidationError(
                "This password is known from a data breach, so attackers try it. Choose another.",
                code="password_breached",
            )

    def get_help_text(self) -> str:
        asked = conf.BREACHED_PASSWORDS or conf.BREACHED_PASSWORDS_URL
        return "Your password can't be one that is known from a data breach." if asked else ""


def is_known(password: str, url: str) -> bool:
    """Ask a service like Pwned Passwords, which learns 5 of the 40 characters of the SHA-1. At most a few seconds.

    url  its range endpoint, with a slash at the end: "https://api.pwnedpasswords.com/range/"

    If the service does not answer, the password is accepted and an error is logged: otherwise nobody could sign up.
    Source: haveibeenpwned.com/API/v3, "Searching by range" and "Introducing padding".
    """
    digest = _sha1(password)
    try:
        answer = web.get_text(url + digest[:5], headers={"Add-Padding": "true"}, seconds=RANGE_SECONDS)
    except Refused as refused:
        logger.error("a password was not looked up in the breach service: %s", refused)
        return False
    counts = dict(line.strip().upper().partition(":")[::2] for line in answer.splitlines())
    return counts.get(digest[5:], "0").strip() not in ("0", "")  # a padding line has the count 0


def _sha1(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def is_listed(password: str, path: Path) -> bool:
    """Test whether a password is in a list of Pwned Passwords. About 36 reads for a thousand million lines.

    path  text sorted by its beginning, "<SHA-1 in hexadecimal>" or "<SHA-1>:<count>" a line
    """
    wanted = _sha1(password).encode()
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
    """Yield the faults of a list, for `manage.py check`."""
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
        yield "it is not sorted by hash; take the list sorted by hash, not the one sorted by count"


def _samples(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
        for number in range(SAMPLES):
            start = text.rfind(b"\n", 0, len(text) * number // SAMPLES) + 1
            yield text[start : start + 42]
