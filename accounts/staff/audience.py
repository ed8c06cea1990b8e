"""The users who may do something with a row, by the access rules."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Model, Q, QuerySet

from accounts.models import User
from accounts.staff import scopes
from podium.access import words
from podium.access.conditions import Action
from podium.access.grants import Grant, grants
from podium.access.inverse import TooManyUsers
from podium.access.predicates import settled
from podium.access.rows import allowed
from podium.core.errors import PodiumError

MOST_USERS = 10_000
"""Users that the rules name for a row; for more there is no list."""


class TooMany(PodiumError):
    """The rules name too many users for this row to list them. Ask for a single user."""

    status = 409
    code = "accounts.too_many_users"


@dataclass(frozen=True)
class Audience:
    """The users who may do something with a row.

    groups  in words: "everyone", "all signed-in users", "users with the scope 'moderator'"
    users   those whom the rules name, for example as owner or member
    """

    groups: list[str]
    users: QuerySet[User]


def of(action: Action, row: Model) -> Audience:
    """Find the users who may do something with a stored row.

    Raises RuleError, or TooMany. The number of queries depends on the rules alone.
    """
    try:
        found = grants(action, row, most=MOST_USERS)
    except TooManyUsers:
        raise TooMany from None
    return Audience(
        list(_groups(action, row, found)), _named(each for each in found if not each.users.all_but)
    )


def _groups(action: Action, row: Model, found: list[Grant]) -> Iterator[str]:
    rows = type(row)._base_manager.filter(pk=row.pk)
    is_public = settled(rows, allowed(type(row), action, None)).exists()
    texts = [words.of_grant(each) for each in found if each.users.all_but]
    if is_public and words.EVERY_USER in texts:
        yield "everyone, also without signing in"
        return
    if is_public:
        yield "everyone who is not signed in"
    yield from [words.EVERY_USER] if words.EVERY_USER in texts else texts


def _named(found: Iterable[Grant]) -> QuerySet[User]:
    filters = [_filter(each) for each in found]
    users = User.objects.order_by("email", "pk")
    return users.filter(reduce(or_, filters)) if filters else users.none()


def _filter(grant: Grant) -> Q:
    found = Q(pk__in=list(_keys(grant.users.keys)))
    for scope in sorted(grant.needed):
        found &= scopes.holders(scope)
    for scope in sorted(grant.refused):
        found &= ~scopes.holders(scope)
    return found


def _keys(texts: Iterable[str]) -> Iterator[uuid.UUID]:
    """The valid keys among the texts of columns that rules compare with the caller."""
    for text in texts:
        try:
            yield uuid.UUID(text)
        except ValueError:
            continue
