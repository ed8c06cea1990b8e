"""An explanation as the page shows it to an operator: what comes from models that they may not view is hidden."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.http import HttpRequest

from accounts.admin.access import permissions
from accounts.staff import lookup
from podium.access.explain import Answer, PathRow, Reason, Way


@dataclass(frozen=True)
class ShownReason:
    """One condition.

    holds    None: hidden
    rows     the texts and addresses of the rows on the path
    missing  the permissions for want of which it is hidden
    """

    text: str
    holds: bool | None
    rows: list[tuple[str, str]]
    inner: list[ShownReason]
    origin: str
    place: str
    missing: list[str]


@dataclass(frozen=True)
class ShownWay:
    holds: bool | None
    reasons: list[ShownReason]


@dataclass(frozen=True)
class ShownAnswer:
    """An answer. The needed answer for "read", if there is one, comes after it."""

    action: str
    allowed: bool
    place: str
    ways: list[ShownWay] = field(default_factory=list)


def shown(request: HttpRequest, answer: Answer) -> list[ShownAnswer]:
    """Return the answer for an action and, for "update" and "delete", that for "read". One query for each model."""
    answers = [answer, *([answer.needs] if answer.needs else [])]
    ways = [way for each in answers for way in each.ways]
    view = _View(request, [reason for way in ways for reason in way.reasons])
    return [
        ShownAnswer(each.action, each.allowed, each.place, [view.way(way) for way in each.ways])
        for each in answers
    ]


class _View:
    """The models and rows that an operator may view, of those that an explanation names."""

    def __init__(self, request: HttpRequest, reasons: list[Reason]) -> None:
        everything = list(_all(reasons))
        labels = {label for each in everything for label in each.models}
        models = {label: apps.get_model(label) for label in labels}
        self.missing = {
            label: permissions.view_permission(model)
            for label, model in models.items()
            if not permissions.may_view(request, model)
        }
        named: dict[str, set[str]] = defaultdict(set)
        for row in (row for each in everything for row in each.rows):
            if row.model not in self.missing:
                named[row.model].add(row.key)
        self.addresses: dict[PathRow, str] = {}
        for label, keys in named.items():
            model = models[label]
            values = [lookup.key(model, key) for key in keys]
            viewable = permissions.rows(request, model).filter(pk__in=values).order_by()
            for key in viewable.values_list("pk", flat=True):
                self.addresses[PathRow(label, str(key))] = permissions.address(model, key)

    def way(self, way: Way) -> ShownWay:
        reasons = [self.reason(each) for each in way.reasons]
        is_hidden = any(each.holds is None for each in reasons)
        return ShownWay(None if is_hidden else way.holds, reasons)

    def reason(self, reason: Reason) -> ShownReason:
        missing = sorted(self.missing[label] for label in reason.models if label in self.missing)
        is_hidden = bool(missing)
        return ShownReason(
            text=reason.text,
            holds=None if is_hidden else reason.holds,
            rows=[]
            if is_hidden
            else [(str(row), self.addresses[row]) for row in reason.rows if row in self.addresses],
            inner=[] if is_hidden else [self.reason(each) for each in reason.inner],
            origin=reason.origin,
            place=reason.place,
            missing=missing,
        )


def _all(reasons: list[Reason] | tuple[Reason, ...]) -> Iterator[Reason]:
    for each in reasons:
        yield each
        yield from _all(each.inner)
