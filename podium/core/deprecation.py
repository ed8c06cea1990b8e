"""Names that moved: they stay importable for at least two minor versions, with a warning that names the replacement.

The policy is in docs/reference/public-api.md. Standard library only.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


class PodiumDeprecationWarning(DeprecationWarning):
    """A project uses a name that a later version of Podium no longer has."""


def moved(module: str, names: Mapping[str, str], *, since: str) -> Callable[[str], Any]:
    """Return the `__getattr__` of a module whose names moved elsewhere.

    module   __name__ of the module
    names    old name -> dotted path of the new one
    since    the version that deprecates the names, such as "0.3.0"

    __getattr__ = deprecation.moved(__name__, {"call": "podium.endpoints.testing.call"}, since="0.3.0")

    Each use of an old name warns with its file and line. A module that moved as a whole stays as a file with one line
    like this.
    """

    def getattr_of_module(name: str) -> Any:
        if name not in names:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        replacement = names[name]
        warn(f"{module}.{name}", replacement, since=since, stacklevel=3)
        source, _, attribute = replacement.rpartition(".")
        return getattr(import_module(source), attribute)

    return getattr_of_module


def warn(old: str, replacement: str, *, since: str, stacklevel: int = 2) -> None:
    """Warn that the caller uses something deprecated: a name, an option. For settings, see `AppSettings`.

    old, replacement   as users write them
    stacklevel         2 for the code that calls the function which warns
    """
    frame = sys._getframe(stacklevel - 1)
    while frame.f_back and frame.f_code.co_filename.startswith("<frozen importlib"):
        frame = frame.f_back
    place = f"{frame.f_code.co_filename}:{frame.f_lineno}"
    text = f"{place} {message(old, replacement, since=since)}"
    warnings.warn_explicit(text, PodiumDeprecationWarning, frame.f_code.co_filename, frame.f_lineno)


def message(old: str, replacement: str, *, since: str) -> str:
    """The sentence about something deprecated, for warnings and for the check of settings (podium.W022)."""
    return f"{old} is deprecated since {since} and will be removed in {removal(since)} or later. Use {replacement}"


def removal(since: str) -> str:
    """The first version that may leave out a name: two minor versions later."""
    major, minor, *_ = (int(each) for each in since.split("."))
    return f"{major}.{minor + 2}.0"


def show() -> None:
    """Show the warnings once for each place, even if Python hides other DeprecationWarnings."""
    if not sys.warnoptions:
        warnings.simplefilter("default", PodiumDeprecationWarning)
