"""Replace AlterField of Django's autodetector with AlterValues where rows must be converted or checked."""

from __future__ import annotations

from collections import abc

from django.db.migrations import Migration
from django.db.migrations.operations import AlterField
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from podium.database import meaning
from podium.database.conversion import AlterValues
from podium.database.mapping import Mapping

Changes = abc.Mapping[str, list[Migration]]


def convert_values(before: ProjectState, changes: Changes, said: Mapping) -> None:
    """Replace each AlterField whose rows must be converted or checked with an AlterValues.

    Raises CommandError for a `--map` that no change uses.
    """
    state = before.clone()
    for app, migrations in changes.items():
        for migration in migrations:
            found: list[Operation] = []
            for operation in migration.operations:
                if isinstance(operation, AlterField):
                    operation = _converting(state, app, operation, said)
                operation.state_forwards(app, state)
                found.append(operation)
            migration.operations[:] = found  # type: ignore[index]  # a list, whatever the stubs say
    said.check_all_used()


def _converting(state: ProjectState, app: str, operation: AlterField, said: Mapping) -> AlterField:
    old = state.models[app, operation.model_name_lower].fields[operation.name]
    becomes = said.of_field(old, operation.field)
    if not becomes and not meaning.is_conversion(old, operation.field, becomes):
        return operation
    return AlterValues(
        operation.model_name, operation.name, operation.field, operation.preserve_default, becomes=becomes
    )
