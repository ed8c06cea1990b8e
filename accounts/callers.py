"""Who calls, as a person. A token is remembered for some seconds, so its person may be gone."""

from __future__ import annotations

from accounts.models import User
from endpoints.calls import Call
from endpoints.errors import NotSignedIn


def person(call: Call) -> User:
    """Who calls. Raises NotSignedIn (401), also for a person who was deleted a moment ago. One SELECT."""
    found = User.objects.filter(pk=call.user_id).first()
    if found is None:
        raise NotSignedIn
    return found
