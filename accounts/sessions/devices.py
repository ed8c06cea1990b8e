"""The devices on which a user is signed in, as the user sees them."""

from __future__ import annotations

import uuid

from accounts.audit import audit
from accounts.callers import caller
from accounts.models import Session
from accounts.protocol import Device
from accounts.sessions import sessions
from accounts.sign_in import reauthentication
from podium.endpoints.calls import Call


def of(call: Call) -> list[Device]:
    """The caller's devices, the one used last first."""
    current = call.identity.token_id if call.identity else ""
    return [
        Device(
            id=row.pk,
            name=row.user_agent,
            method=row.method,
            address=row.address,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
            current=str(row.pk) == current,
        )
        for row in Session.objects.filter(user_id=call.user_id).order_by("-last_used_at", "-id")
    ]


def end(call: Call, device_id: uuid.UUID, *, password: str | None = None, code: str | None = None) -> bool:
    """Sign out one of the caller's devices. Returns whether it was signed in.

    Any device but the caller's own needs a recent proof: raises ReauthenticationException.
    """
    if call.identity is None or call.identity.token_id != str(device_id):
        reauthentication.require(call, caller(call), password=password, code=code)
    ended = sessions.revoke(Session.objects.filter(user_id=call.user_id, pk=device_id)) > 0
    if ended:
        audit.record("device_signed_out", user=caller(call), call=call)
    return ended
