"""Erasure of a user with all their data: rows by their foreign keys, other data by receivers in apps.

The security event log keeps the events without the user.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q

from accounts import jobs, signals
from accounts.audit import audit
from accounts.keys import keys
from accounts.models import SecurityEvent, User
from accounts.providers import registry
from accounts.sessions import sessions


def carry_out(user_id: uuid.UUID, requested_at: datetime, *, last_try: bool) -> bool:
    """Delete a user who requested it at that time, unless they signed in since.

    Returns False if a provider could not be notified: try again later. The last try continues without it.
    """
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return True
    if came_back(user, requested_at):
        audit.record("deletion_cancelled", user=user, reason="signed in again")
        return True
    if not registry.revoke(user) and not last_try:
        return False
    _delete(user)
    return True


def delete(user: User) -> None:
    """Delete a user now. Raises the errors of `user_deleting` receivers, and then deletes nothing.

    Asks providers to revoke their permissions, so call it outside of a transaction.
    """
    registry.revoke(user)  # failures are logged
    _delete(user)


@transaction.atomic
def _delete(user: User) -> None:
    signals.user_deleting.send(sender=User, user=user)
    sign_out(user)
    jobs.cancel(identifier(user.pk))
    _forget_in_events(user)
    user.delete()
    audit.record("user_deleted")


def sign_out(user: User) -> None:
    """Sign a user out everywhere: devices with their streams and calls, and browsers. Ends the user's API keys, too."""
    sessions.revoke_all(user)
    keys.revoke_all(user)


def _forget_in_events(user: User) -> None:
    """Keep the events for statistics, without user, origin and details."""
    addresses = {user.email or "", *EmailAddress.objects.filter(user=user).values_list("email", flat=True)}
    named = Q(details__account__in=sorted(addresses - {""}))
    SecurityEvent.objects.filter(Q(user=user) | named).update(
        address="", user_agent="", details={}, user=None
    )


def came_back(user: User, requested_at: datetime) -> bool:
    """Test whether a user signed in after the request to delete the account."""
    return user.is_active and user.last_login is not None and user.last_login > requested_at


def identifier(user_id: uuid.UUID) -> str:
    """The identifier of the scheduled call that deletes a user."""
    return f"accounts.deletion:{user_id}"
