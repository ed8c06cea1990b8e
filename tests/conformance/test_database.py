"""The part of the database: what agrees is counted, what differs is named."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from codegen import sql
from tests.conformance import database
from tests.conformance.corpus import Corpus
from tests.postgres import address

MODELS = {
    "note": "class: Note\ntable: note\nfields:\n  title: String, default='a (b)'\n  at: DateTime, default=now\n"
    "  parent: Note?, relation(optional, onDelete=SetNull)\nindexes:\n  note_title_idx:\n    fields: title\n",
    "legacy": "class: Legacy\ntable: legacy\nmanagedMigration: false\nfields:\n  a: int\n",
    "place": "class: Place\ntable: place\nfields:\n  point: GeographyPoint\n  a: int\nindexes:\n"
    "  place_idx:\n    fields: point\n    type: gist\n",
}


def column(name: str, kind: int, default: str | None = None, *, null: bool = False) -> dict[str, Any]:
    return {"name": name, "columnType": kind, "isNullable": null} | (
        {"columnDefault": default} if default else {}
    )


NOTE: dict[str, Any] = {
    "name": "note",
    "managed": True,
    "columns": [
        column("id", 6, "serial"),
        column("title", 0, "'a (b)'"),
        column("at", 4, "now"),
        column("parentId", 6, null=True),
    ],
    "foreignKeys": [
        {
            "constraintName": "note_fk_0",
            "columns": ["parentId"],
            "referenceTable": "note",
            "referenceColumns": ["id"],
            "onDelete": 0,
            "onUpdate": 3,
        }
    ],
    "indexes": [
        {
            "indexName": "note_title_idx",
            "elements": [{"definition": "title"}],
            "type": "btree",
            "isUnique": False,
        }
    ],
}
LEGACY = {"name": "legacy", "managed": False, "columns": [], "foreignKeys": [], "indexes": []}


@pytest.fixture
def compare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> Any:
    """Compare the models of these names with these tables."""
    monkeypatch.setenv("DATABASE_URL", address())

    def run(*tables: dict[str, Any], models: tuple[str, ...] = ("note", "legacy")) -> Any:
        folder = tmp_path / "projects" / "shop"
        (folder / "models").mkdir(parents=True)
        (folder / "project.json").write_text(json.dumps({"name": "shop", "models": "models"}))
        (folder / "database.json").write_text(json.dumps({"tables": tables}))
        for name in models:
            (folder / "models" / f"{name}.spy.yaml").write_text(MODELS[name])
        return database.run(Corpus(tmp_path))

    return run


def test_tables_that_agree_are_counted(compare: Any) -> None:
    result = compare(NOTE, LEGACY)
    assert result.disagreements == []
    assert (result.agree, result.total, result.passed) == (7, 7, True)


def changed(path: str, value: Any) -> dict[str, Any]:
    table = copy.deepcopy(NOTE)
    kind, number, name = path.split(".")
    table[kind][int(number)][name] = value
    return table


@pytest.mark.parametrize(
    ("path", "value", "difference"),
    [
        ("columns.0.columnType", 7, "column note.id: type should be 'uuid', is 'bigint'"),
        ("columns.1.isNullable", True, "column note.title: nullable should be True, is False"),
        ("columns.1.columnDefault", "'b'", "column note.title: default should be \"'b'\", is"),
        ("columns.2.columnDefault", "2024-05-24T22:00:00.000Z", "column note.at: default should be"),
        ("columns.3.columnDefault", "7", "column note.parentId: default should be '7', is ''"),
        ("foreignKeys.0.onDelete", 4, "note_fk_0: on delete should be 'cascade', is 'set null'"),
        (
            "foreignKeys.0.deferrable",
            "initiallyDeferred",
            "deferrable should be 'initially deferred', is 'no'",
        ),
        ("indexes.0.isUnique", True, "index note.note_title_idx: unique should be True, is False"),
        ("indexes.0.type", "hash", "index note.note_title_idx: type should be 'hash', is 'btree'"),
    ],
)
def test_each_difference_is_named(path: str, value: Any, difference: str, compare: Any) -> None:
    result = compare(changed(path, value))
    [line] = result.disagreements
    assert difference in line
    assert (result.agree, result.total, result.passed) == (6, 7, False)


def test_what_is_missing_and_what_is_too_much_counts(compare: Any) -> None:
    table = copy.deepcopy(NOTE)
    table["columns"].append(column("more", 0))
    table["indexes"] = []
    assert compare(table).disagreements == [
        "shop column note.more: is missing",
        "shop index note.note_title_idx: should not be there",
    ]


def test_what_this_postgres_can_not_have_is_left_out_and_said(
    compare: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "missing_extensions", lambda _: frozenset(["postgis"]))
    place = {
        "name": "place",
        "columns": [column("id", 6, "serial"), column("point", 15), column("a", 6)],
        "foreignKeys": [],
        "indexes": [],
    }
    result = compare(place, models=("place",))
    assert (result.agree, result.total) == (3, 3)
    assert result.notes[0] == (
        "shop: this Postgres has no postgis, so 2 are left out: column place.point, index place.place_idx"
    )


@pytest.mark.parametrize("url", ["", "postgresql://nobody@127.0.0.1:1/none"])
def test_without_a_postgres_nothing_is_compared_and_nothing_fails(
    url: str, compare: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    result = compare(changed("columns.0.columnType", 7))
    assert (result.agree, result.total, result.passed) == (0, 0, True)
    assert result.notes[0].startswith("the database was not compared: ")


def test_models_without_ddl_fail_and_say_why(compare: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Any) -> str:
        raise sql.SqlError("no")

    monkeypatch.setattr(sql, "emit", refuse)
    result = compare(NOTE)
    assert (result.agree, result.total, result.passed) == (0, 7, False)
    assert result.disagreements[0] == "shop: the DDL can't be made or loaded: no"
