"""Rights of operators over other users' accounts. No actions here: actions.py has them."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from accounts.models import User

IMPERSONATE = "accounts.impersonate_user"


def may_change(operator: AbstractBaseUser | AnonymousUser, user: User) -> bool:
    """Test whether an operator may change an account. Only superusers may change users with rights in the admin.

    Otherwise staff could take over the account of somebody with more rights.
    """
    return bool(getattr(operator, "is_superuser", False)) or not (user.is_superuser or user.is_staff)


def may_impersonate(operator: User, user: User) -> bool:
    """Test whether an operator may act as a user, by the two objects and the database. At most two SELECTs.

    Checked when a token is made, and again at each use of it.
    """
    return (
        operator.is_active
        and operator.is_staff  # the button is in the admin, which only staff may open
        and user.is_active
        and not user.is_superuser
        and may_change(operator, user)
        and operator.has_perm(IMPERSONATE)
    )
