"""Take over a database that Serverpod created: its tables stay, and their migrations count as applied.

An app is adopted when the database has one of its tables already, and its migrations were not applied.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

from podium.database import advice, prepare, repair
from podium.database.adoption import Part, part_of
from podium.database.drift import desired
from podium.database.drift.compare import compare
from podium.database.drift.difference import Difference, Level, Stage, statements

VERSIONS = "serverpod_migrations"
"""Serverpod's table with the last migration of each module."""
SIZES = """
SELECT relname, greatest(reltuples, 0)::bigint, pg_size_pretty(pg_total_relation_size(oid)) FROM pg_class
WHERE relnamespace = current_schema()::regnamespace AND relname = ANY(%s) ORDER BY relname
"""


SWITCHED_ON_BY = {
    "serverpod_user_info": "LEGACY_AUTH=true takes over the users of serverpod_auth: docs/how-to/legacy-auth.md",
    "serverpod_chat_message": "LEGACY_CHAT=true adds models for the messages of serverpod_chat: "
    "docs/how-to/legacy-auth.md",
}
"""A table of a module -> the setting that switches the module on. Without it, the table belongs to no app."""


class HalfMigrated(Exception):
    """Some migrations of an app are applied, but others are not whose tables are there."""

    def __init__(self, label: str, tables: Collection[str]) -> None:
        self.label, self.tables = label, sorted(tables)
        super().__init__(label)


@dataclass
class Adoption:
    """The apps that can be adopted, and the differences of their tables from the models.

    apps      labels of the apps whose tables are there
    wrong     differences that would break the app
    differing  the apps of these differences
    advice    changes that make model files match the database
    enums     the same for enums that may need it because of the version of Serverpod
    narrow    columns that hold less than the models allow, as Serverpod 1 made them; they stay
    sizes     their tables, with the size: "note: about 1200 rows, 160 kB"
    added     additions of the apps to Serverpod's tables, which `sql` creates
    alike     differences in name or form only; `sql` removes them and changes no row
    unknown   columns, indexes and constraints of these tables that are in no model; they stay
    others    tables that belong to no app; they stay
    off       modules of Serverpod that have tables here but are switched off, in sentences
    missing   settings that some of the adopted data needs, in sentences
    keys      the last of the SQL: foreign keys and checks, which need the tables of other apps
    """

    apps: list[str] = field(default_factory=list)
    wrong: list[Difference] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    enums: list[str] = field(default_factory=list)
    narrow: list[Difference] = field(default_factory=list)
    sizes: list[str] = field(default_factory=list)
    added: list[Difference] = field(default_factory=list)
    alike: list[Difference] = field(default_factory=list)
    unknown: list[Difference] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    off: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    sql: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    @property
    def parts(self) -> dict[str, Part]:
        return {label: part_of(label) for label in self.apps}


def plan(connection: BaseDatabaseWrapper) -> Adoption:
    """Compare existing tables with the models of their apps, in the state after the last migrations.

    Raises HalfMigrated, MayNotCompare (podium.database.drift.desired).
    """
    executor = MigrationExecutor(connection)
    loader = executor.loader
    models = desired.models_after(executor, loader.graph.nodes)
    found = repair.read(connection)
    touched = {label for label, _ in loader.applied_migrations}
    _refuse_half_migrated(executor, models, found)
    labels = {model._meta.app_label for model in models if model._meta.db_table in found} - touched
    adopted = [model for model in models if model._meta.app_label in labels]
    wanted = desired.tables(connection, models)
    own = {name: wanted[name] for name in sorted(desired.table_names(adopted))}
    result = Adoption(sorted(labels))
    parts = result.parts.values()
    for difference in compare(own, found, repair.filling_of(connection, adopted)):
        groups = {Level.FORM: result.alike, Level.NARROW: result.narrow, Level.UNKNOWN: result.unknown}
        added = result.added if any(part.adds(difference) for part in parts) else result.wrong
        groups.get(difference.level, added).append(difference)
    tables = {difference.what.partition(".")[0] for difference in result.wrong}
    result.differing = sorted({one._meta.app_label for one in adopted if one._meta.db_table in tables})
    result.others = sorted(found.keys() - wanted.keys() - repair.known_tables())
    result.off = [text for table, text in SWITCHED_ON_BY.items() if table in result.others]
    result.missing = [line for part in parts for line in part.missing(connection)]
    result.sizes = _sizes(connection, {difference.what.partition(".")[0] for difference in result.narrow})
    models_of_apps = advice.models_of(result.apps)
    result.advice = advice.advise(models_of_apps, result.wrong, wanted, found)
    version = _serverpods_version(connection) if VERSIONS in found else ""
    named = {line.partition(" ")[0] for line in result.advice}
    enums = advice.enums_by_index(models_of_apps, result.apps, version)
    result.enums = [line for line in enums if line.partition(" ")[0] not in named]
    changes = [*result.alike, *result.added]
    result.keys = statements(changes, only={Stage.CONSTRAINT})
    result.sql = [sql for sql in repair.fixes(changes, adopted) if sql not in result.keys]
    return result


