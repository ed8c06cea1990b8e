"""Rights of operators over other people's accounts. No acts here: operators.py has them."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from accounts.models import User

IMPERSONATE = "accounts.impersonate_user"


def may_change(operator: AbstractBaseUser | AnonymousUser, person: User) -> bool:
    """Whether it is within reach: who has rights in the admin is changed by superusers alone.

    Else staff could take over the account of somebody who may do more.
    """
    return bool(getattr(operator, "is_superuser", False)) or not (person.is_superuser or person.is_staff)


def may_impersonate(operator: User, person: User) -> bool:
    """Whether an operator may act as a person, by what the two objects and the database say. At most two SELECTs.

    Asked when a token is made, and again at each use of it.
    """
    return (
        operator.is_active
        and operator.is_staff  # who may not open the admin has no button for it
        and person.is_active
        and not person.is_superuser
        and may_change(operator, person)
        and operator.has_perm(IMPERSONATE)
    )
