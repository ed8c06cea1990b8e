"""The rows that are deleted with a row, and those that prevent it. The database applies the rules, not Django.

The rules are those of the model files (`onDelete`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst

from podium.database.constraints import ForeignKeyConstraint

LISTED = 10
"""Maximum rows of a table that are listed as the reason why a row can't be deleted."""


@dataclass
class Consequences:
    """Rows that are deleted too, by model, and rows that prevent the deletion."""

    counts: dict[type[models.Model], int] = field(default_factory=dict)
    keeping: list[str] = field(default_factory=list)

    def missing_permissions(self, request: HttpRequest, site: admin.AdminSite) -> set[str]:
        """The tables whose rows this user may not delete."""
        return {
            str(model._meta.verbose_name)
            for model in self.counts
            if site.is_registered(model) and not site.get_model_admin(model).has_delete_permission(request)
        }


def of(rows: models.QuerySet[Any]) -> Consequences:
    """Find the rows that a deletion of these rows affects. Two queries for each relation to them."""
    found = Consequences()
    _follow(rows, found, seen={rows.model})
    return found


def _follow(rows: models.QuerySet[Any], found: Consequences, seen: set[type[models.Model]]) -> None:
    for model, constraint in _references(rows.model):
        [name] = constraint.fields
        referring = model._base_manager.filter(**{f"{name}__in": rows.order_by()})
        if constraint.on_delete in ("no_action", "restrict"):
            other = referring if model is not rows.model else referring.exclude(pk__in=rows.values("pk"))
            kind = capfirst(str(model._meta.verbose_name))
            found.keeping += [f"{kind}: {row}" for row in other[:LISTED]]
        elif constraint.on_delete == "cascade" and (count := referring.count()):
            found.counts[model] = found.counts.get(model, 0) + count
            if model not in seen:
                _follow(referring, found, {*seen, model})


def _references(parent: type[models.Model]) -> Iterator[tuple[type[models.Model], ForeignKeyConstraint]]:
    for model in apps.get_models():
        for each in model._meta.constraints:
            if isinstance(each, ForeignKeyConstraint):
                column = model._meta.get_field(each.fields[0])
                if column.related_model is parent:
                    yield model, each
