"""DDL generated without a database creates the same tables as the migrations."""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg.rows import dict_row

from podium.codegen import sql
from podium.schema.project import load_models
from tests.conformance.database import read, scratch
from tests.postgres import address


def test_the_library_has_the_same_tables_from_both(db: None) -> None:
    protocol, _ = load_models(Path(__file__).parent / "library", name="library", app="library")
    with scratch(address()) as server:
        server.execute(sql.emit(protocol))
        made = read(server)
    with psycopg.connect(address(), row_factory=dict_row) as server:
        tables = {entry["table"] for entry in made.values()}
        migrated = {key: entry for key, entry in read(server).items() if entry["table"] in tables}
    assert len(migrated) > 50
    assert made == migrated
