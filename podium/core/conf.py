"""Settings of one app: names, units and defaults are in the app's conf.py, values come from Django's settings."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, ClassVar
from weakref import WeakSet

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver


class AppSettings:
    """The base of an app's settings.

    class FilesSettings(AppSettings, prefix="FILES_"):
        MAX_BYTES: int = 50 * 1024 * 1024
        '''The largest file, in bytes.'''

    `FilesSettings().MAX_BYTES` is `settings.FILES_MAX_BYTES` if that is set, else the default.
    It is looked up once, and again after a test's override.

    A renamed setting is read under its old name too, for two minor versions. `manage.py check` reports the old name:

    class FilesSettings(AppSettings, prefix="FILES_", renamed={"SIZE": ("MAX_BYTES", "0.3.0")}):
    """

    _prefix: ClassVar[str]
    _defaults: ClassVar[dict[str, Any]]
    _renamed: ClassVar[Mapping[str, tuple[str, str]]]
    """Old name -> new name, and the version that deprecates the old one."""

    def __init_subclass__(cls, prefix: str, renamed: Mapping[str, tuple[str, str]] | None = None) -> None:
        cls._prefix = prefix
        cls._renamed = renamed or {}
        cls._defaults = {name: value for name, value in vars(cls).items() if name.isupper()}
        for name in cls._defaults:
            delattr(cls, name)

    def __init__(self) -> None:
        _read.add(self)

    def __getattr__(self, name: str) -> Any:
        if name not in self._defaults:
            raise AttributeError(f"{type(self).__name__} has no {name}")
        value = getattr(settings, self._prefix + self._name_in_use(name), self._defaults[name])
        setattr(self, name, value)
        return value

    def _name_in_use(self, name: str) -> str:
        """The old name of a setting if the project sets only that."""
        if not _is_set_by_project(self._prefix + name):
            for old, (new, _) in self._renamed.items():
                if new == name and hasattr(settings, self._prefix + old):
                    return old
        return name


def _is_set_by_project(name: str) -> bool:
    """Return whether a setting differs from podium.settings, which sets some from the environment."""
    defaults = vars(sys.modules.get("podium.settings", object))
    return hasattr(settings, name) and (name not in defaults or getattr(settings, name) is not defaults[name])


_read: WeakSet[AppSettings] = WeakSet()


@receiver(setting_changed)
def _forget(**_: Any) -> None:
    for each in _read:
        vars(each).clear()
