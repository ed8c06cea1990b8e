"""What apps may react to. Receivers run in the transaction that did it: what they raise undoes it."""

from __future__ import annotations

from django.dispatch import Signal

user_created = Signal()
"""A new person, by whichever way in: `user`, `method` ("google", "email"), `claims` (a provider's, or None), `call`."""

identity_linked = Signal()
"""A provider's account became a way in for a person who was there before: `user`, `method`, `claims`, `call`."""

identity_revoked = Signal()
"""A person took this server's leave back at the provider: `user`, `method`, `event` (the provider's word for it)."""
