"""A passkey is one person's, and is found by its id: a unique index that allauth's model has not.

allauth looks for keys among those of one person; an app that signs in by passkey says nothing but the key's id.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import models
from django.db.models.fields.json import KeyTransform

ONE_PERSON_EACH = models.UniqueConstraint(
    KeyTransform("rawId", KeyTransform("credential", "data")),
    condition=models.Q(type=Authenticator.Type.WEBAUTHN.value),
    name="accounts_passkey_credential",
)


def add_to_model() -> None:
    """Called once, at the start: `makemigrations` and `repair` compare the model with what migrations made."""
    constraints = Authenticator._meta.constraints
    if not any(each.name == ONE_PERSON_EACH.name for each in constraints):
        Authenticator._meta.constraints = [*constraints, ONE_PERSON_EACH]
