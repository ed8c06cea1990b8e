"""Links to the pages about access rules from the pages of rows and users."""

from __future__ import annotations

from django.db.models import Model
from django.http import HttpRequest

from accounts.admin.access.page import address, named
from accounts.admin.access.permissions import VIEW
from accounts.models import User
from accounts.staff import lookup
from podium.access.rules import rules_of
from podium.admin.links import Link, row_link


@row_link
def users_of_row(request: HttpRequest, row: Model) -> Link | None:
    """The link to the users of a row, for models with rules."""
    if rules_of(type(row)) is None or not request.user.has_perm(VIEW):
        return None
    return Link("Who can see this", address("access_row", row=lookup.reference(row)), "visibility")


@row_link
def rows_of_user(request: HttpRequest, row: Model) -> Link | None:
    """The link to the rows of a user, on the user's page."""
    if not isinstance(row, User) or not request.user.has_perm(VIEW):
        return None
    return Link("What can this user see", address("access_user", user=named(row)), "rule")
