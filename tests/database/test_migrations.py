"""Foreign keys and enums in migrations: created, changed and removed on a real table, as by `migrate`."""

from __future__ import annotations

import enum
from typing import Any

import pytest
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.writer import MigrationWriter

from podium.database import fields
from podium.database.constraints import ForeignKeyConstraint

pytestmark = pytest.mark.django_db(transaction=True)


class Mood(enum.Enum):
    CALM = "calm"


def models_with(*constraints):
    parent = ModelState(
        "trial", "Parent", [("id", models.BigAutoField(primary_key=True))], {"db_table": "trial_parent"}
    )
    child = ModelState(
        "trial",
        "Child",
        [
            ("id", models.BigAutoField(primary_key=True)),
            (
                "parent",
                fields.ForeignKey("trial.Parent", null=True, db_column="parentId", related_name="children"),
            ),
            ("mood", fields.EnumField(Mood, default=Mood.CALM, db_default="calm")),
        ],
        {"db_table": "trial_child", "constraints": list(constraints), "indexes": []},
    )
    state = ProjectState()
    state.add_model(parent)
    state.add_model(child)
    return state


def key(**options):
    return ForeignKeyConstraint(fields=["parent"], to="Parent", name="trial_child_fk_0", **options)


def changes(before, after):
    """The one migration from one state to another, written as a file and read back from it."""
    found = MigrationAutodetector(before, after)._detect_changes()  # type: ignore[attr-defined]
    [migration] = found.get("trial", [migrations.Migration("empty", "trial")])
    namespace: dict[str, Any] = {}
    text = MigrationWriter(migration).as_string()
    assert "tests.database" not in text  # migrations outlive the enums they name
    exec(compile(text, "migration", "exec"), namespace)
    return namespace["Migration"]("written", "trial")


def apply(before, after):
    migration = changes(before, after)
    with connection.schema_editor() as editor:
        return migration.apply(before, editor)


def definition():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'trial_child_fk_0'"
        )
        return [text for (text,) in cursor.fetchall()]


@pytest.fixture
def empty():
    yield ProjectState()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS trial_child, trial_parent CASCADE")


def test_a_key_is_created_with_its_tables_changed_and_removed(empty):
    state = apply(empty, models_with(key(on_delete="cascade")))
    assert definition() == ['FOREIGN KEY ("parentId") REFERENCES trial_parent(id) ON DELETE CASCADE']
    state = apply(state, models_with(key(on_delete="set_null", on_update="cascade", deferrable=True)))
    assert definition() == [
        'FOREIGN KEY ("parentId") REFERENCES trial_parent(id) ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE'
    ]
    state = apply(state, models_with())
    assert definition() == []
    apply(state, models_with(key()))
    assert definition() == ['FOREIGN KEY ("parentId") REFERENCES trial_parent(id)']


def test_without_a_change_there_is_no_migration(empty):
    state = apply(empty, models_with(key(on_delete="cascade", deferred=True)))
    assert changes(state, models_with(key(on_delete="cascade", deferred=True))).operations == []


def test_pending_checks_of_rows_run_before_the_key_is_removed(empty):
    state = apply(empty, models_with(key(deferred=True)))
    migration = changes(state, models_with())
    with pytest.raises(IntegrityError, match="trial_child_fk_0"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute('INSERT INTO trial_child ("parentId") VALUES (7)')
        with connection.schema_editor() as editor:
            migration.apply(state.clone(), editor)


def test_a_migration_is_reversed(empty):
    migration = changes(empty, models_with(key()))
    with connection.schema_editor() as editor:
        migration.apply(empty.clone(), editor)
    with connection.schema_editor() as editor:
        migration.unapply(empty.clone(), editor)
    assert definition() == []
    assert "trial_child" not in connection.introspection.table_names()


def test_old_migrations_read_enums_as_they_are_stored(empty):
    state = apply(empty, models_with())
    child = state.apps.get_model("trial", "Child").objects.create()
    child.refresh_from_db()
    assert child.mood == "calm"
