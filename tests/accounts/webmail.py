"""The links and codes in the mails of a test, by address."""

from __future__ import annotations

import re

from django.core import mail

LINKS = {
    "confirm": re.compile(r"https?://[^/\s]+(/account/confirm-email/[^\s]+)"),
    "reset": re.compile(r"https?://[^/\s]+(/account/password/reset/key/[^\s]+)"),
}


def link(kind: str, to: str) -> str:
    """The path of the newest "confirm" or "reset" link that was mailed to an address, or ""."""
    found = [
        match[1] for each in mail.outbox if each.to == [to] for match in LINKS[kind].finditer(str(each.body))
    ]
    return found[-1] if found else ""


def code(to: str) -> str:
    """The newest code that was mailed to an address, or ""."""
    bodies = [str(each.body) for each in mail.outbox if each.to == [to]]
    found = [
        match
        for body in bodies
        for match in re.findall(r"^([A-Z0-9]{3,4}-?[A-Z0-9]{3,4}|\d{8})$", body, re.M)
    ]
    return str(found[-1]) if found else ""


def subjects(to: str) -> list[str]:
    """The subjects mailed to an address, oldest first, without the site name in brackets."""
    return [re.sub(r"^\[[^]]*\] ", "", str(each.subject)) for each in mail.outbox if to in each.to]
