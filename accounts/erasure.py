"""A person is deleted with all that is theirs: rows by their foreign keys, the rest by what apps join in with.

The log of security events keeps that something happened, not whose it was.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q

from accounts import audit, signals, tokens
from accounts.models import SecurityEvent, User
from accounts.providers import apple
from tasks import scheduling


def carry_out(user_id: uuid.UUID, requested_at: datetime, *, last_try: bool) -> bool:
    """Delete a person who asked for it then, unless they signed in since.

    Gives False where a provider could not be told: to be tried again later. The last try goes on without it.
    """
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return True
    if came_back(user, requested_at):
        audit.record("deletion_cancelled", user=user, reason="signed in again")
        return True
    if not apple.revoke(user) and not last_try:
        return False
    _delete(user)
    return True


def delete(user: User) -> None:
    """Delete a person here and now. Raises what receivers of `user_deleting` do, and then nothing is deleted.

    Asks Apple to take its permission back, so not inside a transaction.
    """
    apple.revoke(user)  # a failure is in the log
    _delete(user)


@transaction.atomic
def _delete(user: User) -> None:
    signals.user_deleting.send(sender=User, user=user)
    sign_out(user)
    scheduling.cancel(identifier(user.pk))
    _forget_in_events(user)
    user.delete()
    audit.record("user_deleted")


def sign_out(user: User) -> None:
    """Everywhere: devices with their streams and calls, and browsers."""
    tokens.revoke_all(user)


def _forget_in_events(user: User) -> None:
    """Events stay, to be counted; who, from where and with what goes."""
    addresses = {user.email or "", *EmailAddress.objects.filter(user=user).values_list("email", flat=True)}
    named = Q(details__account__in=sorted(addresses - {""}))
    SecurityEvent.objects.filter(Q(user=user) | named).update(
        address="", user_agent="", details={}, user=None
    )


def came_back(user: User, requested_at: datetime) -> bool:
    """Whether a person signed in after they asked to be deleted."""
    return user.is_active and user.last_login is not None and user.last_login > requested_at


def identifier(user_id: uuid.UUID) -> str:
    """What the scheduled call that deletes a person is found by."""
    return f"accounts.deletion:{user_id}"
