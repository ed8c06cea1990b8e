"""Tables whose Django model is written by hand, since it has more than a model file can say. Read, never imported.

    [tool.podium.models]
    AuthUser = "accounts.models.User"

The model file still says what the wire, the clients and keys of other tables know of it; no Python class is generated.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from schema.definitions import ClassDefinition, Fault, Protocol
from schema.mixins import assigned
from schema.pyproject import Pyproject

TABLE = "models"
EXAMPLE = 'Customer = "shop.models.Customer"'


def apply(root: Path, project: Pyproject, protocols: list[Protocol]) -> list[Fault]:
    """Tell the definitions of these protocols which of them a project writes by hand; what is wrong with that."""
    faults: list[Fault] = []
    for name, path in project.table(TABLE).items():
        found = [one for each in protocols if (one := each.named(name)) is not None]
        if not found:
            faults.append(project.fault(TABLE, name, "is no class of a model file"))
        elif len(found) > 1 or not isinstance(found[0], ClassDefinition) or not found[0].table:
            message = "is there in several modules" if len(found) > 1 else "has no table in its model file"
            faults.append(project.fault(TABLE, name, f"{message}; only a table can be written by hand"))
        elif isinstance(node := _class(root, path), str):
            faults.append(project.fault(TABLE, name, node))
        else:
            found[0].python = path
            found[0].python_fields = assigned(node)
    return faults


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
        return f"names {path}, and {file.relative_to(root).as_posix()} is no valid Python: {error}"
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == parts[-1]:
            return node
    return f"names {path}, and {file.relative_to(root).as_posix()} has no class {parts[-1]}"
