"""A passkey belongs to one user and is found by its id: a unique index that allauth's model lacks.

allauth searches the keys of one user. An app that signs in with a passkey sends only the key's id.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import models
from django.db.models.fields.json import KeyTransform

ONE_USER_EACH = models.UniqueConstraint(
    KeyTransform("rawId", KeyTransform("credential", "data")),
    condition=models.Q(type=Authenticator.Type.WEBAUTHN.value),
    name="accounts_passkey_credential",
)


def add_to_model() -> None:
    """Add the index to the model. Called once, at start: `makemigrations` and `repair` compare the two."""
    constraints = Authenticator._meta.constraints
    if not any(each.name == ONE_USER_EACH.name for each in constraints):
        Authenticator._meta.constraints = [*constraints, ONE_USER_EACH]
