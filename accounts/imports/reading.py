"""Readers of exports, entry by entry, never all in memory: JSON, JSON lines, CSV, or a read-only database."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ijson
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

Entry = tuple[str, dict[str, Any] | None]
"""The place of an entry and its content; None if it is not an object."""

FIELD_CHARACTERS = 16 * 1024 * 1024
"""The longest value in CSV. Python's limit is 128 KB, which a profile with an embedded picture exceeds."""
ROWS_AT_A_TIME = 1000
CONNECT_SECONDS = 10
LOOK_AHEAD = 1000  # characters, to detect the kind of JSON


class Unreadable(Exception):
    """The source can't be read to its end; the text gives the reason."""


def from_file(path: Path) -> Iterator[Entry]:
    """Yield the entries of a file: `.csv` with a heading, a JSON list, Firebase's `{"users": [...]}`, or JSON lines.

    Raises Unreadable. Entries yielded before are valid.
    """
    last = "the beginning"
    try:
        for place, entry in _from_csv(path) if path.suffix.lower() == ".csv" else _from_json(path):
            last = place
            yield place, entry
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror or error}") from None
    except (ijson.JSONError, UnicodeDecodeError, csv.Error) as error:
        raise Unreadable(f"{path} can't be read beyond {last}: {error}") from None


def _from_csv(path: Path) -> Iterator[Entry]:
    csv.field_size_limit(FIELD_CHARACTERS)
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.DictReader(file)
        for entry in lines:
            whole = None not in entry and None not in entry.values()
            yield f"line {lines.line_num}", entry if whole else None


def _from_json(path: Path) -> Iterator[Entry]:
    with path.open(encoding="utf-8-sig") as file:
        beginning = file.read(LOOK_AHEAD)
    if re.match(r"\s*\[", beginning):
        yield from _from_list(path, "item")
    elif re.match(r'\s*\{\s*"users"\s*:\s*\[', beginning):
        yield from _from_list(path, "users.item")
    else:
        yield from _from_lines(path)


def _from_list(path: Path, where: str) -> Iterator[Entry]:
    with path.open("rb") as file:
        if file.read(3) != b"\xef\xbb\xbf":
            file.seek(0)
        for number, entry in enumerate(ijson.items(file, where, use_float=True), start=1):
            yield f"entry {number}", entry if isinstance(entry, dict) else None


def _from_lines(path: Path) -> Iterator[Entry]:
    with path.open(encoding="utf-8-sig") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
            except ValueError:
                entry = None
            yield f"line {number}", entry if isinstance(entry, dict) else None


def from_database(url: str, query: str) -> Iterator[Entry]:
    """Yield the rows of a query with one JSON object a row, in a read-only transaction. Raises Unreadable."""
    try:
        with _connected(url) as connection, connection.cursor(name="importusers") as cursor:
            cursor.itersize = ROWS_AT_A_TIME
            cursor.execute(sql.SQL(query))
            for number, (entry,) in enumerate(cursor, start=1):
                yield f"row {number}", entry if isinstance(entry, dict) else None
    except psycopg.Error as error:
        raise Unreadable(f"The database: {_said(error)}") from None


def tables_of(url: str) -> set[str]:
    """The tables that a connection finds without a schema's name. Raises Unreadable."""
    try:
        with _connected(url) as connection:
            names = connection.execute(
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'v', 'p') AND pg_table_is_visible(oid)"
            )
            return {name for (name,) in names}
    except psycopg.Error as error:
        raise Unreadable(f"The database: {_said(error)}") from None


def _connected(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    try:
        conninfo_to_dict(url)
    except psycopg.ProgrammingError:  # the error's text may contain the password
        raise Unreadable(
            "Not a valid database URL: expected postgresql://user:password@host:5432/name"
        ) from None
    connection = psycopg.connect(url, connect_timeout=CONNECT_SECONDS)
    connection.read_only = True
    return connection


def _said(error: psycopg.Error) -> str:
    """The error message of Postgres, in one line."""
    return " ".join(str(error).split())
