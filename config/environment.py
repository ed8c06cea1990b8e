"""The environment's values as settings need them, read as people write them. Django's settings are not read here."""

from __future__ import annotations

from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured


class Environment(environ.Env):
    """django-environ's, which keeps the blank of `a, b`, and does not say which value can't be read."""

    def get_value(self, var: str, cast: Any = None, **more: Any) -> Any:
        """Raises ImproperlyConfigured."""
        try:
            value = super().get_value(var, cast=cast, **more)
        except ValueError as error:
            raise ImproperlyConfigured(f"{var} can't be read: {error}") from None
        return [each.strip() for each in value if each.strip()] if cast is list else value
