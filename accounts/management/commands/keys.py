"""`manage.py keys`: create, list, rotate and revoke API keys."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.formats import date_format

from accounts.keys import keys
from accounts.management.users import find
from accounts.models import ApiKey
from podium.core.errors import PodiumError


class Command(BaseCommand):
    help = "Create, list, rotate and revoke API keys, with which programs call as a user."

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
        create = commands.add_parser("create", help="create a key and show it, once")
        create.add_argument("account", metavar="USER", help="the owner: an e-mail address or id")
        create.add_argument("name", help="the program that uses the key")
        scope_help = "a scope of the owner that the key gets; repeat it for more (default: none)"
        create.add_argument("--scope", action="append", default=[], dest="scopes", help=scope_help)
        create.add_argument(
            "--days",
            type=int,
            default=keys.DAYS,
            help="days until it expires, 0: never (default %(default)s)",
        )
        listing = commands.add_parser("list", help="list the keys, without their secrets")
        listing.add_argument("account", metavar="USER", nargs="?", help="only of this user")
        listing.add_argument("--all", action="store_true", help="also those that have ended")
        rotate = commands.add_parser("rotate", help="give a key a new secret and show it, once")
        rotate.add_argument("key", metavar="KEY", help="its id")
        rotate.add_argument(
            "--hours",
            type=int,
            default=keys.OVERLAP_HOURS,
            help="hours for which the previous secret still works, 0: not at all (default %(default)s)",
        )
        rotate.add_argument(
            "--days", type=int, help="days until the key expires, 0: never (default: as before)"
        )
        revoke = commands.add_parser("revoke", help="end a key at once")
        revoke.add_argument("key", metavar="KEY", help="its id, or the key itself if it has leaked")
        for each in (create, listing, rotate, revoke):
            each.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, command: str, json: bool, **options: Any) -> None:
        self.as_json = json
        try:
            getattr(self, f"_{command}")(**options)
        except PodiumError as error:
            raise CommandError(error.message) from None

    def _create(self, account: str, name: str, scopes: list[str], days: int, **_: Any) -> None:
        self._show(keys.create(find(account), name=name, scopes=scopes, days=days))

    def _rotate(self, key: str, hours: int, days: int | None, **_: Any) -> None:
        self._show(keys.rotate(_found(key), hours=hours, days=days))

    def _revoke(self, key: str, **_: Any) -> None:
        row = _found(key)
        done = keys.revoke(row)
        if self.as_json:
            self._print({"id": row.pk, "revoked": done})
        else:
            self.stdout.write(f"{row} ({row.pk}) {'is' if done else 'was already'} revoked")

    def _list(self, account: str | None, all: bool, **_: Any) -> None:
        rows = ApiKey.objects.select_related("owner").order_by("pk")
        if account is not None:
            rows = rows.filter(owner=find(account))
        shown = [row for row in rows if all or keys.works(row)]
        if self.as_json:
            self._print([_facts(row) for row in shown])
        elif not shown:
            self.stdout.write("No API keys. Create one: manage.py keys create USER NAME")
        for row in [] if self.as_json else shown:
            self.stdout.write(_line(row))

    def _show(self, issued: keys.Issued) -> None:
        if self.as_json:
            self._print({**_facts(issued.row), "key": issued.key})
            return
        self.stdout.write(_line(issued.row))
        self.stdout.write(f"The key, which is not shown again:\n{issued.key}")

    def _print(self, value: object) -> None:
        self.stdout.write(json.dumps(value, cls=DjangoJSONEncoder, indent=2))


def _found(text: str) -> ApiKey:
    """Return the key that the command line names. Raises CommandError, which does not show it: it may be a secret."""
    row = keys.find(text)
    if row is None:
        raise CommandError("No API key has this id. List them: manage.py keys list --all")
    return row


def _facts(row: ApiKey) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.name,
        "owner": {"id": row.owner_id, "email": row.owner.email},
        "scopes": sorted(row.scopes),
        "created": row.created_at,
        "rotated": row.rotated_at,
        "last_used": row.last_used_at,
        "expires": row.expires_at,
        "revoked": row.revoked_at,
    }


def _line(row: ApiKey) -> str:
    used = date_format(row.last_used_at, "Y-m-d H:i") if row.last_used_at else "never"
    scopes = ", ".join(sorted(row.scopes)) or "none"
    return f"{row.pk}  {row.name} of {row.owner}, scopes: {scopes}, last used: {used}, {keys.state(row)}"
