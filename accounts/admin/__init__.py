"""People in the admin: who they are, where they are signed in, what they may do, what happened, and acts on them."""

from __future__ import annotations

from accounts.admin import devices, events, people, person, scopes  # noqa: F401  they register themselves
