"""Hand-written classes for model files and endpoints, declared in the project's pyproject.toml.

    [tool.podium.extra-classes]
    Money = { python = "example.money.Money", dart = "money_shared" }

The Python class defines its form on the wire: `to_json(self)` returns plain data, the classmethod
`from_json(data)` reads it; if it has `to_json_for_clients(self)`, clients get that. Dart imports the class from a
package, as Serverpod's own generator does, or from any library: `dart = "package:money_shared/src/money.dart"`.
TypeScript and Python clients see the plain data.
"""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from podium.schema import pyproject
from podium.schema.definitions import Fault
from podium.schema.pyproject import EXTRA_CLASSES, FILE, Pyproject
from podium.wire import classes as wire

KEYS = frozenset(["python", "dart", "pubspec"])
EXAMPLE = 'Money = { python = "example.money.Money", dart = "money_shared" }'
LIBRARY_EXAMPLE = 'dart = "package:money_shared/src/money.dart"'
PUBSPEC_EXAMPLE = 'pubspec = "^1.2.0" or pubspec = { path = "../money_shared" }'
LIBRARY = re.compile(r"package:[A-Za-z_]\w*(/[\w.-]+)*/[\w.-]+\.dart")


class BadExtraClass(Exception):
    """A declared class can't be used; the text names it, the reason and the fix."""


@dataclass(frozen=True, slots=True)
class ExtraClass:
    """One line of the table.

    name    name in model files
    python  the Python class's dotted path
    dart    the Dart package, or the library "package:money_shared/src/money.dart"
    pubspec  version or source of the package, as in pubspec.yaml: "^1.2.0", {"path": "../money"}
    """

    name: str
    python: str
    dart: str
    pubspec: Any = None

    @property
    def package(self) -> str:
        return self.dart.removeprefix("package:").partition("/")[0]


def read(project: Pyproject) -> tuple[list[ExtraClass], list[Fault]]:
    """Read a project's declarations."""
    found: list[ExtraClass] = []
    faults: list[Fault] = []
    pubspecs: dict[str, Any] = {}
    for name, given in project.table(EXTRA_CLASSES).items():
        if message := _problem(name, given):
            faults.append(project.fault(EXTRA_CLASSES, name, message))
            continue
        one = ExtraClass(name, given["python"], given["dart"], given.get("pubspec"))
        if one.pubspec is not None and pubspecs.setdefault(one.package, one.pubspec) != one.pubspec:
            other = pubspecs[one.package]
            message = f"sets {one.package} to {one.pubspec}, but another class sets it to {other}; write one of them"
            faults.append(project.fault(EXTRA_CLASSES, name, message))
        found.append(one)
    return found, faults


def _problem(name: str, given: Any) -> str:
    if not name.isidentifier():
        return f"is not a valid name of a class; write for example {EXAMPLE}"
    texts = {key: each for key, each in given.items() if key != "pubspec"} if isinstance(given, dict) else {}
    if not texts or not all(isinstance(each, str) for each in texts.values()):
        return f"has no table of texts; write for example {EXAMPLE}"
    if unknown := sorted(given.keys() - KEYS):
        return f"has {', '.join(unknown)}, which is not a valid key; write python, dart or pubspec"
    if not isinstance(given.get("pubspec", ""), str | dict):
        return f"has a pubspec that is neither a version nor a table; write for example {PUBSPEC_EXAMPLE}"
    if "." not in given.get("python", ""):
        return f"does not say where its Python class is; write for example {EXAMPLE}"
    if not is_dart_library(given.get("dart", "")):
        return f"does not name its Dart package; write for example {EXAMPLE} or {LIBRARY_EXAMPLE}"
    return ""


def is_dart_library(text: str) -> bool:
    """Test whether a text is the name of a Dart package, or of a library in one."""
    return text.isidentifier() or LIBRARY.fullmatch(text) is not None


def register(root: Path) -> None:
    """Import the classes that a project declares, and register them with the codecs. Raises BadExtraClass."""
    project, wrong = pyproject.read(root)
    declared, found = read(project)
    if faults := [*wrong, *found]:
        raise BadExtraClass("\n".join(map(str, faults)))
    wire.register(wire.WireExtra(each.name, _imported(each)) for each in declared)


def _imported(declared: ExtraClass) -> type[Any]:
    module, _, name = declared.python.rpartition(".")
    where = f"{FILE}: [tool.podium.{EXTRA_CLASSES}] {declared.name}"
    try:
        found = getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as error:
        raise BadExtraClass(f"{where}: there is no module {error.name}") from error
    except AttributeError:
        raise BadExtraClass(f"{where}: {module} has no {name}") from None
    missing = [each for each in ("to_json", "from_json") if not callable(getattr(found, each, None))]
    if not isinstance(found, type) or missing:
        raise BadExtraClass(
            f"{where}: {declared.python} is not a class with to_json(self) and from_json(cls, data)"
        )
    return found
