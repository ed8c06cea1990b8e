"""Modules of a project: model files whose classes carry the module's name on the wire and elsewhere.

    [tool.podium.modules]
    serverpod_auth_core = { models = "accounts/core", nickname = "auth" }

Their Python goes into the protocol.py of the app that the folder is in. Model files elsewhere write
`module:serverpod_auth_core:AuthUser`, or with the nickname. A module may name the classes of those before it.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from podium.schema.apps import App
from podium.schema.definitions import Fault
from podium.schema.pyproject import MODULES, Pyproject

KEYS = frozenset(["models", "nickname"])
EXAMPLE = 'shop = { models = "example/shop", nickname = "s" }'


@dataclass(frozen=True, slots=True)
class Module:
    """One line of the table. `models` is a folder below `base`; the nickname defaults to the name."""

    name: str
    models: Path
    nickname: str
    base: Path

    @property
    def app(self) -> str:
        return self.models.parts[0]

    @property
    def folder(self) -> Path:
        return self.base / self.models


def read(root: Path, project: Pyproject, apps: Iterable[App] = ()) -> tuple[list[Module], list[Fault]]:
    """The modules that apps declare in their podium.toml, then those of the project, in the order of the file.

    A project may give a module of an app another nickname: serverpod_auth = { nickname = "auth" }.
    """
    found: list[Module] = []
    faults: list[Fault] = []
    for app in apps:
        declared, wrong = app.declared()
        faults += wrong
        for name in declared.table(MODULES):
            faults += _add(found, name, declared, app.base)
    chosen = _nicknames(project)
    found = [_named(each, chosen) for each in found]
    known = {module.name for module in found}
    for name, given in project.table(MODULES).items():
        if not (name in known and name in chosen and "models" not in given):
            faults += _add(found, name, project, root)
        elif message := _problem(name, {"models": "", **given}):
            faults.append(project.fault(MODULES, name, message))
    return found, faults


def _nicknames(project: Pyproject) -> dict[str, str]:
    """The nicknames that a project assigns: module -> nickname."""
    table = project.table(MODULES)
    return {
        name: given["nickname"]
        for name, given in table.items()
        if isinstance(given, dict) and isinstance(given.get("nickname"), str)
    }


def _named(module: Module, chosen: Mapping[str, str]) -> Module:
    """An app's module with the project's nickname; it loses one that the project gives to another module."""
    if module.name in chosen:
        return replace(module, nickname=chosen[module.name])
    return replace(module, nickname=module.name) if module.nickname in chosen.values() else module


def _add(found: list[Module], name: str, file: Pyproject, base: Path) -> list[Fault]:
    """Add one line of a table; return its faults."""
    given = file.table(MODULES)[name]
    if message := _problem(name, given) or _folder_problem(base, given["models"], found):
        return [file.fault(MODULES, name, message)]
    module = Module(name, Path(given["models"]), given.get("nickname", name), base)
    taken = {each for one in found for each in (one.name, one.nickname)}
    if clash := sorted({module.name, module.nickname} & taken):
        return [file.fault(MODULES, name, f"is called {clash[0]}, as another module is")]
    found.append(module)
    return []


def _problem(name: str, given: Any) -> str:
    if not isinstance(given, dict) or not all(isinstance(each, str) for each in given.values()):
        return f"has no table of texts; write for example {EXAMPLE}"
    if unknown := sorted(given.keys() - KEYS):
        return f"has {', '.join(unknown)}, which is not a valid key; write models or nickname"
    if "models" not in given:
        return f"does not say where its model files are; write for example {EXAMPLE}"
    return _name_problem(name) or _name_problem(given.get("nickname", name))


def _name_problem(name: str) -> str:
    if name.isidentifier() and not keyword.iskeyword(name):
        return ""
    return f"can't be called {name!r}: a name has letters, digits and _; write for example {EXAMPLE}"


def _folder_problem(base: Path, models: str, others: list[Module]) -> str:
    path = Path(models)
    if path.is_absolute() or ".." in path.parts or not (base / path).is_dir():
        return f"names the folder {models}, which is not there"
    if len(path.parts) < 2 or not (base / path.parts[0] / "apps.py").is_file():
        return f"names {models}; its folder must be inside an app, as example/shop is"
    for other in (each for each in others if each.base == base):
        if path.is_relative_to(other.models) or other.models.is_relative_to(path):
            return f"names {models}, which has files of the module {other.name} too; give each a folder of its own"
    return ""
