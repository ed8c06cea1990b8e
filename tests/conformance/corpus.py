"""The corpus on disk: projects with their modules, shared packages and hand-written classes; validation cases."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from schema.definitions import Fault, Protocol
from schema.project import load_models


@dataclass
class Project:
    """One folder of CORPUS/projects."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @cached_property
    def settings(self) -> dict[str, Any]:
        path = self.folder / "project.json"
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}

    def data(self, file: str) -> Any:
        """The content of a JSON file beside project.json; None where there is none."""
        path = self.folder / file
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None

    @cached_property
    def loaded(self) -> tuple[Protocol, list[Fault]]:
        """Its models, and the faults of them and of all its modules; faults of those start with their name."""
        modules: dict[str, Protocol] = {}
        faults: list[Fault] = []
        for package, path in self.settings.get("shared_packages", {}).items():
            self._add(modules, faults, package, package, path, shared=True)
        for package, module in self.settings.get("modules", {}).items():
            nickname = module.get("nickname", package)
            self._add(
                modules, faults, package, nickname, module["models"], shared=module.get("shared", False)
            )
        extra = {
            name: package
            for package, names in self.settings.get("extra_classes", {}).items()
            for name in names
        }
        folder = self.folder / self.settings.get("models", "models")
        name = self.settings.get("name", self.name)
        protocol, own = load_models(folder, name=name, modules=modules, extra=extra, app=name)
        return protocol, [*faults, *own]

    def _add(
        self,
        modules: dict[str, Protocol],
        faults: list[Fault],
        package: str,
        nickname: str,
        path: str,
        *,
        shared: bool,
    ) -> None:
        known = {name: module for name, module in modules.items() if module.shared}
        modules[nickname], found = load_models(
            self.folder / path, name=package, modules=known, app=package, module=nickname, shared=shared
        )
        faults += found

    def files(self) -> int:
        """How many model files it has, those of its modules and packages too."""
        folders = [self.settings.get("models", "models")]
        folders += [module["models"] for module in self.settings.get("modules", {}).values()]
        folders += self.settings.get("shared_packages", {}).values()
        return sum(len(list((self.folder / folder).rglob("*.spy*"))) for folder in folders)


@dataclass
class Case:
    """A small validation case; `files` are paths and texts."""

    id: str
    about: str
    accepted: bool
    files: dict[str, str]


@dataclass
class Corpus:
    folder: Path
    only: str = ""
    projects: list[Project] = field(init=False)

    def __post_init__(self) -> None:
        folders = sorted(self.folder.glob("projects/*/"))
        self.projects = [Project(folder) for folder in folders if self.only in ("", folder.name)]

    def cases(self) -> list[Case]:
        path = self.folder / "validation" / "cases.json"
        if self.only or not path.is_file():
            return []
        return [
            Case(
                case["id"],
                case["about"],
                case["accepted"],
                {file["file"]: file["yaml"] for file in case["files"]},
            )
            for case in json.loads(path.read_text(encoding="utf-8"))
        ]
