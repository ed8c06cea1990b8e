"""Classes written by hand that model files and endpoints may use: declared in the project's pyproject.toml.

    [tool.podium.extra-classes]
    Money = { python = "example.money.Money", dart = "money_shared" }

The Python class says how it looks on the wire: `to_json(self)` gives plain data, the classmethod `from_json(data)`
reads it; where it has `to_json_for_clients(self)`, clients get that instead. Dart imports the class from the package,
as Serverpod's own generator does; TypeScript and Python clients see the plain data.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schema import pyproject, wire
from schema.definitions import Fault
from schema.pyproject import FILE, Pyproject

TABLE = "extra-classes"
EXAMPLE = 'Money = { python = "example.money.Money", dart = "money_shared" }'


class BadExtraClass(Exception):
    """A class that is declared can't be used; the text says which, why, and what to write."""


@dataclass(frozen=True, slots=True)
class ExtraClass:
    """One line of the table: its name in model files, the Python class's dotted path, the Dart package."""

    name: str
    python: str
    dart: str


def read(project: Pyproject) -> tuple[list[ExtraClass], list[Fault]]:
    """What a project declares."""
    found: list[ExtraClass] = []
    faults: list[Fault] = []
    for name, given in project.table(TABLE).items():
        if message := _problem(name, given):
            faults.append(project.fault(TABLE, name, message))
        else:
            found.append(ExtraClass(name, given["python"], given["dart"]))
    return found, faults


def _problem(name: str, given: Any) -> str:
    if not name.isidentifier():
        return f"is no name of a class; write for example {EXAMPLE}"
    if not isinstance(given, dict) or not all(isinstance(each, str) for each in given.values()):
        return f"has no table of texts; write for example {EXAMPLE}"
    if unknown := sorted(given.keys() - {"python", "dart"}):
        return f"has {', '.join(unknown)}, which means nothing; known are python and dart"
    if "." not in given.get("python", ""):
        return f"does not say where its Python class is; write for example {EXAMPLE}"
    if not given.get("dart", "").isidentifier():
        return f"does not say from which Dart package it is; write for example {EXAMPLE}"
    return ""


def register(root: Path) -> None:
    """Import the classes that a project declares, and make them known to the codecs. Raises BadExtraClass."""
    project, wrong = pyproject.read(root)
    declared, found = read(project)
    if faults := [*wrong, *found]:
        raise BadExtraClass("\n".join(map(str, faults)))
    wire.register(wire.WireExtra(each.name, _imported(each)) for each in declared)


def _imported(declared: ExtraClass) -> type[Any]:
    module, _, name = declared.python.rpartition(".")
    where = f"{FILE}: [tool.podium.{TABLE}] {declared.name}"
    try:
        found = getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as error:
        raise BadExtraClass(f"{where}: there is no module {error.name}") from error
    except AttributeError:
        raise BadExtraClass(f"{where}: {module} has no {name}") from None
    missing = [each for each in ("to_json", "from_json") if not callable(getattr(found, each, None))]
    if not isinstance(found, type) or missing:
        raise BadExtraClass(
            f"{where}: {declared.python} is no class with the methods to_json(self) and from_json(cls, data)"
        )
    return found
