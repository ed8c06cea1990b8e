"""One field of one model before and after a change, as makemigrations and migrate treat it, on a real table."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection, models
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.writer import MigrationWriter

from podium.database import autodetector, fields, mapping
from podium.database.destructive import losses
from podium.database.renames import Autodetector
from podium.database.row_queries import Rows

COLORS = ["red", "green", "blue"]
SHAPE: dict[str, dict[str, Any]] = {"Shape": {"fields": {}}}


def enum(*values, name="Color", **options):
    return fields.EnumField(enum=name, values=values, **options)


def jsonb(type, holds, **options):
    return fields.JSONField(type, holds=holds, jsonb=True, **options)


def state_with(field, name="value"):
    state = ProjectState()
    key = ("id", models.BigAutoField(primary_key=True))
    for table in ("trial_one", "trial_two"):
        state.add_model(ModelState("trial", table, [key], {"db_table": table}))
    state.add_model(
        ModelState("trial", "Thing", [("id", key[1].clone()), (name, field)], {"db_table": "trial_thing"})
    )
    return state


class Change:
    """One field before and after, as makemigrations and migrate treat it."""

    def __init__(self, before, after, *maps):
        self.before = state_with(before)
        found = Autodetector(self.before, state_with(after))._detect_changes()  # type: ignore[attr-defined]
        autodetector.convert_values(self.before, found, mapping.Mapping(mapping.read(maps)))
        self.changes = found
        [self.migration] = found.get("trial", [None])

    def named(self):
        return [(loss.text, loss.rows) for loss in losses(self.before, self.changes, Rows(connection))]

    def texts(self):
        return [text for text, _ in self.named()]

    def written(self):
        """The migration, written to a file and read back."""
        namespace: dict[str, Any] = {}
        exec(compile(MigrationWriter(self.migration).as_string(), "migration", "exec"), namespace)
        return namespace["Migration"]("written", "trial")

    def apply(self):
        with connection.schema_editor() as editor:
            return self.written().apply(self.before.clone(), editor)

    def unapply(self):
        with connection.schema_editor() as editor:
            self.written().unapply(self.before.clone(), editor)


def stored():
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM trial_thing ORDER BY id")
        return [
            json.loads(value) if isinstance(value, str) and value[:1] in "[{" else value
            for (value,) in cursor
        ]
