"""The mailbox of development: mails and text messages are files in .podium/mail/, shown at /mail/ and in the log."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage as Parsed
from email.policy import default
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from podium.core import clock
from podium.core.logs import one_line
from podium.dev import paths, testing

KEPT = 200
"""Maximum number of messages; older ones are deleted."""

_numbers = itertools.count()


@dataclass(frozen=True)
class Message:
    id: str
    at: datetime
    sender: str
    to: str
    subject: str
    text: str
    html: str


class EmailBackend(BaseEmailBackend):
    """The EMAIL_BACKEND of development without EMAIL_URL."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for each in email_messages:
            keep(each.message().as_bytes(), f"Mail to {', '.join(each.recipients())}: {each.subject}")
        return len(email_messages)


def text_message(phone: str, text: str) -> None:
    """The ACCOUNTS_SMS_BACKEND of development."""
    made = Parsed()
    made["From"], made["To"], made["Subject"] = "text message", phone, text.partition("\n")[0][:100]
    made.set_content(text)
    keep(bytes(made), f"Text message to {phone}: {text}")


def folder() -> Path:
    return (testing.folder() or paths.folder()) / "mail"


def keep(content: bytes, line: str) -> None:
    """Store a message, and print a line on the console."""
    folder().mkdir(
        mode=0o700, parents=True, exist_ok=True
    )  # codes must not be readable for other users of this machine
    name = f"{clock.now():%Y%m%dT%H%M%S%f}-{os.getpid()}-{next(_numbers)}"
    draft = folder() / f".{name}"
    draft.write_bytes(content)
    draft.rename(folder() / f"{name}.eml")
    sys.stderr.write(f"{one_line(' '.join(line.split()))}  ({settings.PUBLIC_URL}/mail/{name}/)\n")
    for old in _files()[KEPT:]:
        old.unlink(missing_ok=True)


def messages() -> Iterator[Message]:
    """All stored messages, newest first."""
    return (_read(path) for path in _files())


def message(id: str) -> Message | None:
    return next((_read(path) for path in _files() if path.stem == id), None)


def _files() -> list[Path]:
    return sorted(folder().glob("*.eml"), reverse=True)


def _read(path: Path) -> Message:
    parsed = message_from_bytes(path.read_bytes(), policy=default)
    text, html = parsed.get_body(["plain"]), parsed.get_body(["html"])
    return Message(
        id=path.stem,
        at=datetime.strptime(path.stem.partition("-")[0], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC),
        sender=str(parsed["From"]),
        to=str(parsed["To"]),
        subject=str(parsed["Subject"]),
        text=text.get_content() if text else "",
        html=html.get_content() if html else "",
    )
