"""Environment variables, read for config/settings.py. Does not read Django's settings.

Missing and invalid ones are collected, so that one message names all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

_T = TypeVar("_T")

ON, OFF = ("true", "on", "ok", "y", "yes", "1"), ("false", "off", "n", "no", "0", "")
DATABASE = "postgresql://user:password@host:5432/name"
DATABASE_SCHEMES = ("postgresql", "postgres", "psql", "pgsql")


class Environment(environ.Env):
    """django-environ's Env, but without blanks and empty items in lists, and with faults collected.

    renamed   old name -> new name, and the version that deprecates the old one. The old one is read if the new one is
              not set; `manage.py check` reports it

    A variable with a fault has its default until `raise_faults` ends the reading.
    """

    def __init__(self, *, renamed: Mapping[str, tuple[str, str]] | None = None) -> None:
        super().__init__()
        self.renamed = renamed or {}
        self.faults: list[str] = []
        self._missing: list[str] = []
        self._unset: list[str] = []

    def fault(self, text: str) -> None:
        """Record a fault: "NAME is ...". It must not contain secrets."""
        self.faults.append(text)

    def _name_in_use(self, var: str) -> str:
        """The old name of a variable if only that is set."""
        old = (old for old, (new, _) in self.renamed.items() if new == var and old in self.ENVIRON)
        return var if var in self.ENVIRON else next(old, var)

    def get_value(self, var: str, cast: Any = None, default: Any = environ.Env.NOTSET, **more: Any) -> Any:
        var = self._name_in_use(var)
        try:
            value = super().get_value(var, cast=cast, default=default, **more)
        except (ValueError, ImproperlyConfigured) as error:
            self.fault(f"{var} can't be read: {error}")
            return default
        return [each.strip() for each in value if each.strip()] if cast is list else value

    def bool(self, var: str, default: Any = environ.Env.NOTSET) -> Any:
        var = self._name_in_use(var)
        given = self.ENVIRON.get(var, "").strip()
        if given.lower() not in (*ON, *OFF):
            self.fault(f'{var} is "{given}". Write true or false.')
            return default
        return given.lower() in ON if var in self.ENVIRON else default

    def choice(self, var: str, known: Collection[str], *, default: str) -> str:
        """Read a variable with a fixed set of values."""
        given = str(self.str(var, default=default))
        if given not in known:
            *others, last = known
            self.fault(f'{var} is "{given}". Write {", ".join(others)} or {last}.')
            return default
        return given

    def table(self, var: str) -> dict[str, Any]:
        """Read a JSON object whose values are objects; {} without one."""
        given = self.json(var, default={})
        if not isinstance(given, dict) or not all(isinstance(each, dict) for each in given.values()):
            self.fault(f'{var} is not a valid JSON object of objects. Write {{"name": {{...}}}}')
            return {}
        return given

    def needed(self, var: str, hint: str) -> str:
        """Read a required variable."""
        given = str(self.str(var, default=""))
        if not given:
            self._missing.append(f"{var} is not set. {hint}")
        return given

    def expected(self, var: str, *, of: str = "") -> None:
        """Also report this variable if it is not set and something required is missing."""
        if not self.ENVIRON.get(self._name_in_use(var)):
            self._unset.append(f"{var} is not set. {of}".rstrip())

    def database(self, var: str, *, default: str) -> dict[str, Any]:
        """Read the address of a Postgres database into the form of Django's DATABASES."""
        given = str(self.str(var, default="")) or default
        try:
            if urlsplit(given).scheme not in DATABASE_SCHEMES:
                raise ValueError
            config = self.db_url_config(given)
            if not config["NAME"]:
                raise ValueError
        except (ValueError, LookupError):  # without the error's text: the address may contain a password
            self.fault(f"{var} is not a valid address of a Postgres database. Write {DATABASE}")
            return dict(self.db_url_config(default))
        return dict(config)

    def email_url(self, var: str, default: Any = environ.Env.NOTSET, backend: Any = None) -> dict[str, Any]:
        try:
            return dict(super().email_url(var, default=default, backend=backend))
        except (ValueError, ImproperlyConfigured):
            self.fault(
                f"{var} is not a valid address of a mail server. Write smtp+tls://user:password@host:587"
            )
            return dict(super().email_url("", default=default, backend=backend))

    def checked(self, read: Callable[..., _T], *arguments: Any, fallback: _T, **named: Any) -> _T:
        """Call a function; its ImproperlyConfigured becomes a fault."""
        try:
            return read(*arguments, **named)
        except ImproperlyConfigured as error:
            self.fault(str(error))
            return fallback

    def raise_faults(self) -> None:
        """Raise ImproperlyConfigured with a line for each fault."""
        missing = [*self._missing, *self._unset] if self._missing else []
        if lines := dict.fromkeys(
            [*missing, *self.faults]
        ):  # each once, even if a variable is read several times
            raise ImproperlyConfigured("\n".join(lines))
