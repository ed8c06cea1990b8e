"""`manage.py access`: the access rules in words, and what they answer for users and rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Model

from accounts.staff import audience, lookup, reach
from podium.access import rules, words
from podium.access.conditions import ACTIONS, Action
from podium.access.errors import RuleError
from podium.access.explain import explain, lines
from podium.core.errors import PodiumError


class Command(BaseCommand):
    help = "Show the access rules of all models, or what they answer for users and rows."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
        commands.add_parser("rules", help="list the rules of all models in words")
        one = commands.add_parser("explain", help="explain what the rules answer for a user and a row")
        users = commands.add_parser("who", help="list the users who may do something with a row")
        for each in (one, users):
            each.add_argument("row", metavar="MODEL:KEY", help="the row, such as note:1 or notes.note:1")
        counts = commands.add_parser("sees", help="count the rows of each model that a user may act on")
        for each in (one, counts):
            each.add_argument("account", metavar="USER", help="an e-mail address or id, or nobody")
        for each in (one, users):
            each.add_argument("action", nargs="?", default="read", choices=ACTIONS, help="read by default")
        for each in commands.choices.values():
            each.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, command: str, **options: Any) -> None:
        try:
            found, text = COMMANDS[command](options)
        except (lookup.Unknown, RuleError) as error:
            raise CommandError(str(error)) from error
        except PodiumError as error:
            raise CommandError(error.message) from error
        self.stdout.write(json.dumps(found, indent=2) if options["json"] else "\n".join(text))


Found = tuple[Any, Iterator[str]]
"""An answer as JSON, and as text."""


def _rules(options: Any) -> Found:
    found = {
        model._meta.label: {each: words.of_rule(model, each) for each in ACTIONS} for model in rules.models()
    }
    return found, _table(found)


def _explain(options: Any) -> Found:
    by = lookup.caller(lookup.known_user(options["account"]))
    answer = explain(options["action"], lookup.row(options["row"]), by)
    return asdict(answer), lines(answer)


def _users(options: Any) -> Found:
    action, row = options["action"], lookup.row(options["row"])
    found = audience.of(action, row)
    users = [{"id": str(user.pk), "email": user.email, "name": user.name} for user in found.users]
    answer = {"action": action, "groups": found.groups, "users": users}
    return answer, _audience(action, row, answer)


def _counts(options: Any) -> Found:
    by = lookup.caller(lookup.known_user(options["account"]))
    found = {
        each.label: {"fault": each.fault} if each.fault else each.answers
        for each in reach.of(by, rules.models(), lookup.stored)
    }
    return found, _table(found)


def _table(found: Mapping[str, Mapping[Any, object]]) -> Iterator[str]:
    """The texts of each model, one below the other."""
    if not found:
        yield "No model has access rules. Write them in <app>/access.py: docs/how-to/access-rules.md"
    for label, texts in found.items():
        yield label
        yield from (f"  {name:7} {text}" for name, text in texts.items())


def _audience(action: Action, row: Model, answer: dict[str, Any]) -> Iterator[str]:
    yield f"{action} {lookup.reference(row)}"
    yield from (f"  {group}" for group in answer["groups"])
    yield from (f"  {user['email'] or user['name'] or user['id']}" for user in answer["users"])
    if not answer["groups"] and not answer["users"]:
        yield "  nobody"


COMMANDS = {"rules": _rules, "explain": _explain, "who": _users, "sees": _counts}
