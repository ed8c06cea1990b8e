"""Audit log of changes to a user's rights, whether made in the admin, by code or in a shell.

The user also gets a mail when staff set a new password.
"""

from __future__ import annotations

from typing import Any

from allauth.core import context
from django.contrib.auth.models import Group
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save
from django.dispatch import receiver

from accounts.audit import audit
from accounts.models import User
from accounts.notices import notices

RIGHTS = {
    "is_active": ("user_unblocked", "user_blocked"),
    "is_staff": ("staff_given", "staff_taken"),
    "is_superuser": ("superuser_given", "superuser_taken"),
}
"""The fields with rights of a user, and the events for setting and unsetting each."""


def note(event: str, user: User | None, **details: Any) -> None:
    """Record an event, with the operator if it happens on a page of the admin."""
    request = context.request
    actor = getattr(request, "user", None)
    if actor is not None and actor.is_authenticated:
        details["by"] = str(actor.pk)
    audit.record(event, user=user, request=request, **details)


@receiver(pre_save, sender=User)
def _remember(instance: User, update_fields: Any, **_: Any) -> None:
    """Remember the stored rights. One SELECT at each save that may change them; sign-ins save none of these fields."""
    if instance._state.adding or (update_fields is not None and not RIGHTS.keys() & set(update_fields)):
        return
    instance.__dict__["_rights"] = User.objects.filter(pk=instance.pk).values(*RIGHTS).first()


@receiver(post_save, sender=User)
def _compare(instance: User, created: bool, **_: Any) -> None:
    before = instance.__dict__.pop("_rights", None)
    if created:
        before = {"is_active": True, "is_staff": False, "is_superuser": False}
    for field, (given, taken) in RIGHTS.items() if before else ():
        if (now := getattr(instance, field)) != before[field]:
            note(given if now else taken, instance)
    if not created and getattr(instance, "_password", None) is not None and _in_admin():
        note("password_changed", instance)
        notices.send(instance, "password_changed")


def _in_admin() -> bool:
    """Test for a request in the admin. Elsewhere the code that sets a password records it."""
    match = getattr(context.request, "resolver_match", None)
    return match is not None and "admin" in match.namespaces


@receiver(m2m_changed, sender=User.groups.through)
def _scopes(action: str, instance: Any, reverse: bool, pk_set: set[Any] | None, **_: Any) -> None:
    """Record changes of scopes, which are names of groups."""
    event = {"post_add": "scopes_given", "post_remove": "scopes_taken", "pre_clear": "scopes_taken"}.get(
        action
    )
    if event is None:
        return
    if reverse:
        users = User.objects.filter(pk__in=pk_set) if pk_set is not None else instance.user_set.all()
        changes = [(user, [instance.name]) for user in users]
    else:
        groups = Group.objects.filter(pk__in=pk_set) if pk_set is not None else instance.groups.all()
        changes = [(instance, sorted(group.name for group in groups))]
    for user, scopes in changes:
        if scopes:
            note(event, user, scopes=scopes)


@receiver(m2m_changed, sender=User.user_permissions.through)
def _permissions(action: str, instance: Any, reverse: bool, pk_set: set[Any] | None, **_: Any) -> None:
    if not reverse and action in ("post_add", "post_remove", "post_clear"):
        note(
            "permissions_changed",
            instance,
            action=action.removeprefix("post_"),
            permissions=sorted(pk_set or ()),
        )


@receiver(pre_save, sender=Group)
def _renamed(instance: Any, **_: Any) -> None:
    before = Group.objects.filter(pk=instance.pk).values_list("name", flat=True).first()
    if before is not None and before != instance.name:
        note("scope_renamed", None, scope=before, to=instance.name)


@receiver(pre_delete, sender=Group)
def _deleted(instance: Any, **_: Any) -> None:
    note("scope_deleted", None, scope=instance.name, users=instance.user_set.count())
