"""The numbers of users: which UserInfo an account has, and which account a UserInfo has.

Serverpod's modules stored users in serverpod_user_info, with a number as their id; accounts have UUIDs. Each account
gets a number when an app of the legacy module first needs it. Accounts are right about everything in the row but the
number and `userIdentifier`; receivers.py keeps the row like them.
"""

from __future__ import annotations

from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.profile import profile
from accounts.staff import scopes
from legacy_auth.models import MigratedUser, UserInfo, UserInfoPublic
from podium.endpoints.calls import Call
from podium.endpoints.errors import NotSignedIn

DELETED = "deleted-"
"""The prefix of the identifier in a row that outlives its user: receivers.py."""


def user_info_id(call: Call) -> int:
    """The caller's number, for tables that refer to users by it. Raises NotSignedIn (401). One SELECT.

    In an `async def` method: `await auser_info_id(call)`.
    """
    known = MigratedUser.objects.filter(new_auth_user__id=UUID(call.user_id)).values_list(
        "old_user_id", flat=True
    )
    number = known.first()
    return number if number is not None else _of_account(call.user_id).pk


auser_info_id = sync_to_async(user_info_id)


def of(user: User) -> UserInfo:
    """Return the user as they see themselves; creates the number if the account has none."""
    info = UserInfo.objects.filter(pk__in=numbers(user)).first() or _new(user)
    info.email, info.blocked = user.email, user.blocked
    info.scope_names = sorted(scopes.of(user))
    info.user_name = info.user_name or ""
    return info


def user_of(number: int) -> User | None:
    """The account of a number. One SELECT."""
    link = MigratedUser.objects.select_related("new_auth_user").filter(old_user__id=number).first()
    return link.new_auth_user if link is not None else None


def numbers(user: User) -> list[int]:
    """The number of an account, if it has one. One SELECT."""
    return [link.old_user_id for link in MigratedUser.objects.filter(new_auth_user=user)]


def public(info: UserInfo) -> UserInfoPublic:
    """Return the part of a user that others may see: no address, no scopes."""
    return UserInfoPublic(
        id=info.pk,
        user_name=info.user_name,
        full_name=info.full_name,
        created=info.created,
        image_url=info.image_url,
    )


def _of_account(user_id: str) -> UserInfo:
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotSignedIn
    return of(user)


def _new(user: User) -> UserInfo:
    try:
        with transaction.atomic():
            info = _stored(user)
            MigratedUser.objects.create(old_user=info, new_auth_user=user)
        return info
    except IntegrityError:  # another call was quicker
        return UserInfo.objects.get(pk__in=numbers(user))


def _stored(user: User) -> UserInfo:
    """A new row. Its identifier is the address, as Serverpod has it, unless another row has that."""
    shown = profile.of(user)
    identifier = user.email or str(user.pk)
    if UserInfo.objects.filter(user_identifier=identifier).exists():
        identifier = str(user.pk)
    return UserInfo.objects.create(
        user_identifier=identifier,
        user_name=shown.user_name or "",
        full_name=shown.full_name,
        email=user.email,
        created=user.created_at,
        image_url=shown.image_url,
        scope_names=sorted(scopes.of(user)),
        blocked=user.blocked,
    )
