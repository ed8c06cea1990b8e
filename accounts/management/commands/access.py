"""`manage.py access`: the access rules in words, and what they answer for a user and a row."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Model

from accounts.management.users import find
from accounts.staff import scopes
from podium.access import rules, words
from podium.access.callers import Caller
from podium.access.conditions import ACTIONS, Action
from podium.access.explain import explain, lines

NOBODY = "nobody"


class Command(BaseCommand):
    help = "Show the access rules of all models, or explain what a user may do with a row."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
        listing = commands.add_parser("rules", help="list the rules of all models in words")
        listing.add_argument("--json", action="store_true", help="print JSON")
        one = commands.add_parser("explain", help="explain what the rules answer for a user and a row")
        one.add_argument("row", metavar="MODEL:KEY", help="the row, such as note:1 or notes.note:1")
        one.add_argument("account", metavar="USER", help="an e-mail address or id, or nobody")
        one.add_argument("action", nargs="?", default="read", choices=ACTIONS, help="read by default")
        one.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, command: str, **options: Any) -> None:
        if command == "rules":
            self._rules(as_json=options["json"])
        else:
            self._explain(options["row"], options["account"], options["action"], as_json=options["json"])

    def _rules(self, *, as_json: bool) -> None:
        found = {
            model._meta.label: {each: words.of_rule(model, each) for each in ACTIONS}
            for model in rules.models()
        }
        if as_json:
            self.stdout.write(json.dumps(found, indent=2))
            return
        if not found:
            self.stdout.write(
                "No model has access rules. Write them in <app>/access.py: docs/how-to/access-rules.md"
            )
        for label, texts in found.items():
            self.stdout.write(label)
            for action, text in texts.items():
                self.stdout.write(f"  {action:7} {text}")

    def _explain(self, row: str, account: str, action: Action, *, as_json: bool) -> None:
        by = None
        if account != NOBODY:
            user = find(account)
            by = Caller(str(user.pk), scopes.of(user))
        answer = explain(action, _row(row), by)
        if as_json:
            self.stdout.write(json.dumps(asdict(answer), indent=2))
        else:
            self.stdout.write("\n".join(lines(answer)))


def _row(text: str) -> Model:
    """Return the row that the command line names. Raises CommandError."""
    name, _, key = text.rpartition(":")
    if not name:
        raise CommandError(f"{text!r} is not a valid row: write the model and the key, such as note:1.")
    model = _model(name)
    try:
        row = model._base_manager.filter(pk=key).first()
    except (ValueError, ValidationError) as error:
        raise CommandError(f"{key!r} is not a valid key of {model._meta.label}.") from error
    if row is None:
        raise CommandError(f"There is no {model._meta.label} with the key {key}.")
    return row


def _model(name: str) -> type[Model]:
    found = [
        model
        for model in apps.get_models()
        if name.lower() in (model._meta.model_name, model._meta.label_lower)
    ]
    if not found:
        raise CommandError(f"There is no model {name!r}. Write its class, such as note, or notes.note.")
    if len(found) > 1:
        labels = ", ".join(model._meta.label for model in found)
        raise CommandError(f"{name!r} is the name of several models: write one of {labels}.")
    return found[0]
