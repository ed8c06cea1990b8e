"""The devices a person is signed in on, as that person sees them."""

from __future__ import annotations

import uuid

from accounts import audit, reauthentication, tokens
from accounts.callers import person
from accounts.models import Token
from accounts.protocol import Device
from endpoints.calls import Call


def of(call: Call) -> list[Device]:
    """Those of the person who calls, what was used last first."""
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
        for row in Token.objects.filter(user_id=call.user_id).order_by("-last_used_at", "-id")
    ]


def end(call: Call, device_id: uuid.UUID, *, password: str | None = None, code: str | None = None) -> bool:
    """Sign out one of the caller's devices. Returns whether it was signed in.

    Any device but the caller's own needs a recent proof: raises ReauthenticationException.
    """
    if call.identity is None or call.identity.token_id != str(device_id):
        reauthentication.require(call, person(call), password=password, code=code)
    ended = tokens.revoke(Token.objects.filter(user_id=call.user_id, pk=device_id)) > 0
    if ended:
        audit.record("device_signed_out", user=person(call), call=call)
    return ended
