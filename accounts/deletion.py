"""A person asks to have their account deleted: signed out at once, and gone a moment or ACCOUNTS_DELETION_DAYS later.

Until it is gone, whoever signs in again keeps it, if there are such days. Deleting itself is erasure.py.
"""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from django.db import transaction
from django.http import HttpRequest

from accounts import audit, erasure, notices, tasks
from accounts.conf import conf
from accounts.models import User
from accounts.web_request import request_of
from core import clock
from endpoints.calls import Call
from tasks import scheduling
from tasks.models import ScheduledCall, State

REVOKE_TRIES = 5
"""How often a provider is told before the account goes without it."""


@transaction.atomic
def request(user: User, *, call: Call | None = None, request: HttpRequest | None = None) -> datetime:
    """Sign a person out everywhere, have a worker delete the account, and mail that to them; gives when it goes.

    Asked twice, the first counts. Who asks has proven to be that person: accounts/reauthentication.py.
    """
    User.objects.select_for_update().filter(pk=user.pk).first()  # of two at a time one waits
    due = due_at(user)
    if due is None:
        scheduling.cancel(erasure.identifier(user.pk))  # one that was overtaken by a sign-in
        due = _schedule(user)
        audit.record("deletion_requested", user=user, call=call, request=request, due=due.isoformat())
        transaction.on_commit(lambda: _mail(user, due, call, request))
    erasure.sign_out(user)
    return due


def due_at(user: User) -> datetime | None:
    """When a person's account will be gone; None where nobody asked for that, or they signed in since."""
    pending = ScheduledCall.objects.filter(
        identifier=erasure.identifier(user.pk), state=State.PENDING
    ).first()
    if pending is None or erasure.came_back(user, datetime.fromisoformat(pending.arguments["requested_at"])):
        return None
    return pending.run_at


def cancel(user: User, *, call: Call | None = None, request: HttpRequest | None = None) -> bool:
    """Keep the account after all; gives whether it was to be deleted."""
    with transaction.atomic():
        cancelled = bool(scheduling.cancel(erasure.identifier(user.pk)))
        if cancelled:
            audit.record("deletion_cancelled", user=user, call=call, request=request)
    return cancelled


def _schedule(user: User) -> datetime:
    now = clock.now()
    due = now + timedelta(days=conf.DELETION_DAYS)
    if not conf.DELETION_DAYS:
        User.objects.filter(pk=user.pk).update(
            is_active=False
        )  # nobody signs in between now and a moment later
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
