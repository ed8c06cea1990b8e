"""Leaving out apps of the platform: `leave_out("files", "tasks")` in config/settings.py. docs/reference/settings.md"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

OPTIONAL: dict[str, tuple[str, ...]] = {
    "files": (),
    "realtime": (),
    "tasks": ("django_celery_beat",),
    "monitoring": (),
}
"""Apps that a project may leave out, and the packages that go with them."""
ALWAYS = {
    "accounts": "its user model is the one that the platform's tables refer to. To switch off sign-in methods, set "
    "ACCOUNTS_SIGN_IN.",
}
_removed: set[str] = set()
"""Apps that this process's settings have left out."""


def of(installed: list[str]) -> Callable[..., None]:
    """Return the function that removes apps from this list of INSTALLED_APPS."""

    def leave_out(*names: str) -> None:
        """Remove apps of the platform from INSTALLED_APPS. Raises ImproperlyConfigured for any other name."""
        if faults := [fault for fault in map(_fault, names) if fault]:
            raise ImproperlyConfigured("\n".join(faults))
        _removed.update(names)
        gone = {each for name in names for each in (name, *OPTIONAL[name])}
        installed[:] = [each for each in installed if each not in gone]

    return leave_out


def _fault(name: str) -> str:
    if name in OPTIONAL:
        return ""
    if name in ALWAYS:
        return f'leave_out("{name}"): {name} can\'t be left out: {ALWAYS[name]}'
    return f'leave_out("{name}"): no such app. These can be left out: {", ".join(OPTIONAL)}'


def require(installed: Sequence[str]) -> None:
    """Raise ImproperlyConfigured if INSTALLED_APPS lacks an app that the platform needs, or has one that is left out.

    `INSTALLED_APPS = [*INSTALLED_APPS, "shop"]` makes another list, which a later leave_out does not change.
    """
    if kept := ", ".join(sorted(_removed.intersection(installed))):
        raise ImproperlyConfigured(
            f"leave_out(...) names {kept}, but INSTALLED_APPS still has it. Write leave_out(...) in config/settings.py "
            "above the line that changes INSTALLED_APPS."
        )
    for name, reason in ALWAYS.items():
        if not any(each == name or each.startswith(f"{name}.apps.") for each in installed):
            raise ImproperlyConfigured(f"INSTALLED_APPS lacks {name}, which can't be left out: {reason}")


def require_installed(app: str) -> None:
    """Raise ImproperlyConfigured, with the place of the import, if models of an app are imported that is left out."""
    if apps.is_installed(app):
        return
    own = [f"{Path(__file__).parent}/", f"{Path(__file__).parents[2] / app}/", "<frozen importlib"]
    frames = [each for each in traceback.extract_stack() if not each.filename.startswith(tuple(own))]
    place = f"{frames[-1].filename}:{frames[-1].lineno}: " if frames else ""
    raise ImproperlyConfigured(
        f"{place}this needs the app {app}, which config/settings.py leaves out. Remove the import, or remove {app} "
        "from leave_out(...)."
    )
