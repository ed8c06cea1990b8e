"""Django's search for changes in models. What kept its table or column counts as renamed, without a question."""

from __future__ import annotations

import sys
from typing import Any

from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.questioner import InteractiveMigrationQuestioner, MigrationQuestioner
from django.db.migrations.state import ModelState, ProjectState


class Autodetector(MigrationAutodetector):
    def __init__(
        self, from_state: ProjectState, to_state: ProjectState, questioner: MigrationQuestioner | None = None
    ) -> None:
        questioner = questioner or MigrationQuestioner()
        super().__init__(from_state, to_state, _Questioner(from_state, questioner))  # type: ignore[arg-type]


class _Questioner:
    """Answers what is certain, and hands on the rest.

    Where nobody can be asked, a required column has no value for the rows that are there; database.destructive says so.
    """

    def __init__(self, before: ProjectState, asked: MigrationQuestioner) -> None:
        self.before = before
        self.asked = asked
        is_interactive = isinstance(asked, InteractiveMigrationQuestioner) and not asked.dry_run
        self.is_attended = is_interactive and sys.stdin.isatty()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.asked, name)

    def ask_rename(
        self, model_name: str, old_name: str, new_name: str, field_instance: models.Field[Any, Any]
    ) -> bool:
        found = [state for (_, name), state in self.before.models.items() if name == model_name.lower()]
        columns = {column_of(old_name, state.fields[old_name]) for state in found if old_name in state.fields}
        if columns == {column_of(new_name, field_instance)}:
            return True
        return bool(self.asked.ask_rename(model_name, old_name, new_name, field_instance))

    def ask_rename_model(self, old_model_state: ModelState, new_model_state: ModelState) -> bool:
        if table_of(old_model_state) == table_of(new_model_state):
            return True
        return bool(self.asked.ask_rename_model(old_model_state, new_model_state))

    def ask_not_null_addition(self, field_name: str, model_name: str) -> Any:
        if self.is_attended:
            return self.asked.ask_not_null_addition(field_name, model_name)
        return models.NOT_PROVIDED

    def ask_not_null_alteration(self, field_name: str, model_name: str) -> Any:
        if self.is_attended:
            return self.asked.ask_not_null_alteration(field_name, model_name)
        return models.NOT_PROVIDED


def table_of(model: ModelState) -> str:
    """The table of a model in a migration's state."""
    return str(model.options.get("db_table") or f"{model.app_label}_{model.name_lower}")


def column_of(name: str, field: models.Field[Any, Any]) -> str | None:
    """The column of a field of that name; None where it has none."""
    named = field.clone()
    named.set_attributes_from_name(name)
    return named.get_attname_column()[1]
