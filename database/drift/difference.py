"""One difference between a database and what its models want, with the SQL that mends it."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass


class Level(enum.StrEnum):
    """What a difference means.

    FORM      works alike, under another name or written in another way
    WRONG     the app would fail or read wrongly; mending it loses nothing
    LOSS      the same, but to mend it could lose data
    UNKNOWN   more than the models know of; to remove it loses what is in it
    """

    FORM = "form"
    WRONG = "wrong"
    LOSS = "loss"
    UNKNOWN = "unknown"


class Stage(enum.IntEnum):
    """When a statement has its turn, so that what it needs is there and what is in its way is gone."""

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
    """One difference. `what` reads "note.body", `text` goes on: "is missing". No SQL: nothing mends it by itself."""

    kind: str
    what: str
    text: str
    level: Level
    sql: tuple[Statement, ...] = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.what} {self.text}"

    def as_json(self) -> dict[str, object]:
        return {"kind": self.kind, "what": self.what, "text": self.text, "level": self.level}


def statements(differences: Iterable[Difference]) -> list[str]:
    """The SQL that mends these, in an order that works."""
    found = [statement for difference in differences for statement in difference.sql]
    return [sql for _, sql in sorted(found, key=lambda statement: statement[0])]


def quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def alter_table(table: str, stage: Stage, *actions: str) -> tuple[Statement, ...]:
    """The SQL for each of these actions on a table."""
    return tuple((stage, f"ALTER TABLE {quote(table)} {action}") for action in actions)
