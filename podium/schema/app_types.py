"""Types that apps add to the language: TYPES in `<app>/wire_types.py`, found by that name.

    TYPES = (COLOR,)

Each is a podium.wire.types.WireType. The module is imported before Django starts, so it imports no models. It is
imported once; a change takes effect in the next process.
"""

from __future__ import annotations

import importlib
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from podium.schema.apps import App
from podium.schema.definitions import Fault, Position
from podium.wire.types import WireType, registry

MODULE = "wire_types"
EXAMPLE = "TYPES = (COLOR,), each a podium.wire.types.WireType"

_added: dict[str, str] = {}
"""Modules whose types are known already, and their files."""


class BadTypes(Exception):
    """An app's types cannot be used. `line` is the line in its wire_types.py, 1 if unknown."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


def read(root: Path, apps: Iterable[App]) -> list[Fault]:
    """Add the types of these apps. Paths in faults are relative to `root` where they are below it."""
    faults = []
    for app in apps:
        path = app.folder / f"{MODULE}.py"
        if not path.is_file():
            continue
        if str(app.base) not in sys.path:
            sys.path.append(str(app.base))
        try:
            add(f"{app.name}.{MODULE}", path)
        except BadTypes as error:
            shown = path.relative_to(root) if path.is_relative_to(root) else path
            faults.append(Fault(Position(shown.as_posix(), error.line, 1), str(error)))
    return faults


def add(name: str, path: Path) -> None:
    """Import this file, the module of an app, and add its types. Raises BadTypes."""
    if _added.get(name) == str(path.resolve()):
        return
    module = _imported(name, path)
    types = getattr(module, "TYPES", None)
    if not isinstance(types, tuple | list) or not all(isinstance(each, WireType) for each in types):
        raise BadTypes(f"the module has no tuple TYPES of its types; write {EXAMPLE}")
    try:
        registry.add(*types)
    except registry.Taken as error:
        raise BadTypes(str(error), _line_of(path, error.name)) from None
    _added[name] = str(path.resolve())


def _imported(name: str, path: Path) -> Any:
    try:
        module = importlib.import_module(name)
    except SyntaxError as error:
        raise BadTypes(f"this is not valid Python: {error.msg}", error.lineno or 1) from error
    except Exception as error:
        lines = [
            frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)
        ]
        text = f"the types cannot be imported: {type(error).__name__}: {error}"
        raise BadTypes(text, lines[-1] if lines and lines[-1] else 1) from error
    if (found := Path(str(module.__file__)).resolve()) != path.resolve():
        raise BadTypes(f"{name} is imported from {found} already; give one of the two apps another name")
    return module


def _line_of(path: Path, name: str) -> int:
    """The line with the name of a type, or the first line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if f'"{name}"' in line), 1)
