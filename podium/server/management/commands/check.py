"""`manage.py check`: Django's checks, plus the installation's health with --database or --deploy."""

from __future__ import annotations

from typing import Any

from django.core import checks
from django.core.checks import CheckMessage
from django.core.management.commands.check import Command as Check

from podium.core import health

CODES = {
    name: number
    for number, name in enumerate(
        ["database", "migrations", "workers", "scheduler", "scheduled_calls", "redis", "storage"], start=1
    )
}
"""Numbers in the codes of messages; those of other apps' checks are OTHER."""
OTHER = 100


class Command(Check):
    help = f"{Check.help} With --database or --deploy it also checks the services, like /readyz."

    def handle(self, *app_labels: Any, **options: Any) -> None:
        databases, deploy = options["databases"], options["deploy"]
        if (databases or deploy) and not (app_labels or options["tags"] or options["list_tags"]):
            # Registered only here: commands that run checks first must not wait for services.
            checks.register(lambda **_: _messages(strict=bool(databases)), "health")
        health.logger.disabled = True  # the report contains the same errors
        try:
            super().handle(*app_labels, **options)
        finally:
            health.logger.disabled = False


def _messages(*, strict: bool) -> list[CheckMessage]:
    """A message for each failed check. They are errors with --database, otherwise warnings."""
    messages: list[CheckMessage] = []
    for check in health.run_checks():
        if check.error:
            kind = checks.Error if strict and check.status == "fail" else checks.Warning
            letter = "E" if kind is checks.Error else "W"
            number = CODES.get(check.name, OTHER)
            text = f"{check.name}: {check.error}"
            messages.append(kind(text, hint=check.hint, id=f"health.{letter}{number:03}"))
    return messages
