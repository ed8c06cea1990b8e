"""Signals for apps. Receivers run in the transaction of the change: an error in a receiver undoes it."""

from __future__ import annotations

from django.dispatch import Signal

user_created = Signal()
"""A new user: `user`, `method` ("google", "email"), `claims` (a provider's, or None), `call`. For sign-ups on pages and
in the headless API, `claims` and `call` are None, and receivers run once the account is stored."""

address_wanted = Signal()
"""Before a look-up by e-mail address: `address`, in its canonical spelling. Receivers may store that user."""

identity_wanted = Signal()
"""A sign-in with an identity that is unknown here: `provider`, `uid`. Receivers may store it, and then return True."""

passkey_wanted = Signal()
"""A sign-in with a passkey that is unknown here: `key_id`. Receivers may store it."""

identity_linked = Signal()
"""A provider's account was linked to an existing user as a sign-in method: `user`, `method`, `claims`, `call`."""

account_taken_over = Signal()
"""The first proof of an account's address gave it an owner: `user`, `call`, `request`. Everything set up before is
removed: other addresses, password, providers, passkeys, second factors, sign-ins. Remove what your app has of that
kind, such as API keys, and stop what is running for the user."""

identity_revoked = Signal()
"""A user revoked this server's permission at the provider: `user`, `method`, `event` (the provider's name for it)."""

users_merged = Signal()
"""Two accounts are merged: `keep`, `gone`, which is deleted right after. Rows with a foreign key to the user
move automatically (data/merging.py). Move other data, and resolve rows that must be unique."""

profile_changed = Signal()
"""A user's name changed, or with `picture` the picture: `user`."""

scopes_changed = Signal()
"""A user's scopes changed: `user`, `scopes`, the names of all current ones."""

signed_out_everywhere = Signal()
"""All sign-ins of a user were ended, except the one with `token_id` unless that is "": `user`. End what your app
has of that kind."""

user_deleting = Signal()
"""A user's account is about to be deleted: `user`. Rows with a foreign key follow its `on_delete`. Delete or anonymise
other data about the user. Runs in a worker, and again after a failure."""

exporting = Signal()
"""An export of a user's data: `user`. Receivers return an iterable of `export.Entry`, read while it is sent."""
