"""Tables with a hand-written Django model, for models that a model file can't express. Read, never imported.

    [tool.podium.models]
    AuthUser = "accounts.models.User"

The model file still defines the table for the wire, the clients and other tables' keys. No Python class is generated.
"""

from __future__ import annotations

import ast
from collections.abc import Collection
from pathlib import Path
from typing import Any

from podium.schema.apps import App
from podium.schema.definitions import ClassDefinition, Fault, Protocol
from podium.schema.mixins import assigned
from podium.schema.pyproject import MODELS, Pyproject

EXAMPLE = 'Customer = "shop.models.Customer"'


def apply(
    root: Path, project: Pyproject, protocols: list[Protocol], apps: Collection[App] = ()
) -> list[Fault]:
    """Set `python` on the definitions that apps and the project write by hand; return the faults.

    apps   the apps that are read; the project's declarations for other apps have no effect
    """
    faults: list[Fault] = []
    for app in apps:
        declared, _ = app.declared()
        for name in declared.table(MODELS):
            faults += _apply(name, declared, app.base, protocols)
    folders = {app.folder for app in apps}
    for name, path in project.table(MODELS).items():
        app_folder = root / str(path).partition(".")[0]
        if not (app_folder / "apps.py").is_file() or app_folder in folders:
            faults += _apply(name, project, root, protocols)
    return faults


def _apply(name: str, file: Pyproject, base: Path, protocols: list[Protocol]) -> list[Fault]:
    path = file.table(MODELS)[name]
    found = [one for each in protocols if (one := each.named(name)) is not None]
    if not found:
        return [file.fault(MODELS, name, "is not a class of a model file")]
    if len(found) > 1 or not isinstance(found[0], ClassDefinition) or not found[0].table:
        message = "is defined in several modules" if len(found) > 1 else "has no table in its model file"
        return [file.fault(MODELS, name, f"{message}; only a table can be written by hand")]
    if isinstance(node := _class(base, path), str):
        return [file.fault(MODELS, name, node)]
    found[0].python = path
    found[0].python_fields = assigned(node)
    return []


def _class(root: Path, path: Any) -> ast.ClassDef | str:
    """The Python class, or what is wrong with its path."""
    parts = path.split(".") if isinstance(path, str) else []
    if len(parts) < 3 or parts[1] != "models" or not all(part.isidentifier() for part in parts):
        return f"does not say where its Django model is; write for example {EXAMPLE}"
    module = root.joinpath(*parts[:-1])
    file = next(
        (each for each in (module.with_suffix(".py"), module / "__init__.py") if each.is_file()), None
    )
    if file is None:
        return f"names {path}, and there is no {'/'.join(parts[:-1])}.py"
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError) as error:
        return f"names {path}, and {file.relative_to(root).as_posix()} is not valid Python: {error}"
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == parts[-1]:
            return node
    return f"names {path}, and {file.relative_to(root).as_posix()} has no class {parts[-1]}"
