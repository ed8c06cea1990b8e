"""Checks of the settings that apps declare in conf.py: unknown names, deprecated names, and values of another type."""

from __future__ import annotations

import difflib
import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.utils.functional import Promise

from podium.codegen import conf as _of_clients  # noqa: F401  loaded by `generate` alone otherwise
from podium.core import deprecation, dotenv, project
from podium.core.conf import AppSettings
from podium.core.environment import Environment

MANY = (list, tuple, set, frozenset)
FORMS: dict[type, tuple[tuple[type, ...], str]] = {
    bool: ((bool,), "True or False"),
    int: ((int,), "a whole number"),
    float: ((int, float), "a number"),
    str: ((str, Promise, os.PathLike), "a text in quotes"),
    list: (MANY, "a list"),
    tuple: (MANY, "a list"),
    dict: ((Mapping,), "a dict"),
}
"""Type of the default -> types of values, and their name in messages. Other defaults, such as None, take any value."""


def faults() -> list[CheckMessage]:
    """Report values that are not valid (podium.E021), and of the settings with an app's prefix those that are unknown
    (podium.W021) or have an old name (podium.W022).
    """
    return [*_of_wrong_type(), *_of_wrong_value(), *_unknown(), *_renamed(), *_renamed_variables()]


def _known() -> dict[str, Any]:
    """Every setting that the loaded apps declare, with its default; also by its old name."""
    known: dict[str, Any] = {}
    for each in AppSettings.__subclasses__():
        new_names = {old: new for old, (new, _) in each._renamed.items()}
        for name in (*each._defaults, *new_names):
            known[each._prefix + name] = each._defaults[new_names.get(name, name)]
    return known


def _of_wrong_type() -> Iterator[CheckMessage]:
    for name, default in _known().items():
        value = getattr(settings, name, default)
        types, form = FORMS.get(type(default), ((object,), ""))
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types and form):
            yield Error(
                f"{name} is {_shown(value)}; it must be {form}.",
                hint="Change it in config/settings.py: docs/reference/settings.md",
                id="podium.E021",
            )


def _of_wrong_value() -> Iterator[CheckMessage]:
    """Report the values of settings with a Literal type that are not one of its values."""
    for each in AppSettings.__subclasses__():
        for name, hint in get_type_hints(each).items():
            value = getattr(settings, each._prefix + name, each._defaults.get(name))
            if get_origin(hint) is Literal and isinstance(value, str) and value not in get_args(hint):
                choices = " or ".join(f'"{choice}"' for choice in get_args(hint))
                yield Error(
                    f"{each._prefix}{name} is {value[:40]!r}; it must be {choices}.",
                    hint="Change it in config/settings.py: docs/reference/settings.md",
                    id="podium.E021",
                )


def _shown(value: object) -> str:
    """The value if it can't be a secret, else its type."""
    return repr(value) if isinstance(value, (bool, int, float)) else f"of the type {type(value).__name__}"


def _unknown() -> Iterator[CheckMessage]:
    known = _known()
    prefixes = tuple(each._prefix for each in AppSettings.__subclasses__() if each._prefix)
    of_podium = vars(sys.modules.get("podium.settings", object))
    for name in dir(settings):
        if name.startswith(prefixes) and name not in known and name not in of_podium:
            near = difflib.get_close_matches(name, known, n=1)
            yield Warning(
                f"{name} is not a setting of Podium, so it has no effect.",
                hint=f"Did you mean {near[0]}?" if near else "docs/reference/settings.md lists them.",
                id="podium.W021",
            )


def _renamed() -> Iterator[CheckMessage]:
    for each in AppSettings.__subclasses__():
        for old, (new, since) in each._renamed.items():
            if hasattr(settings, each._prefix + old):
                name = each._prefix + old
                sentence = deprecation.message(name, each._prefix + new, since=since)
                yield Warning(f"{_place(name)}{sentence}.", id="podium.W022")


def _renamed_variables() -> Iterator[CheckMessage]:
    env = vars(sys.modules.get("podium.settings", object)).get("env", Environment())
    for old, (new, since) in env.renamed.items():
        if old in env.ENVIRON:
            line = dotenv.line(project.ROOT, old)
            place = f"{dotenv.FILE}:{line} " if line else "environment: "
            yield Warning(f"{place}{deprecation.message(old, new, since=since)}.", id="podium.W022")


def _place(name: str) -> str:
    """The line of the settings that sets this, if the project's own file does."""
    module = sys.modules.get(settings.SETTINGS_MODULE)
    path = getattr(module, "__file__", None)
    lines = Path(path).read_text().splitlines() if path else []
    found = (number for number, line in enumerate(lines, 1) if re.match(rf"{name}\s*[:=]", line))
    return f"{path}:{number} " if (number := next(found, 0)) else ""
