"""Mistakes in the settings and declarations of tasks, all reported at start."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from tasks.conf import TasksSettings, conf
from tasks.definitions import RESERVED, Task, tasks

MAY_BE_ZERO = frozenset({"BACKOFF_SECONDS"})
MOST = 1_000_000_000


def require_settings() -> None:
    """Raise ImproperlyConfigured listing every invalid TASKS_ setting, because every sweep uses them."""
    faults = [
        f"TASKS_{name} = {value!r} is not a whole number from {least} to {MOST}"
        for name in TasksSettings._defaults
        for value, least in [(getattr(conf, name), 0 if name in MAY_BE_ZERO else 1)]
        if type(value) is not int or not least <= value <= MOST
    ]
    if faults:
        raise ImproperlyConfigured("; ".join(faults))


def check_tasks(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that the parameters of all tasks have wire types and valid names, and that recurring tasks need none."""
    return [fault for declared in tasks.values() for fault in _faults(declared)]


def _faults(declared: Task) -> list[CheckMessage]:
    where = f"{declared.place} {declared.name}"
    try:
        names = declared.parameters
    except (TypeError, NameError) as error:
        return [Error(f"{where}: {error}", id="tasks.E001")]
    faults: list[CheckMessage] = [
        Error(f"{where}: schedule() has a parameter {name} itself; give it another name", id="tasks.E002")
        for name in sorted(names.keys() & RESERVED)
    ]
    if declared.every is not None:
        try:
            declared.encode({})
        except TypeError as error:
            faults.append(Error(f"{where}: recurs without arguments, but {error}", id="tasks.E003"))
    return faults
