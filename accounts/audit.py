"""The audit log: what matters for security, who did it and from where. Holds no secret, and never fails its caller."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.http import HttpRequest

from accounts.conf import conf
from accounts.models import SecurityEvent, User
from core import clock
from endpoints.calls import Call

logger = logging.getLogger("podium.accounts")


def record(
    event: str,
    *,
    user: User | None = None,
    call: Call | None = None,
    request: HttpRequest | None = None,
    **details: Any,
) -> None:
    """Note an event. One INSERT; where that fails it is logged, and the caller goes on.

    event    a word of the past, as "signed_in"
    user     whom it concerns, which need not be who did it
    call     or `request`: from where
    details  JSON: no passwords, codes, tokens
    """
    address = agent = ""
    if call is not None:
        address, agent = call.address, call.headers.get("user-agent", "")
    elif request is not None:
        address, agent = request.META.get("REMOTE_ADDR") or "", request.headers.get("user-agent", "")
    made = SecurityEvent(
        event=event,
        user=user,
        address=address[:45],
        user_agent=agent[:300].replace("\0", ""),
        details=details,
    )
    try:
        with transaction.atomic():  # within a caller's transaction a savepoint: that goes on
            made.save(force_insert=True)
    except DatabaseError:
        logger.exception("the security event %s could not be stored", event)
    logger.info("%s user=%s address=%s %s", event, user.pk if user else "-", address or "-", details or "")


def delete_old() -> int:
    """Delete what is older than ACCOUNTS_AUDIT_DAYS; gives how many."""
    if not conf.AUDIT_DAYS:
        return 0
    count, _ = SecurityEvent.objects.filter(at__lt=clock.now() - timedelta(days=conf.AUDIT_DAYS)).delete()
    return count
