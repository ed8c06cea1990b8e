"""Apps that have model files: those in a project's folder and those installed with Podium.

An installed app has a file podium.toml in its folder. It may be empty, or have the tables of a project's
pyproject.toml; paths in it start with the app's own name:

    [modules]
    serverpod_auth_core = { models = "accounts/core", nickname = "auth" }

    [models]
    AuthUser = "accounts.models.User"
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from podium.core.project import PACKAGES
from podium.schema import pyproject
from podium.schema.definitions import Fault
from podium.schema.pyproject import MODELS, MODULES, Pyproject

FILE = "podium.toml"
KEYS = (MODULES, MODELS)
SKIPPED_FOLDERS = frozenset([".venv", ".podium", "node_modules", "clients", "tests"])
"""Folders of a project without model files of its apps."""


@dataclass(frozen=True, slots=True)
class App:
    """A Django app.

    folder    it has the app's name
    optional  may be left out of INSTALLED_APPS; its classes yield to the project's of the same name
    """

    folder: Path
    optional: bool = False

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def base(self) -> Path:
        """The folder of the first package in the app's dotted name."""
        return self.folder.parent

    def declared(self) -> tuple[Pyproject, list[Fault]]:
        """The declarations of the app's podium.toml."""
        return pyproject.read_file(self.folder / FILE, f"{self.name}/{FILE}", below=(), keys=KEYS)


def of_project(root: Path) -> list[App]:
    """The apps of a project, by name: folders right below `root` with an apps.py."""
    return [
        App(path.parent) for path in sorted(root.glob("*/apps.py")) if path.parent.name not in SKIPPED_FOLDERS
    ]


def of_platform(
    root: Path, installed: Collection[str] | None = None, *, packages: Path = PACKAGES
) -> list[App]:
    """The apps that are installed with Podium, by name. Apps that `root` has itself are left out.

    installed   names or dotted paths in INSTALLED_APPS: other apps are left out. None: not known, all are
                kept as optional
    """
    found = [App(path.parent, installed is None) for path in sorted(packages.glob(f"*/{FILE}"))]
    found = [app for app in found if not (root / app.name / "apps.py").is_file()]
    return found if installed is None else _only(found, installed)


def installed(root: Path, names: Collection[str]) -> list[App]:
    """The platform's apps and the project's, limited to these names or dotted paths in INSTALLED_APPS."""
    return [*of_platform(root, names), *_only(of_project(root), names)]


def _only(apps: list[App], names: Collection[str]) -> list[App]:
    first = {name.partition(".")[0] for name in names}
    return [app for app in apps if app.name in first]
