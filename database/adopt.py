"""Take over a database that Serverpod made: its tables stay, and their migrations count as applied.

An app is adopted when none of its migrations has been applied and the database has one of its tables already.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from database import prepare, repair
from database.drift import desired
from database.drift.compare import compare
from database.drift.difference import Difference, Level


@dataclass
class Adoption:
    """What there is to adopt.

    apps      labels of the apps whose tables are there
    wrong     differences that the app would stumble over
    alike     differences in name or form only; `sql` does away with them, and touches no row
    unknown   columns, indexes and constraints of these tables that no model knows; they stay
    others    tables that belong to no app; they stay
    """

    apps: list[str] = field(default_factory=list)
    wrong: list[Difference] = field(default_factory=list)
    alike: list[Difference] = field(default_factory=list)
    unknown: list[Difference] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    sql: list[str] = field(default_factory=list)


def plan(connection: BaseDatabaseWrapper) -> Adoption:
    """Compare the tables that are there with the models of their apps, as the last migrations leave these."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    models = desired.models_after(executor, loader.graph.nodes)
    found = repair.read(connection)
    touched = {label for label, _ in loader.applied_migrations}
    apps = {model._meta.app_label for model in models if model._meta.db_table in found} - touched
    adopted = [model for model in models if model._meta.app_label in apps]
    wanted = desired.tables(connection, models)
    own = {name: wanted[name] for name in sorted(desired.table_names(adopted))}
    result = Adoption(sorted(apps))
    for difference in compare(own, found, repair.filling_of(connection, adopted)):
        groups = {Level.FORM: result.alike, Level.UNKNOWN: result.unknown}
        groups.get(difference.level, result.wrong).append(difference)
    result.others = sorted(found.keys() - wanted.keys() - repair.known_tables())
    result.sql = repair.mending(result.alike, adopted)
    return result


def adopt(connection: BaseDatabaseWrapper, adoption: Adoption) -> None:
    """Mark these apps' migrations as applied; apply what they build on in other apps. All or nothing."""
    prepare.before_migrations(connection.alias)
    executor = _Adopting(connection, adoption.apps)
    targets = [node for node in executor.loader.graph.leaf_nodes() if node[0] in adoption.apps]
    with transaction.atomic(connection.alias):
        repair.run(connection, adoption.sql)
        executor.migrate(targets)


class _Adopting(MigrationExecutor):
    """Records what belongs to the adopted apps without running it."""

    def __init__(self, connection: BaseDatabaseWrapper, apps: Collection[str]) -> None:
        super().__init__(connection)
        self.adopted = apps

    def apply_migration(
        self, state: Any, migration: Any, fake: bool = False, fake_initial: bool = False
    ) -> Any:
        return super().apply_migration(state, migration, fake=fake or migration.app_label in self.adopted)
