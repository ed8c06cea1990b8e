"""The numbers of rows that a user may act on, by the access rules."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Model, QuerySet

from podium.access import rules
from podium.access.callers import Caller
from podium.access.checks import fault_of
from podium.access.conditions import Action
from podium.access.predicates import predicate, settled
from podium.access.rows import allowed
from podium.admin.paginator import COUNTED
from podium.database.failures import TookTooLong
from podium.database.time_limits import statement_timeout

STORED: tuple[Action, ...] = ("read", "update", "delete")
"""Actions on stored rows, which can be counted."""
ANSWERED: tuple[Action, ...] = (*STORED, "create")
SECONDS = 5.0
"""For all counts together."""
SECONDS_EACH = 1.0


@dataclass(frozen=True)
class Reach:
    """The rows of a model that a user may act on.

    counts  of "read", "update" and "delete": up to 10,000; None: counting takes too long
    create  "yes", "no", or "depends on the row"
    fault   why the rules can't be used; "" if they can
    """

    model: type[Model]
    counts: dict[Action, int | None]
    create: str = ""
    fault: str = ""

    @property
    def label(self) -> str:
        """The model's name: "notes.Note"."""
        return self.model._meta.label

    @property
    def answers(self) -> dict[Action, int | str]:
        """The answer for each action: 3, "10,000+", "not counted", "depends on the row"."""
        return {**{action: _answer(count) for action, count in self.counts.items()}, "create": self.create}


def of(
    by: Caller | None, models: Iterable[type[Model]], rows: Callable[[type[Model]], QuerySet[Model]]
) -> Iterator[Reach]:
    """Count the rows of models with rules. One query for each model and action, five seconds at most.

    rows  those of a model that are counted
    """
    end = time.monotonic() + SECONDS
    for model in models:
        its_rules = rules.rules_of(model)
        assert its_rules is not None
        fault = next(filter(None, (fault_of(its_rules, action) for action in ANSWERED)), "")
        if fault:
            yield Reach(model, {}, fault=fault)
            continue
        counts = {
            action: _count(settled(rows(model), allowed(model, action, by)), end - time.monotonic())
            for action in STORED
        }
        yield Reach(model, counts, _create(model, by))


def _count(rows: QuerySet[Model], seconds_left: float) -> int | None:
    """The number of rows, up to one more than are counted; None if there is no time."""
    if seconds_left <= 0:
        return None
    try:
        with statement_timeout(min(seconds_left, SECONDS_EACH)):
            return rows.order_by().values("pk")[: COUNTED + 1].count()
    except TookTooLong:
        return None


def _create(model: type[Model], by: Caller | None) -> str:
    found = predicate(model, "create", by)
    return {True: "yes", False: "no"}[found] if isinstance(found, bool) else "depends on the row"


def _answer(count: int | None) -> int | str:
    if count is None:
        return "not counted"
    return count if count <= COUNTED else f"{COUNTED:,}+"
