"""The base of generated models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from podium.database import naming


class Model(models.Model):
    """A row of a model file's table. A mixin in the app's mixins.py can override all of this."""

    if not TYPE_CHECKING:  # a strict type checker expects each Meta to inherit from the base class's Meta
        Q = models.Q  # generated models declare it with the lookups of their fields: Note.Q(title="a")

        class Meta:
            abstract = True

    def __str__(self) -> str:
        """The title or name, else the first text, else "Note 12". No query."""
        return naming.label(self)
