"""Faults in the folders of a project's apps that would make Django fail later, or silently leave something out.

The files are read, never imported, so that faults are found even if the project can't be loaded. No Django.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from podium.core.project import PACKAGES
from podium.dev import settings_file
from podium.dev.template import camel
from podium.schema.apps import FILE as PLATFORM_FILE
from podium.schema.apps import SKIPPED_FOLDERS
from podium.schema.definitions import Fault, Position
from podium.schema.project import model_files

IMPORT = "from .protocol import *"


def find(root: Path, installed: Sequence[str]) -> list[Fault]:
    """The faults of a project, with paths relative to its folder.

    installed   INSTALLED_APPS
    """
    found = list(_twice(root, installed))
    names = {name.partition(".")[0] for name in installed}
    for folder in folders(root):
        found += _of_folder(root, folder, is_installed=folder.name in names)
    return found


def folders(root: Path) -> list[Path]:
    """The folders right below a project's that hold model files, without the platform's own."""
    return [
        path
        for path in sorted(root.iterdir())
        if path.is_dir()
        and path.name.isidentifier()
        and path.name not in SKIPPED_FOLDERS
        and not (path / PLATFORM_FILE).exists()
        and path != PACKAGES / "podium"
        and any(model_files(path, SKIPPED_FOLDERS))
    ]


def _twice(root: Path, installed: Sequence[str]) -> Iterator[Fault]:
    for name, count in Counter(installed).items():
        if count > 1:
            line = settings_file.line_of(root / settings_file.FILE, name)
            yield Fault(
                Position(settings_file.FILE, line, 1),
                f'INSTALLED_APPS has "{name}" {"twice" if count == 2 else f"{count} times"}; remove all but one',
            )


def _of_folder(root: Path, folder: Path, *, is_installed: bool) -> Iterator[Fault]:
    name = folder.name
    if not (folder / "apps.py").is_file():
        first = next(model_files(folder, SKIPPED_FOLDERS)).relative_to(root).as_posix()
        yield Fault(
            Position(first, 1, 1),
            f"this model file is not read, because {name}/apps.py is missing; write that file: from django.apps import "
            f'AppConfig; class {camel(name)}Config(AppConfig): name = "{name}"',
            "error" if is_installed else "warning",
        )
    if not is_installed:
        line = settings_file.last_line(root / settings_file.FILE)
        yield Fault(
            Position(settings_file.FILE, line, 1),
            f"{name}/ has model files but is not installed, so it has no tables, endpoints or admin pages; "
            f'add "{name}" to INSTALLED_APPS',
            "warning",
        )
    elif not imports_protocol(folder):
        yield Fault(
            Position(f"{name}/models.py", 1, 1),
            f"Django does not see the classes of the model files; {name}/models.py needs the line: {IMPORT}",
        )


def imports_protocol(folder: Path) -> bool:
    """Test whether an app's models import something from its generated protocol.py."""
    paths = [folder / "models.py", *(folder / "models").glob("**/*.py")]
    return any(_imports(path, folder.name) for path in paths if path.is_file())


def _imports(path: Path, app: str) -> bool:
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError, OSError):
        return True  # Django's import reports it, with file and line
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in ("protocol", f"{app}.protocol"):
            return True
        if isinstance(node, ast.Import) and any(each.name == f"{app}.protocol" for each in node.names):
            return True
    return False
