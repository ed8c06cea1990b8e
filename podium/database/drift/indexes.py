"""Differences between the indexes, foreign keys and checks of a table and its models.

An object with the same definition under another name counts as the same, and is renamed if a model gives its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from podium.database.drift.catalog import Index, Table
from podium.database.drift.difference import Difference, Level, Stage, Statement, alter_table, quote

MADE_UP = re.compile(r"_[0-9a-f]{8}(_|$)|_(pkey|key)$")
"""Names with a digest are Django's, those that end like this are Postgres's."""


def compare(table: str, wanted: Table, found: Table) -> Iterator[Difference]:
    yield from _indexes(table, wanted, found)
    yield from _constraints(table, wanted, found)


def is_key(definition: str) -> bool:
    """Return whether a constraint is a foreign key."""
    return definition.startswith("FOREIGN KEY")


def _is_made_up(name: str) -> bool:
    """Return whether Django or Postgres derived a name from the table's, which stays when the table is renamed."""
    return MADE_UP.search(name) is not None


def _indexes(table: str, wanted: Table, found: Table) -> Iterator[Difference]:
    left = {name: index for name, index in found.indexes.items() if name not in wanted.indexes}
    for name, index in wanted.indexes.items():
        same = next((one for one, other in left.items() if other.definition == index.definition), name)
        there = found.indexes.get(name) or left.pop(same, None)
        if there is None:
            sql = (_create(table, name, index),)
            yield Difference("index", f"{table}.{name}", "is missing", Level.WRONG, sql)
        elif there != index:
            yield _other_index(table, name, index, there, name if name in found.indexes else same)
        elif name not in found.indexes and not (_is_made_up(name) and _is_made_up(same)):
            rename = (Stage.INDEX, f"ALTER INDEX {quote(same)} RENAME TO {quote(name)}")
            text = f"has another name: {same}"
            yield Difference("index", f"{table}.{name}", text, Level.FORM, (rename,))
    for name, index in left.items():
        sql = (_drop(table, name, index),)
        yield Difference("index", f"{table}.{name}", "is in no model", Level.UNKNOWN, sql)


def _other_index(table: str, name: str, wanted: Index, there: Index, there_name: str) -> Difference:
    what = f"{table}.{name}"
    same = there.definition == wanted.definition and there.valid
    if same and wanted.constraint.startswith("UNIQUE") and not there.constraint:
        # The index gets the constraint's name. Source: Postgres's documentation of ALTER TABLE.
        add = f"ADD CONSTRAINT {quote(name)} UNIQUE USING INDEX {quote(there_name)}"
        text = "is a unique index, should be a constraint"
        return Difference("index", what, text, Level.FORM, alter_table(table, Stage.INDEX, add))
    text = f"is {_text(there)}, should be {_text(wanted)}" if there.valid else "was never finished"
    sql = (_drop(table, there_name, there), _create(table, name, wanted))
    return Difference("index", what, text, Level.FORM if same else Level.WRONG, sql)


def _text(index: Index) -> str:
    return index.constraint or index.definition


def _create(table: str, name: str, index: Index) -> Statement:
    if index.constraint:
        return alter_table(table, Stage.INDEX, f"ADD CONSTRAINT {quote(name)} {index.constraint}")[0]
    unique = "UNIQUE " if index.definition.startswith("UNIQUE ") else ""
    definition = index.definition.removeprefix("UNIQUE ")
    return (Stage.INDEX, f"CREATE {unique}INDEX {quote(name)} ON {quote(table)} {definition}")


def _drop(table: str, name: str, index: Index) -> Statement:
    if index.constraint:
        return alter_table(table, Stage.DROP, f"DROP CONSTRAINT {quote(name)}")[0]
    return (Stage.DROP, f"DROP INDEX {quote(name)}")


def _constraints(table: str, wanted: Table, found: Table) -> Iterator[Difference]:
    left = {name: text for name, text in found.constraints.items() if name not in wanted.constraints}
    for name, definition in wanted.constraints.items():
        add = alter_table(table, Stage.CONSTRAINT, f"ADD CONSTRAINT {quote(name)} {definition}")
        there = found.constraints.get(name, "")
        old = next((one for one, text in left.items() if text == definition and not there), None)
        if there == definition:
            continue
        if there:
            text = f"is {there}, should be {definition}"
            yield _constraint(table, name, definition, text, Level.WRONG, *_untie(table, name), *add)
        elif old is None:
            yield _constraint(table, name, definition, "is missing", Level.WRONG, *add)
        else:
            del left[old]
            if _is_made_up(old) and _is_made_up(name):
                continue
            rename = f"RENAME CONSTRAINT {quote(old)} TO {quote(name)}"
            sql = alter_table(table, Stage.UNTIE, rename)
            yield _constraint(table, name, definition, f"has another name: {old}", Level.FORM, *sql)
    for name, definition in left.items():
        sql = _untie(table, name)
        yield _constraint(table, name, definition, "is in no model", Level.UNKNOWN, *sql)


def _untie(table: str, name: str) -> tuple[Statement, ...]:
    return alter_table(table, Stage.UNTIE, f"DROP CONSTRAINT {quote(name)}")


def _constraint(
    table: str, name: str, definition: str, text: str, level: Level, *sql: Statement
) -> Difference:
    kind = "foreign key" if is_key(definition) else "check"
    return Difference(kind, f"{table}.{name}", text, level, sql)
