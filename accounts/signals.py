"""What apps may react to. Receivers run in the transaction that did it: what they raise undoes it."""

from __future__ import annotations

from django.dispatch import Signal

user_created = Signal()
"""A new person, by whichever way in: `user`, `method` ("google", "email"), `claims` (a provider's, or None), `call`."""

identity_linked = Signal()
"""A provider's account became a way in for a person who was there before: `user`, `method`, `claims`, `call`."""

account_taken_over = Signal()
"""The first proof of an account's address gave it an owner: `user`, `call`, `request`. Everything set up before is
removed: other addresses, password, providers, passkeys, second factors, sign-ins. Remove what your app has of that
kind, such as API keys, and stop what is running for the user."""

identity_revoked = Signal()
"""A person took this server's leave back at the provider: `user`, `method`, `event` (the provider's word for it)."""

users_merged = Signal()
"""Two accounts become one: `keep`, `gone`, which is deleted right after. Rows that refer to the person by a foreign
key move by themselves (merging.py); move the others, and settle what must not be there twice."""

user_deleting = Signal()
"""A person's account is about to be deleted: `user`. Rows with a foreign key go by its `on_delete`; delete or make
anonymous what refers to the person otherwise. Runs in a worker, and again where something failed."""

exporting = Signal()
"""A person gets all that is stored of them: `user`; receivers give an iterable of `export.Entry`, read as sent."""
