"""One difference between a database and what its models want, with the SQL that fixes it."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable
from dataclasses import dataclass


class Level(enum.StrEnum):
    """The meaning of a difference.

    FORM      the same behavior under another name or in another notation
    NARROW    the same behavior for existing values, but some values that the models allow are refused
    WRONG     the app would fail or read wrong values; fixing it loses nothing
    LOSS      the same, but fixing it could lose data
    UNKNOWN   not in the models; removing it loses its contents
    """

    FORM = "form"
    NARROW = "narrow"
    WRONG = "wrong"
    LOSS = "loss"
    UNKNOWN = "unknown"


class Stage(enum.IntEnum):
    """The order of statements: each runs after those that it depends on."""

    UNTIE = 0  # foreign keys and checks
    DROP = 1  # indexes
    TABLE = 2
    COLUMN = 3
    INDEX = 4
    CONSTRAINT = 5
    REMOVE = 6  # columns and tables


Statement = tuple[Stage, str]


@dataclass(frozen=True)
class Difference:
    """One difference. `what` reads "note.body", `text` goes on: "is missing". No SQL: nothing fixes it by itself."""

    kind: str
    what: str
    text: str
    level: Level
    sql: tuple[Statement, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.what} {self.text}"

    def as_json(self) -> dict[str, object]:
        return {"kind": self.kind, "what": self.what, "text": self.text, "level": self.level}


def statements(differences: Iterable[Difference], *, only: Collection[Stage] = tuple(Stage)) -> list[str]:
    """The SQL that fixes these, in an order that works."""
    found = [statement for difference in differences for statement in difference.sql if statement[0] in only]
    return [sql for _, sql in sorted(found, key=lambda statement: statement[0])]


def quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def alter_table(table: str, stage: Stage, *actions: str) -> tuple[Statement, ...]:
    """The SQL for each of these actions on a table."""
    return tuple((stage, f"ALTER TABLE {quote(table)} {action}") for action in actions)
