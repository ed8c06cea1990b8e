"""The calling user. A session is remembered for some seconds, so its user may be deleted by now."""

from __future__ import annotations

from accounts.models import User
from podium.endpoints.calls import Call
from podium.endpoints.errors import NotSignedIn


def caller(call: Call) -> User:
    """The calling user. Raises NotSignedIn (401), also for a user who was deleted a moment ago. One SELECT."""
    found = User.objects.filter(pk=call.user_id).first()
    if found is None:
        raise NotSignedIn
    return found
