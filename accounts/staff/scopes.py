"""Scopes: the rights of a user. Each is a Django group with the name that endpoints list in `required_scopes`.

The user's row has a copy, `scopeNames`, updated here, so that clients get the scopes without another SELECT.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.signals import m2m_changed, post_save, pre_delete
from django.dispatch import receiver

from accounts import signals
from accounts.conf import conf
from accounts.models import User
from accounts.serverpod import tables
from realtime import revocation

NAME_MAX_LENGTH = Group._meta.get_field("name").max_length or 0


def of(user: User) -> frozenset[str]:
    """The names of the groups, and ACCOUNTS_SUPERUSER_SCOPE for a superuser. One SELECT."""
    names = set(user.groups.values_list("name", flat=True))
    return frozenset(names | {conf.SUPERUSER_SCOPE} if user.is_superuser else names)


def holders(name: str) -> Q:
    """The users with a scope, as a filter."""
    members = Q(pk__in=User.groups.through.objects.filter(group__name=name).values("user_id"))
    return members | Q(is_superuser=True) if name == conf.SUPERUSER_SCOPE else members


def current(user: User) -> frozenset[str]:
    """The scopes at a sign-in and at a call. If Serverpod has changed its copy, the groups are updated first.

    Podium changes the groups and the copy in one transaction, so a difference comes from Serverpod.
    """
    names = of(user)
    if names == user.scope_names or not tables.in_use():
        return names
    with transaction.atomic():
        stored = User.objects.select_for_update().get(pk=user.pk)
        if of(stored) != stored.scope_names:
            wanted = {str(name)[:NAME_MAX_LENGTH] for name in stored.scope_names}
            wanted -= {conf.SUPERUSER_SCOPE} if stored.is_superuser else set()
            groups = [Group.objects.get_or_create(name=name)[0] for name in sorted(wanted)]
            stored.groups.add(*groups)  # first, so that lost scopes are known and end streams
            stored.groups.remove(*stored.groups.exclude(name__in=wanted))
            write_down(User.objects.filter(pk=user.pk))
    return of(stored)


def write_down(users: QuerySet[User], *, without: str = "") -> None:
    """Update the copies of these users. without: a scope that is about to be deleted."""
    for user in users.prefetch_related("groups").iterator(chunk_size=1000):
        names = {group.name for group in user.groups.all()} - {without}
        if user.is_superuser:
            names.add(conf.SUPERUSER_SCOPE)
        if names != user.scope_names:
            _store(user, names)


def _store(user: User, names: set[str]) -> None:
    """Store the copy, end the streams that need a lost scope, and notify other apps."""
    lost = user.scope_names - names
    User.objects.filter(pk=user.pk).update(scope_names=names)
    user.scope_names = names
    revocation.end_streams(user_id=str(user.pk), scopes=lost)
    signals.scopes_changed.send(sender=User, user=user, scopes=names)


@receiver(m2m_changed, sender=User.groups.through)
def _groups_changed(
    instance: Any, action: str, reverse: bool, pk_set: set[Any] | None = None, **_: Any
) -> None:
    """Update the copies when a user gets or loses groups, or a group gets or loses users."""
    if action == "pre_clear" and reverse:
        write_down(User.objects.filter(groups=instance), without=instance.name)
    elif action in ("post_add", "post_remove", "post_clear"):
        write_down(User.objects.filter(pk__in=(pk_set or ()) if reverse else [instance.pk]))
        if not reverse:
            instance.scope_names = set(of(instance))


@receiver(post_save, sender=Group)
def _group_renamed(instance: Group, created: bool, **_: Any) -> None:
    if not created:
        write_down(User.objects.filter(groups=instance))


@receiver(pre_delete, sender=Group)
def _group_goes(instance: Group, **_: Any) -> None:
    write_down(User.objects.filter(groups=instance), without=instance.name)


@receiver(post_save, sender=User)
def _user_saved(instance: User, **_: Any) -> None:
    """Update the copy: the user may have become a superuser, or is one no longer. Manual changes are overwritten."""
    names = set(of(instance))
    if names != instance.scope_names:
        _store(instance, names)
