"""`manage.py importusers`: the people of Firebase, Supabase or Serverpod, with their passwords and identities."""

from __future__ import annotations

import json
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.conf import conf
from accounts.imports import firebase, passwords, reading, serverpod, supabase
from accounts.imports.importing import ToPerson, take_over
from accounts.imports.reading import Entry, Unreadable
from accounts.imports.report import NOTE, Outcome, Report

PROGRESS = 5000  # entries between two words about how far it is

STATUSES = """\
exit status:
  0  everyone in the source is here now, or was already
  1  some were refused; the others are here
  2  the command was called in a way that makes no sense
  3  the source could not be read, or not to its end; what came before is here
"""


class Command(BaseCommand):
    help = "Take over the people of another system with passwords, addresses, identities and scopes. Safe to run twice."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, epilog=STATUSES, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="the export: docs/moving-users.md")
        parser.add_argument(
            "--from", dest="source", required=True, choices=["firebase", "supabase", "serverpod"]
        )
        parser.add_argument(
            "--database", metavar="URL", help="Supabase, Serverpod: read this Postgres instead of a file"
        )
        parser.add_argument(
            "--tables",
            choices=["new", "old"],
            help="Serverpod: those of serverpod_auth_core, or of the older serverpod_auth (default: what is there)",
        )
        parser.add_argument(
            "--print-query",
            action="store_true",
            help="Supabase, Serverpod: only print the SQL whose result is the file",
        )
        parser.add_argument(
            "--hash-parameters", type=Path, metavar="FILE", help="Firebase: the project's, from its console"
        )
        parser.add_argument("--no-passwords", action="store_true", help="everyone has to set a new one")
        parser.add_argument(
            "--merge",
            action="store_true",
            help="whose confirmed address is confirmed here too is that person",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, source: str, print_query: bool, format: str, **options: Any) -> None:
        _check(source, print_query=print_query, **options)
        if print_query:
            self.stdout.write(_query(source, options["tables"], serverpod.ALL_TABLES))
            return
        said: list[dict[str, str]] = []
        report = Report(partial(self._keep, said) if format == "json" else self._say)
        stopped = ""
        try:
            to_person = _to_person(
                source, options["hash_parameters"], with_password=not options["no_passwords"]
            )
            if source == "serverpod" and not options["no_passwords"] and not conf.SERVERPOD_PEPPERS:
                self.stderr.write(
                    "SERVERPOD_PEPPERS is not set: passwords that Serverpod hashed with a pepper won't match."
                )
            take_over(
                _entries(source, **options),
                to_person,
                source,
                report,
                merge=options["merge"],
                dry_run=options["dry_run"],
                after_batch=partial(self._progress, report),
            )
        except Unreadable as why:
            stopped = str(why)
        self._end(report, said, stopped, dry_run=options["dry_run"], as_json=format == "json")

    def _say(self, kind: str, place: str, text: str) -> None:
        self.stdout.write(f"{place}: {text}" if kind == NOTE else f"{place}: {kind}: {text}")

    @staticmethod
    def _keep(said: list[dict[str, str]], kind: str, place: str, text: str) -> None:
        said.append({"kind": kind, "place": place, "text": text})

    def _progress(self, report: Report) -> None:
        if report.entries // PROGRESS > getattr(self, "_told", 0):
            self._told = report.entries // PROGRESS
            self.stderr.write(f"{report.entries} entries")

    def _end(
        self, report: Report, said: list[dict[str, str]], stopped: str, *, dry_run: bool, as_json: bool
    ) -> None:
        if as_json:
            result = {"dry_run": dry_run, **report.as_numbers(), "stopped": stopped, "said": said}
            self.stdout.write(json.dumps(result))
        else:
            numbers = ", ".join(
                f"{count} {name}" for name, count in report.as_numbers().items() if name != NOTE
            )
            self.stdout.write(f"{'Nothing was changed. It would be: ' if dry_run else ''}{numbers}.")
        if stopped:
            raise CommandError(stopped, returncode=3)
        if refused := report.counts[Outcome.REFUSED]:
            raise CommandError(f"{refused} of {report.entries} entries were refused.", returncode=1)


def _check(
    source: str,
    *,
    file: Path | None,
    database: str | None,
    tables: str | None,
    print_query: bool,
    hash_parameters: Path | None,
    no_passwords: bool,
    **_: Any,
) -> None:
    """Words that don't go together. Raises CommandError."""
    fault = ""
    if source == "firebase" and (database or print_query):
        fault = "Firebase gives no database: give the file of `firebase auth:export`."
    elif source == "firebase" and file and file.suffix.lower() == ".csv":
        fault = "Firebase's CSV has no heading and lacks claims: export with --format=json."
    elif (file is not None) + (database is not None) + print_query != 1:
        fault = "Give a file or --database, one of them."
    elif source == "firebase" and not (hash_parameters or no_passwords):
        fault = "Give --hash-parameters: without them no password can be checked. Or --no-passwords."
    elif source != "firebase" and hash_parameters:
        fault = "--hash-parameters is for Firebase."
    elif tables and (source != "serverpod" or file):
        fault = "--tables is for Serverpod, with --database or --print-query."
    if fault:
        raise CommandError(fault, returncode=2)


def _to_person(source: str, hash_parameters: Path | None, *, with_password: bool) -> ToPerson:
    """What makes a person of an entry. Raises CommandError, Unreadable."""
    if source == "supabase":
        return partial(supabase.person, with_password=with_password)
    if source == "serverpod":
        return partial(serverpod.person, with_password=with_password)
    parameters = None
    if hash_parameters and with_password:
        try:
            parameters = passwords.read_firebase_parameters(hash_parameters)
        except OSError as error:
            raise Unreadable(f"{hash_parameters}: {error.strerror or error}") from None
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from None
    return partial(firebase.person, parameters=parameters)


def _entries(
    source: str, *, file: Path | None, database: str | None, tables: str | None, **_: Any
) -> Iterator[Entry]:
    if file is not None:
        return reading.from_file(file)
    assert database is not None
    if source == "supabase":
        return reading.from_database(database, supabase.QUERY)
    there = reading.tables_of(database)
    which = tables or ("new" if serverpod.NEW in there else "old")
    if {"new": serverpod.NEW, "old": serverpod.OLD}[which] not in there:
        raise Unreadable(f"This database has neither {serverpod.NEW} nor {serverpod.OLD}; see --tables.")
    return reading.from_database(database, _query(source, which, there))


def _query(source: str, tables: str | None, there: Any) -> str:
    if source == "supabase":
        return supabase.QUERY
    return serverpod.OLD_QUERY if tables == "old" else serverpod.new_query(there)
