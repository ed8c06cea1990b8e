"""Modules of a project: model files whose classes have the module's name on the wire and are named with it elsewhere.

    [tool.podium.modules]
    serverpod_auth_core = { models = "accounts/core", nickname = "auth" }

Their Python goes into the protocol.py of the app that the folder is in. Model files elsewhere write
`module:serverpod_auth_core:AuthUser`, or with the nickname. A module may name the classes of those before it.
"""

from __future__ import annotations

import keyword
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schema.definitions import Fault
from schema.pyproject import Pyproject

TABLE = "modules"
EXAMPLE = 'shop = { models = "example/shop", nickname = "s" }'


@dataclass(frozen=True, slots=True)
class Module:
    """One line of the table. `models` is a folder below the project's; without a nickname that is the name."""

    name: str
    models: Path
    nickname: str

    @property
    def app(self) -> str:
        return self.models.parts[0]


def read(root: Path, project: Pyproject) -> tuple[list[Module], list[Fault]]:
    """The modules that a project declares, in the order of the file."""
    found: list[Module] = []
    faults: list[Fault] = []
    for name, given in project.table(TABLE).items():
        if message := _problem(name, given) or _folder_problem(root, given["models"], found):
            faults.append(project.fault(TABLE, name, message))
            continue
        module = Module(name, Path(given["models"]), given.get("nickname", name))
        taken = {each for one in found for each in (one.name, one.nickname)}
        if clash := sorted({module.name, module.nickname} & taken):
            faults.append(project.fault(TABLE, name, f"is called {clash[0]}, as another module is"))
            continue
        found.append(module)
    return found, faults


def _problem(name: str, given: Any) -> str:
    if not isinstance(given, dict) or not all(isinstance(each, str) for each in given.values()):
        return f"has no table of texts; write for example {EXAMPLE}"
    if unknown := sorted(given.keys() - {"models", "nickname"}):
        return f"has {', '.join(unknown)}, which means nothing; known are models and nickname"
    if "models" not in given:
        return f"does not say where its model files are; write for example {EXAMPLE}"
    for each in (name, given.get("nickname", name)):
        if not each.isidentifier() or keyword.iskeyword(each):
            return f"can't be called {each!r}: a name has letters, digits and _; write for example {EXAMPLE}"
    return ""


def _folder_problem(root: Path, models: str, others: list[Module]) -> str:
    path = Path(models)
    if path.is_absolute() or ".." in path.parts or not (root / path).is_dir():
        return f"names the folder {models}, which is not there"
    if len(path.parts) < 2 or not (root / path.parts[0] / "apps.py").is_file():
        return f"names {models}; its folder must be inside an app, as example/shop is"
    for other in others:
        if path.is_relative_to(other.models) or other.models.is_relative_to(path):
            return f"names {models}, which has files of the module {other.name} too; give each a folder of its own"
    return ""
