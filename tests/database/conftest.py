"""Fixtures of the database tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.conformance.database import scratch
from tests.database import library_app
from tests.database.one_field import state_with
from tests.database.shop import Shop
from tests.postgres import address

library_app.install()


@pytest.fixture
def shop(tmp_path: Path, db: None) -> Iterator[Shop]:
    """A project whose models and database a test may change as it likes."""
    with scratch(address()) as database:
        database.autocommit = True
        yield Shop(tmp_path, database)


@pytest.fixture
def table():
    """Make the table of a field with these values in its rows."""

    def make(field, *stored):
        state = state_with(field)
        with connection.schema_editor() as editor:
            for model in state.apps.get_models():
                editor.create_model(model)
        with connection.cursor() as cursor:
            kind = field.db_type(connection) if stored else ""
            cursor.executemany(
                f"INSERT INTO trial_thing (value) VALUES (%s::text::{kind})",
                [[json.dumps(each) if isinstance(each, list | dict) else each] for each in stored],
            )

    return make
