"""Settings of one app: names, units and defaults stand in the app's conf.py, values come from Django's settings."""

from __future__ import annotations

from typing import Any, ClassVar
from weakref import WeakSet

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver


class AppSettings:
    """The base of an app's settings.

    class FilesSettings(AppSettings, prefix="FILES_"):
        MAX_BYTES: int = 50 * 1024 * 1024  # bytes, one file

    `FilesSettings().MAX_BYTES` is `settings.FILES_MAX_BYTES` where that is set, else the default.
    Looked up once, and again after a test's override.
    """

    _prefix: ClassVar[str]
    _defaults: ClassVar[dict[str, Any]]

    def __init_subclass__(cls, prefix: str) -> None:
        cls._prefix = prefix
        cls._defaults = {name: value for name, value in vars(cls).items() if name.isupper()}
        for name in cls._defaults:
            delattr(cls, name)

    def __init__(self) -> None:
        _read.add(self)

    def __getattr__(self, name: str) -> Any:
        if name not in self._defaults:
            raise AttributeError(f"{type(self).__name__} has no {name}")
        value = getattr(settings, self._prefix + name, self._defaults[name])
        setattr(self, name, value)
        return value


_read: WeakSet[AppSettings] = WeakSet()


@receiver(setting_changed)
def _forget(**_: Any) -> None:
    for each in _read:
        vars(each).clear()
