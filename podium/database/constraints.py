"""Foreign keys as the model file declares them: the database itself cascades, sets null or refuses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from django.db.models import BaseConstraint, Model
from django.db.models.fields.related import RelatedField

Action = Literal["no_action", "restrict", "set_default", "cascade", "set_null"]


class ForeignKeyConstraint(BaseConstraint):
    """FOREIGN KEY of a table, with the action for its rows when the parent's key is deleted or changes.

    fields       one podium.database.fields.ForeignKey of the model
    to           the parent, as the ForeignKey names it
    deferrable   checked at once, unless a transaction says SET CONSTRAINTS ... DEFERRED
    deferred     checked at the end of the transaction

    Django neither cascades nor checks: `parent.delete()` is one DELETE. A row that forbids it raises IntegrityError.
    """

    def __init__(
        self,
        *,
        fields: Sequence[str],
        to: str,
        name: str,
        on_delete: Action = "no_action",
        on_update: Action = "no_action",
        deferrable: bool = False,
        deferred: bool = False,
        **kwargs: Any,
    ) -> None:
        self.fields = tuple(fields)
        self.to = to
        self.on_delete = on_delete
        self.on_update = on_update
        self.deferrable = deferrable
        self.deferred = deferred
        super().__init__(name=name, **kwargs)

    def constraint_sql(self, model: type[Model], schema_editor: Any) -> None:  # type: ignore[override]
        """Add nothing to CREATE TABLE: the parent may be created later in the same migration."""
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))

    def create_sql(self, model: type[Model], schema_editor: Any) -> str:  # type: ignore[override]
        [key] = [model._meta.get_field(name) for name in self.fields]
        assert isinstance(key, RelatedField)
        parent = key.remote_field.model
        quote = schema_editor.quote_name
        sql = (
            f"ALTER TABLE {quote(model._meta.db_table)} ADD CONSTRAINT {quote(self.name)}"
            f" FOREIGN KEY ({quote(key.column)})"
            f" REFERENCES {quote(parent._meta.db_table)} ({quote(key.target_field.column)})"
            f" ON DELETE {_sql(self.on_delete)} ON UPDATE {_sql(self.on_update)}"
        )
        if self.deferred:
            return sql + " DEFERRABLE INITIALLY DEFERRED"
        return sql + (" DEFERRABLE INITIALLY IMMEDIATE" if self.deferrable else "")

    def remove_sql(self, model: type[Model], schema_editor: Any) -> str:  # type: ignore[override]
        quote = schema_editor.quote_name
        sql = f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"
        if self.deferrable or self.deferred:  # pending checks of rows would prevent changes to the table
            return f"SET CONSTRAINTS {quote(self.name)} IMMEDIATE; {sql}"
        return sql

    def validate(
        self,
        model: type[Model],
        instance: Model,
        exclude: Any = None,
        using: str = "default",
    ) -> None:
        """Do nothing: the ForeignKey itself checks that the parent exists when a form is validated."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ForeignKeyConstraint):
            return NotImplemented
        return bool(self.deconstruct() == other.deconstruct())

    def __hash__(self) -> int:
        return hash((self.name, self.fields))

    def __repr__(self) -> str:
        return f"<ForeignKeyConstraint {self.name} {'.'.join(self.fields)} -> {self.to} on delete {self.on_delete}>"

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        kwargs |= {"fields": self.fields, "to": self.to}
        for option in ("on_delete", "on_update"):
            if getattr(self, option) != "no_action":
                kwargs[option] = getattr(self, option)
        for option in ("deferrable", "deferred"):
            if getattr(self, option):
                kwargs[option] = True
        return path, args, kwargs


def _sql(action: str) -> str:
    return action.replace("_", " ").upper()
