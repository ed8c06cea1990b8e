"""Deletion of an account at its user's request: signed out at once, deleted at once or after ACCOUNTS_DELETION_DAYS.

A sign-in before that time keeps the account. erasure.py does the deleting.
"""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from django.db import transaction
from django.http import HttpRequest

from accounts import jobs
from accounts.audit import audit
from accounts.conf import conf
from accounts.data import erasure
from accounts.models import User
from accounts.notices import notices
from accounts.requests import request_of
from podium.core import clock
from podium.endpoints.calls import Call

if jobs.INSTALLED:
    from accounts import tasks
    from tasks import scheduling

REVOKE_TRIES = 5
"""Number of tries to notify a provider. After these the account is deleted without it."""


@transaction.atomic
def request(user: User, *, call: Call | None = None, request: HttpRequest | None = None) -> datetime:
    """Sign a user out everywhere, schedule the deletion, and mail about it. Returns the time of the deletion.

    A second request changes nothing. The caller has proved their identity: accounts/sign_in/reauthentication.py.
    """
    User.objects.select_for_update().filter(pk=user.pk).first()  # makes simultaneous calls wait
    due = due_at(user)
    if due is None:
        jobs.cancel(erasure.identifier(user.pk))  # an earlier one that a sign-in cancelled
        due = _schedule(user)
        audit.record("deletion_requested", user=user, call=call, request=request, due=due.isoformat())
        transaction.on_commit(lambda: _mail(user, due, call, request))
        if not jobs.INSTALLED:  # after the mail, which needs the addresses
            transaction.on_commit(lambda: erasure.carry_out(user.pk, due, last_try=True))
    erasure.sign_out(user)
    return due


def due_at(user: User) -> datetime | None:
    """The time at which a user's account will be deleted. None without a request, or if the user signed in since."""
    pending = jobs.pending(erasure.identifier(user.pk))
    if pending is None or erasure.came_back(user, pending[1]):
        return None
    return pending[0]


def cancel(user: User, *, call: Call | None = None, request: HttpRequest | None = None) -> bool:
    """Keep the account. Returns whether a deletion was scheduled."""
    with transaction.atomic():
        cancelled = jobs.cancel(erasure.identifier(user.pk))
        if cancelled:
            audit.record("deletion_cancelled", user=user, call=call, request=request)
    return cancelled


def _schedule(user: User) -> datetime:
    now = clock.now()
    due = now + timedelta(days=conf.DELETION_DAYS)
    if not conf.DELETION_DAYS:
        User.objects.filter(pk=user.pk).update(
            is_active=False
        )  # a moment later, so that nobody signs in between
    if not jobs.INSTALLED:
        return now
    scheduling.schedule(
        tasks.delete_account,
        at=due,
        identifier=erasure.identifier(user.pk),
        user_id=user.pk,
        requested_at=now,
        tries_left=REVOKE_TRIES,
    )
    return due


def _mail(user: User, due: datetime, call: Call | None, request: HttpRequest | None) -> None:
    """Mail every proved address, because somebody other than the owner may have made the request."""
    context = {"due": due, "days": conf.DELETION_DAYS}
    with request_of(call) if call is not None else nullcontext(request) as origin:
        for address in notices.addresses(user) if origin is not None else []:
            get_adapter(origin).send_mail("accounts/email/deletion_requested", address, context)
