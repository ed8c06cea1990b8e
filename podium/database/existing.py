"""Tables that exist before the migrations that create them: from Serverpod, or created by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from podium.database.renames import table_of


def tables(executor: MigrationExecutor) -> tuple[dict[str, str], dict[str, str]]:
    """The tables after the applied migrations of this database, and after all migrations: name -> app."""
    migrations = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    applied = executor.loader.applied_migrations
    had = [each for each, _ in migrations if (each.app_label, each.name) in applied]
    return _tables(executor, had), _tables(executor, [each for each, _ in migrations])


def to_be_made(before: Mapping[str, str], after: Mapping[str, str], found: Collection[str]) -> list[str]:
    """Those of the `found` tables that pending migrations create.

    They are compared with the state after the last migrations, because a table may be renamed after its creation.
    """
    return sorted((after.keys() - before.keys()) & set(found))


def _tables(executor: MigrationExecutor, migrations: Iterable[Migration]) -> dict[str, str]:
    """The tables after these migrations, with their apps."""
    state = ProjectState(real_apps=executor.loader.unmigrated_apps)
    for migration in migrations:
        state = migration.mutate_state(state, preserve=False)
    return {
        table_of(model): model.app_label
        for model in state.models.values()
        if model.options.get("managed", True) and not model.options.get("proxy")
    }
