"""Panels of a user's page in the admin: accounts' own tables, and those that other apps register.

An app above accounts registers a panel in its admin.py; accounts does not import it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User

ROWS = 5
"""Maximum number of rows in a panel."""


@dataclass(frozen=True)
class Panel:
    """A table on a user's page.

    note   text below the title
    more   the address of the whole list
    empty  text instead of a table without rows
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    note: str = ""
    more: str = ""
    empty: str = "None."

    @property
    def table(self) -> dict[str, Any]:
        """The table as the argument of unfold's component."""
        return {"headers": self.columns, "rows": [{"cols": row} for row in self.rows]}


Maker = Callable[[User], Panel]
_makers: list[tuple[int, str, Maker]] = []


def panel(permission: str, *, order: int = 50) -> Callable[[Maker], Maker]:
    """Show the returned panel on each user's page, to staff with this permission. A few queries at most."""

    def register(maker: Maker) -> Maker:
        _makers.append((order, permission, maker))
        _makers.sort(key=lambda made: made[0])
        return maker

    return register


def of(request: HttpRequest, user: User) -> list[Panel]:
    """All panels that the operator may see."""
    return [maker(user) for _, permission, maker in _makers if request.user.has_perm(permission)]


def listing(name: str, **filters: object) -> str:
    """The address of a list in the admin: listing("files_storedfile", owner__id__exact=user.pk)."""
    return f"{reverse(f'admin:{name}_changelist')}?{urlencode(filters)}"
