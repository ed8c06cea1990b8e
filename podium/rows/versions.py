"""The version of a row: the number of the transaction that stored it and the row's place, Postgres's `xmin` and `ctid`.

It changes whenever the row does, by whichever program, and takes no column of its own. The place tells changes of one
transaction apart, as in tests; VACUUM FULL moves rows, so that they have a new version without a change.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Expression, Model, QuerySet, TextField

VERSION = "row_version"
"""The attribute of rows that were read with their version."""


class RowVersion(Expression):
    """The version of the rows of a query set, as text."""

    output_field = TextField()
    alias = ""

    def resolve_expression(self, query: Any = None, *args: Any, **kwargs: Any) -> RowVersion:
        found: RowVersion = self.copy()
        found.alias = query.get_initial_alias()
        return found

    def relabeled_clone(self, change_map: Any) -> RowVersion:
        found: RowVersion = self.copy()
        found.alias = change_map.get(self.alias, self.alias)
        return found

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        table = compiler.quote_name_unless_alias(self.alias)
        return f"({table}.xmin::text || translate({table}.ctid::text, '(,)', '..'))", []


def with_version(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the query set of rows with their version."""
    versioned: QuerySet[Any] = rows.annotate(**{VERSION: RowVersion()})
    return versioned


def version_of(row: Model) -> str:
    """Return the version of a row that was read with it."""
    return str(row.__dict__[VERSION])


def stored_versions(model: type[Model], keys: Iterable[Any]) -> dict[Any, str]:
    """Return the versions of rows as they are stored now: key -> version. One SELECT."""
    return dict(
        model._base_manager.filter(pk__in=list(keys))
        .annotate(**{VERSION: RowVersion()})
        .values_list("pk", VERSION)
    )
