"""Formatting helpers of the accounts admin pages."""

from __future__ import annotations

from datetime import datetime

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime


def moment(at: datetime | None) -> str:
    return date_format(localtime(at), "M j, Y, H:i") if at else "never"


def on_one_line(at: datetime | None) -> SafeString:
    return format_html('<span class="whitespace-nowrap">{}</span>', moment(at))


def link(address: str, text: object) -> SafeString:
    return format_html(
        '<a class="text-primary-600 dark:text-primary-500 underline whitespace-nowrap" href="{}">{}</a>',
        address,
        text,
    )


def device(user_agent: str) -> str:
    return user_agent or "unnamed"


def details(given: dict[str, object]) -> str:
    """The details of a security event on one line."""
    return ", ".join(f"{name}: {value}" for name, value in given.items())
