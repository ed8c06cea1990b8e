"""Scopes: what a person may do. Each is a Django group of that name, which endpoints ask for in `required_scopes`.

The table of people has a copy, `scopeNames`, kept in step here: clients are told of it without a further SELECT.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.db.models.signals import m2m_changed, post_save, pre_delete
from django.dispatch import receiver

from accounts.conf import conf
from accounts.models import User


def of(user: User) -> frozenset[str]:
    """The names of the groups, and ACCOUNTS_SUPERUSER_SCOPE for a superuser. One SELECT."""
    names = set(user.groups.values_list("name", flat=True))
    return frozenset(names | {conf.SUPERUSER_SCOPE} if user.is_superuser else names)


def write_down(users: QuerySet[User], *, without: str = "") -> None:
    """Bring the copies of these people up to date. without: a scope that is about to go."""
    for user in users.prefetch_related("groups").iterator(chunk_size=1000):
        names = {group.name for group in user.groups.all()} - {without}
        if user.is_superuser:
            names.add(conf.SUPERUSER_SCOPE)
        if names != user.scope_names:
            User.objects.filter(pk=user.pk).update(scope_names=names)
            user.scope_names = names


@receiver(m2m_changed, sender=User.groups.through)
def _groups_changed(
    instance: Any, action: str, reverse: bool, pk_set: set[Any] | None = None, **_: Any
) -> None:
    """A person got or lost groups, or a group its people."""
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
def _person_saved(instance: User, **_: Any) -> None:
    """Somebody may have become a superuser, or be one no longer; what was set by hand does not stay."""
    names = set(of(instance))
    if names != instance.scope_names:
        User.objects.filter(pk=instance.pk).update(scope_names=names)
        instance.scope_names = names
