"""Environment variables, read for config/settings.py. Does not read Django's settings."""

from __future__ import annotations

from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured


class Environment(environ.Env):
    """django-environ's Env, except that lists lose blanks and empty items, and errors name the variable."""

    def get_value(self, var: str, cast: Any = None, **more: Any) -> Any:
        """Read one variable. Raises ImproperlyConfigured if its value can't be read."""
        try:
            value = super().get_value(var, cast=cast, **more)
        except ValueError as error:
            raise ImproperlyConfigured(f"{var} can't be read: {error}") from None
        return [each.strip() for each in value if each.strip()] if cast is list else value
