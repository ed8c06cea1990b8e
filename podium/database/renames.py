"""Django's search for changes in models. A class or field that keeps its table or column is renamed, without asking."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.operations import AlterField, RenameField, RenameModel
from django.db.migrations.questioner import InteractiveMigrationQuestioner, MigrationQuestioner
from django.db.migrations.state import ModelState, ProjectState


class Autodetector(MigrationAutodetector):
    if TYPE_CHECKING:  # missing in django-stubs
        renamed_operations: list[tuple[Any, ...]]
        renamed_models: dict[tuple[str, str], str]
        renamed_models_rel: dict[str, str]
        old_model_keys: set[tuple[str, str]]
        new_model_keys: set[tuple[str, str]]
        old_field_keys: set[tuple[str, str, str]]
        new_field_keys: set[tuple[str, str, str]]

        def create_renamed_fields(self) -> None: ...
        def generate_renamed_models(self) -> None: ...

    def __init__(
        self, from_state: ProjectState, to_state: ProjectState, questioner: MigrationQuestioner | None = None
    ) -> None:
        questioner = questioner or MigrationQuestioner()
        super().__init__(from_state, to_state, _Questioner(from_state, questioner))  # type: ignore[arg-type]
        self.taken_over: list[tuple[str, str, str, str]] = []

    def generate_renamed_models(self) -> None:  # type: ignore[no-redef]
        """Also find models that keep their table but have other fields; Django would drop and create them again."""
        kept = {
            (app, new): old
            for app, new in sorted(self.new_model_keys - self.old_model_keys)
            if (old := self._holder_of_table(app, new))
        }
        for (app, new), old in kept.items():
            self._rename_model(app, old, new)
        super().generate_renamed_models()
        self.renamed_models |= kept
        self.renamed_models_rel |= {f"{app}.{old}": f"{app}.{new}" for (app, new), old in kept.items()}

    def _holder_of_table(self, app: str, new: str) -> str:
        """The removed model that had this table; "" for none."""
        table = table_of(self.to_state.models[app, new])
        gone = sorted(self.old_model_keys - self.new_model_keys)
        found = (
            name
            for owner, name in gone
            if owner == app and table_of(self.from_state.models[app, name]) == table
        )
        return next(found, "")

    def _rename_model(self, app: str, old: str, new: str) -> None:
        before, after = self.from_state.models[app, old], self.to_state.models[app, new]
        related = [
            field.remote_field
            for relations in self.to_state.relations[app, new].values()
            for field in relations.values()
        ]
        dependencies = [
            dependency
            for field in (*after.fields.values(), *related)
            if field.is_relation
            for dependency in self._get_dependencies_for_foreign_key(app, new, field, self.to_state)  # type: ignore[attr-defined]
        ]
        self.add_operation(app, RenameModel(before.name, after.name), dependencies=dependencies)
        self.old_model_keys = (self.old_model_keys - {(app, old)}) | {(app, new)}

    def create_renamed_fields(self) -> None:  # type: ignore[no-redef]
        """Also find fields that keep their column but change their kind: `authorId: int` becomes a relation on it.

        Django would drop the column and add one of the same name.
        """
        super().create_renamed_fields()
        renamed = {(app, model, old) for app, model, _, old, *_ in self.renamed_operations}
        columns = {
            (app, model, column_of(field, self._old_field(app, model, field))): field
            for app, model, field in self.old_field_keys - self.new_field_keys - renamed
        }
        renamed = {(app, model, new) for *_, app, model, _, new in self.renamed_operations}
        for app, model, name in sorted(self.new_field_keys - self.old_field_keys - renamed):
            column = column_of(name, self.to_state.models[app, model].fields[name])
            if column and (old := columns.pop((app, model, column), None)):
                self.taken_over.append((app, model, old, name))
                self.renamed_fields[app, model, name] = old
                self.old_field_keys = (self.old_field_keys - {(app, model, old)}) | {(app, model, name)}

    def generate_renamed_fields(self) -> None:
        super().generate_renamed_fields()
        for app, model, old, name in self.taken_over:
            before = self._old_field(app, model, old)
            after = self.to_state.models[app, model].fields[name]
            depends = (
                self._get_dependencies_for_foreign_key(app, model, after, self.to_state)  # type: ignore[attr-defined]
                if after.remote_field
                else []
            )
            if before.db_column != column_of(old, before):
                named = before.clone()
                named.db_column = column_of(old, before)
                self.add_operation(app, AlterField(model, old, named))
            self.add_operation(app, RenameField(model, old, name))
            self.add_operation(app, AlterField(model, name, after), dependencies=depends)

    def _old_field(self, app: str, model: str, field: str) -> models.Field[Any, Any]:
        state: ModelState = self.from_state.models[app, self.renamed_models.get((app, model), model)]
        return state.fields[field]


class _Questioner:
    """Answers what is certain, and passes on the other questions.

    Without a terminal, a required column gets no value for existing rows; podium.database.destructive reports it.
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
    """The column of the field with that name; None if it has none."""
    named = field.clone()
    named.set_attributes_from_name(name)
    return named.get_attname_column()[1]
