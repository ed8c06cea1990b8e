"""`manage.py importusers`: import users of Firebase, Supabase or Serverpod, with passwords and identities."""

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
from accounts.imports.importing import Converter, take_over
from accounts.imports.reading import Entry, Unreadable
from accounts.imports.report import NOTE, Outcome, Report

PROGRESS = 5000  # entries between two progress messages

STATUSES = """\
exit status:
  0  all users of the source are here, from this run or before
  1  some were refused; the others were imported
  2  the arguments are invalid
  3  the source could not be read to its end; entries before the error were imported
"""


class Command(BaseCommand):
    help = "Import the users of another system with passwords, addresses, identities and scopes. Safe to run twice."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(
            prog_name, subcommand, epilog=STATUSES, formatter_class=RawDescriptionHelpFormatter, **kwargs
        )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="the export: docs/how-to/moving-users.md")
        parser.add_argument(
            "--from",
            dest="source",
            required=True,
            choices=["firebase", "supabase", "serverpod"],
            help="the system that the users come from",
        )
        parser.add_argument(
            "--database",
            metavar="URL",
            help="Supabase, Serverpod: read this Postgres database instead of a file",
        )
        parser.add_argument(
            "--tables",
            choices=["new", "old"],
            help="Serverpod: those of serverpod_auth_core, or of the older serverpod_auth (default: those that exist)",
        )
        parser.add_argument(
            "--print-query",
            action="store_true",
            help="Supabase, Serverpod: only print the SQL whose result is the file",
        )
        parser.add_argument(
            "--hash-parameters",
            type=Path,
            metavar="FILE",
            help="Firebase: the project's parameters, from its console",
        )
        parser.add_argument(
            "--no-passwords", action="store_true", help="import no passwords; all users must set a new one"
        )
        parser.add_argument(
            "--merge",
            action="store_true",
            help="merge users with the same address, if it is confirmed on both sides",
        )
        parser.add_argument("--dry-run", action="store_true", help="report the result, change nothing")
        parser.add_argument(
            "--format", choices=["text", "json"], default="text", help="format of the report (%(default)s)"
        )

    def handle(self, *args: Any, source: str, print_query: bool, format: str, **options: Any) -> None:
        _check(source, print_query=print_query, **options)
        if print_query:
            self.stdout.write(_query(source, options["tables"], serverpod.all_tables()))
            return
        said: list[dict[str, str]] = []
        report = Report(partial(self._keep, said) if format == "json" else self._say)
        stopped = ""
        try:
            convert = _converter(
                source, options["hash_parameters"], with_password=not options["no_passwords"]
            )
            if source == "serverpod" and not options["no_passwords"] and not conf.SERVERPOD_PEPPERS:
                self.stderr.write(
                    "SERVERPOD_PEPPERS is not set: passwords that Serverpod hashed with a pepper won't match."
                )
            take_over(
                _entries(source, **options),
                convert,
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
    """Check that the arguments fit together. Raises CommandError."""
    fault = ""
    if source == "firebase" and (database or print_query):
        fault = "Firebase has no database to read: give the file of `firebase auth:export`."
    elif source == "firebase" and file and file.suffix.lower() == ".csv":
        fault = "Firebase's CSV has no heading and lacks claims: export with --format=json."
    elif (file is not None) + (database is not None) + print_query != 1:
        fault = "Give either a file or --database."
    elif source == "firebase" and not (hash_parameters or no_passwords):
        fault = "Give --hash-parameters, without which no password can be checked, or --no-passwords."
    elif source != "firebase" and hash_parameters:
        fault = "--hash-parameters is for Firebase."
    elif tables and (source != "serverpod" or file):
        fault = "--tables is for Serverpod, with --database or --print-query."
    if fault:
        raise CommandError(fault, returncode=2)


def _converter(source: str, hash_parameters: Path | None, *, with_password: bool) -> Converter:
    """Return the function that converts an entry. Raises CommandError, Unreadable."""
    if source == "supabase":
        return partial(supabase.user_of, with_password=with_password)
    if source == "serverpod":
        return partial(serverpod.user_of, with_password=with_password)
    parameters = None
    if hash_parameters and with_password:
        try:
            parameters = passwords.read_firebase_parameters(hash_parameters)
        except OSError as error:
            raise Unreadable(f"{hash_parameters}: {error.strerror or error}") from None
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from None
    return partial(firebase.user_of, parameters=parameters)


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