def _serverpods_version(connection: BaseDatabaseWrapper) -> str:
    """The version of Serverpod's own tables: "20240516151843329"; "" if unknown."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT version FROM {VERSIONS} WHERE module = 'serverpod'")
        row = cursor.fetchone()
    return str(row[0]) if row else ""


def _sizes(connection: BaseDatabaseWrapper, tables: Collection[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(SIZES, [list(tables)])
        return [f"{table}: about {rows} rows, {size}" for table, rows, size in cursor.fetchall()]


def _refuse_half_migrated(
    executor: MigrationExecutor, models: Collection[type[Model]], found: Collection[str]
) -> None:
    """Raise HalfMigrated for an app whose `migrate` stopped at one of Serverpod's tables."""
    applied = executor.loader.applied_migrations
    leaves = executor.loader.graph.leaf_nodes()
    behind = {label for label, _ in applied} & {
        label for label, name in leaves if (label, name) not in applied
    }
    made = {model._meta.db_table for model in desired.models_after(executor, applied)} if behind else set()
    for label in sorted(behind):
        tables = {model._meta.db_table for model in models if model._meta.app_label == label}
        if there := (tables - made) & set(found):
            raise HalfMigrated(label, there)


def adopt(connection: BaseDatabaseWrapper, adoption: Adoption) -> list[str]:
    """Mark these apps' migrations as applied, apply their dependencies in other apps, and copy rows.

    All or nothing. Returns the apps' reports on the rows. Raises repair.Refused.
    """
    prepare.before_migrations(connection.alias)
    parts = adoption.parts
    executor = _Adopting(connection, parts)
    touched = {*adoption.apps, *(label for part in parts.values() for label in part.writes)}
    targets = [node for node in executor.loader.graph.leaf_nodes() if node[0] in touched]
    try:
        with transaction.atomic(connection.alias):
            repair.run(connection, adoption.sql)
            executor.migrate(targets)
            repair.run(connection, adoption.keys)
            return [line for part in parts.values() for line in part.bring_over(connection)]
    except DatabaseError as error:  # for tables that differ from the models but were adopted anyway
        raise repair.Refused(f"-- the migrations or rows of {', '.join(adoption.apps)}", error) from error


def bring_over(connection: BaseDatabaseWrapper) -> list[str]:
    """Copy rows that are new since the adoption, for every app that copies some. Returns the apps' reports.

    All migrations of these apps must be applied.
    """
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    done = {label for label, name in leaves if (label, name) in executor.loader.applied_migrations}
    parts = [part_of(config.label) for config in apps.get_app_configs() if config.label in done]
    with transaction.atomic(connection.alias):
        return [line for part in parts for line in part.bring_over(connection)]


class _Adopting(MigrationExecutor):
    """Records migrations of the adopted apps as applied without running them, except those that their parts run.

    Other apps' migrations run in between and refer to the adopted tables. So the models have their tables' final names
    from the beginning, even if a later migration introduced them.
    """

    def __init__(self, connection: BaseDatabaseWrapper, parts: Mapping[str, Part]) -> None:
        super().__init__(connection)
        self.parts = parts
        models = self.loader.project_state().models
        self.tables = {key: model.options.get("db_table") or "_".join(key) for key, model in models.items()}

    def apply_migration(
        self, state: Any, migration: Any, fake: bool = False, fake_initial: bool = False
    ) -> Any:
        label = migration.app_label
        if label not in self.parts or migration.name in self.parts[label].runs:
            return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)
        super().apply_migration(state, migration, fake=True)
        state = migration.mutate_state(state, preserve=False)
        for key in [key for key in state.models if key[0] == label and key in self.tables]:
            if state.models[key].options.get("db_table") != self.tables[key]:
                state.alter_model_options(*key, {"db_table": self.tables[key]})
        return state
