"""Limits of acting as a user: the tokens end with the operator's right to them, and refusals are in the audit log.

actions.py creates the tokens. sessions.py looks them up and checks the right at each call. This module deletes them as
soon as the right is lost, which also ends the streams that run on them, in every process.
"""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group, Permission
from django.contrib.auth.signals import user_logged_out
from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from accounts.audit import audit
from accounts.models import Session, User
from accounts.sessions import sessions
from accounts.staff.rights import may_impersonate
from podium.core.lazy import redis
from podium.endpoints.calls import Call
from podium.endpoints.signals import impersonation_refused

SAVED_RIGHTS = frozenset({"is_active", "is_staff", "is_superuser"})
NOTED_SECONDS = 60
"""One line in the audit log for each token and method in this time, so that a client that retries can't fill it."""


def end_unfounded(found: QuerySet[Session]) -> None:
    """End the tokens whose operator may no longer act as their user. One SELECT, usually without rows."""
    acting = found.filter(operator__isnull=False).select_related("user", "operator")
    lost = [row.pk for row in acting if row.operator and not may_impersonate(row.operator, row.user)]
    if lost:
        sessions.revoke(Session.objects.filter(pk__in=lost))


@receiver(post_save, sender=User)
def _saved(instance: User, created: bool, update_fields: Any, **_: Any) -> None:
    """End tokens if an operator lost a right, or a user got one that keeps others from acting as them."""
    if not created and (update_fields is None or SAVED_RIGHTS & set(update_fields)):
        end_unfounded(Session.objects.filter(Q(operator=instance) | Q(user=instance)))


@receiver(m2m_changed, sender=User.groups.through)
@receiver(m2m_changed, sender=User.user_permissions.through)
@receiver(m2m_changed, sender=Group.permissions.through)
def _rights_changed(action: str, **_: Any) -> None:
    if action in ("post_remove", "post_clear"):
        end_unfounded(Session.objects.all())


@receiver(post_delete, sender=Group)
@receiver(post_delete, sender=Permission)
def _right_deleted(**_: Any) -> None:
    end_unfounded(Session.objects.all())


@receiver(post_delete, sender=UserSession)
def _browser_ended(instance: UserSession, **_: Any) -> None:
    _end_issued(instance.user_id)


@receiver(user_logged_out)
def _signed_out(user: User | None, **_: Any) -> None:
    """End an operator's tokens when they sign out of the admin."""
    if user is not None:
        _end_issued(user.pk)


def _end_issued(operator_id: uuid.UUID) -> None:
    sessions.revoke(Session.objects.filter(operator_id=operator_id))


@receiver(impersonation_refused)
def _note(call: Call, method: str, **_: Any) -> None:
    identity = call.identity
    assert identity is not None  # only operators' calls get here
    key = f"{identity.operator} {identity.user_id} {identity.token_id} {method}"
    if _is_news(hashlib.blake2b(key.encode(), digest_size=16).hexdigest()):
        user = User.objects.filter(pk=identity.user_id).first()
        audit.record("impersonation_refused", user=user, call=call, method=method)


def _is_news(digest: str) -> bool:
    try:
        return cache.add(f"accounts.impersonation_refused:{digest}", True, timeout=NOTED_SECONDS)
    except redis.RedisError:
        return True
