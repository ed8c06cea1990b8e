"""The part of the database: agreements are counted, differences are named."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from podium.codegen import sql
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

KEYS = [f"key{number}" for number in range(5)]
MODELS |= {
    name: f"class: {name.title()}\ntable: {name}\nfields:\n  at: DateTime, default=now\n"
    "  a: UuidValue, default=random\n  b: UuidValue, default=random_v7\n"
    for name in KEYS
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
    """A function that compares the models of these names with these tables."""
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


SPELLINGS = {
    "id": ["serial", "nextval('key_id_seq'::regclass)", "nextval('public.\"key_id_seq\"'::regclass)"],
    "at": [
        "now",
        "now()",
        "CURRENT_TIMESTAMP",
        "(CURRENT_TIMESTAMP AT TIME ZONE 'utc'::text)",
        "timezone('utc'::text, now())",
    ],
    "a": ["random", "gen_random_uuid()", "public.gen_random_uuid()"],
    "b": ["random_v7", "gen_random_uuid_v7()"],
}


def key_table(name: str, **defaults: str) -> dict[str, Any]:
    kinds = {"id": 6, "at": 4, "a": 7, "b": 7}
    columns = [column(each, kind, defaults.get(each)) for each, kind in kinds.items()]
    key = {"indexName": f"{name}_pkey", "elements": [{"definition": "id"}], "type": "btree", "isUnique": True}
    return {"name": name, "columns": columns, "foreignKeys": [], "indexes": [key | {"isPrimary": True}]}


def test_a_default_is_the_same_in_each_spelling(compare: Any) -> None:
    tables = [
        key_table(table, **{name: each[number % len(each)] for name, each in SPELLINGS.items()})
        for number, table in enumerate(KEYS)
    ]
    result = compare(*tables, models=KEYS)
    assert result.disagreements == []
    assert (result.agree, result.total) == (25, 25)


def test_a_default_of_another_kind_is_not_the_same(compare: Any) -> None:
    table = key_table("key0", a="random_v7", b="random")
    assert compare(table, models=("key0",)).disagreements == [
        "shop column key0.a: default should be 'random_v7', is 'random'",
        "shop column key0.at: default should be '', is 'now'",
        "shop column key0.b: default should be 'random', is 'random_v7'",
        "shop column key0.id: default should be '', is 'serial'",
    ]


def changed(changes: dict[str, Any]) -> dict[str, Any]:
    table = copy.deepcopy(NOTE)
    for path, value in changes.items():
        kind, number, name = path.split(".")
        table[kind][int(number)][name] = value
    return table


@pytest.mark.parametrize(
    "differences",
    [
        {
            "columns.0.columnType": (7, "column note.id: type should be 'uuid', is 'bigint'"),
            "columns.1.isNullable": (True, "column note.title: nullable should be True, is False"),
            "columns.2.columnDefault": ("2024-05-24T22:00:00.000Z", "column note.at: default should be"),
            "columns.3.columnDefault": ("7", "column note.parentId: default should be '7', is ''"),
            "foreignKeys.0.onDelete": (4, "note_fk_0: on delete should be 'cascade', is 'set null'"),
            "indexes.0.isUnique": (True, "index note.note_title_idx: unique should be True, is False"),
        },
        {
            "columns.1.columnDefault": ("'b'", "column note.title: default should be \"'b'\", is"),
            "foreignKeys.0.deferrable": (
                "initiallyDeferred",
                "deferrable should be 'initially deferred', is 'no'",
            ),
            "indexes.0.type": ("hash", "index note.note_title_idx: type should be 'hash', is 'btree'"),
        },
    ],
)
def test_each_difference_is_named(differences: dict[str, tuple[Any, str]], compare: Any) -> None:
    result = compare(changed({path: value for path, (value, _) in differences.items()}))
    named = [text for line in result.disagreements for _, text in differences.values() if text in line]
    assert sorted(named) == sorted(text for _, text in differences.values())
    assert len(result.disagreements) == len(differences)
    assert (result.agree, result.total, result.passed) == (7 - len(differences), 7, False)


def test_missing_and_superfluous_entries_count(compare: Any) -> None:
    table = copy.deepcopy(NOTE)
    table["columns"].append(column("more", 0))
    table["indexes"] = []
    assert compare(table).disagreements == [
        "shop column note.more: is missing",
        "shop index note.note_title_idx: should not be there",
    ]


def test_entries_that_this_postgres_does_not_support_are_left_out_and_named(
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
    result = compare(changed({"columns.0.columnType": 7}))
    assert (result.agree, result.total, result.passed) == (0, 0, True)
    assert result.notes[0].startswith("the database was not compared: ")


def test_models_without_ddl_fail_with_the_reason(compare: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Any) -> str:
        raise sql.SqlError("no")

    monkeypatch.setattr(sql, "emit", refuse)
    result = compare(NOTE)
    assert (result.agree, result.total, result.passed) == (0, 7, False)
    assert result.disagreements[0] == "shop: the DDL can't be made or loaded: no"
