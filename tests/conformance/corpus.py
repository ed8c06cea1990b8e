"""The corpus on disk: projects with their modules, shared packages and hand-written classes; validation cases."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from podium.schema.definitions import Fault, Position, Protocol
from podium.schema.project import load_models, model_files

SETTINGS = "project.json"
FILES = (SETTINGS, "dart_api.json", "database.json")
Form = tuple[str, Callable[[Any], bool]]
TEXT: Form = ("a text", lambda value: isinstance(value, str))


def _object_of(words: str, has_form: Callable[[Any], bool]) -> Form:
    return words, lambda found: isinstance(found, dict) and all(map(has_form, found.values()))


def _is_module(found: Any) -> bool:
    return isinstance(found, dict) and all(
        isinstance(found.get(key, ""), str) for key in ("nickname", "models")
    )


FORMS: dict[str, Form] = {
    "name": TEXT,
    "models": TEXT,
    "modules": _object_of('an object of modules, each with "nickname" and "models"', _is_module),
    "shared_packages": _object_of("an object of folders", TEXT[1]),
    "extra_classes": _object_of(
        "an object of lists of names",
        lambda names: isinstance(names, list) and all(isinstance(name, str) for name in names),
    ),
}
"""The keys of project.json, with the form of each."""
NAMED_MODULE = re.compile(r"\bmodule:(\w+):")


@dataclass(frozen=True)
class Part:
    """A folder of model files that a project uses: a module, or a shared package."""

    package: str
    nickname: str
    folder: Path
    shared: bool

    @cached_property
    def named(self) -> frozenset[str]:
        """The modules named in its model files, by package or nickname."""
        texts = (path.read_text(encoding="utf-8", errors="replace") for path in model_files(self.folder))
        return frozenset(name for text in texts for name in NAMED_MODULE.findall(text))


@dataclass
class Project:
    """One folder of CORPUS/projects."""

    folder: Path
    _unreadable: dict[str, str] = field(default_factory=dict, init=False)
    _wrong: list[str] = field(default_factory=list, init=False)

    @property
    def name(self) -> str:
        return self.folder.name

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The valid keys of project.json; `loaded` reports the others."""
        found = self.data(SETTINGS)
        if found is None:
            return {}
        wrong = {key for key, (_, has_form) in FORMS.items() if key in found and not has_form(found[key])}
        self._wrong += [f'"{key}" must be {FORMS[key][0]}' for key in sorted(wrong)]
        return {key: value for key, value in found.items() if key not in wrong}

    def data(self, file: str) -> Any:
        """The content of a JSON file in the folder; None if it is missing or can't be read."""
        try:
            found = json.loads((self.folder / file).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except ValueError as error:
            self._unreadable[file] = f"this is not JSON: {error}"
            return None
        if not isinstance(found, dict):
            self._unreadable[file] = "expected an object"
            return None
        return found

    @cached_property
    def loaded(self) -> tuple[Protocol, list[Fault]]:
        """Its models, and the faults in them, in all its modules and in project.json."""
        for file in FILES:
            self.data(file)
        settings = self.settings
        faults = [_fault(why, file) for file, why in self._unreadable.items()]
        faults += map(_fault, self._wrong)
        modules: dict[str, Protocol] = {}
        for part in _in_order(_sound(self._parts(), faults)):
            modules[part.nickname], found = load_models(
                part.folder,
                name=part.package,
                modules=modules,
                app=part.package,
                module=part.nickname,
                shared=part.shared,
            )
            faults += found
        name = settings.get("name", self.name)
        if not self._models().is_dir():
            return Protocol(name, modules=modules), [*faults, _missing(self._models())]
        extra = {
            each: package for package, names in settings.get("extra_classes", {}).items() for each in names
        }
        protocol, own = load_models(self._models(), name=name, modules=modules, extra=extra, app=name)
        return protocol, [*faults, *own]

    @property
    def errors(self) -> list[Fault]:
        """Its faults that prevent generation."""
        return [fault for fault in self.loaded[1] if fault.severity == "error"]

    @property
    def no_client(self) -> str:
        """The note of the other parts about a project with errors."""
        return f"nothing is generated, since its model files have errors ({len(self.errors)})"

    def files(self) -> int:
        """The number of its model files, with those of its modules and packages."""
        folders = [self._models(), *(part.folder for part in self._parts())]
        return sum(1 for folder in folders if folder.is_dir() for _ in model_files(folder))

    def _models(self) -> Path:
        return self.folder / self.settings.get("models", "models")

    def _parts(self) -> list[Part]:
        """Shared packages, then modules, in the order of project.json."""
        packages = self.settings.get("shared_packages", {}).items()
        modules = self.settings.get("modules", {}).items()
        return [Part(name, name, self.folder / path, shared=True) for name, path in packages] + [
            Part(
                name,
                one.get("nickname", name),
                self.folder / one.get("models", name),
                shared=one.get("shared", False),
            )
            for name, one in modules
        ]


def _sound(parts: list[Part], faults: list[Fault]) -> list[Part]:
    """The parts that exist and have unique names; adds the faults of the others."""
    found: list[Part] = []
    for part in parts:
        taken = {name: one.package for one in found for name in (one.nickname, one.package)}
        if clash := next((taken[name] for name in (part.nickname, part.package) if name in taken), ""):
            faults.append(_fault(f"the modules {clash} and {part.package} have the same name or nickname"))
        elif not part.folder.is_dir():
            faults.append(_missing(part.folder))
        else:
            found.append(part)
    return found


def _in_order(parts: list[Part]) -> list[Part]:
    """Sort each part after those that its model files name; parts in a circle keep their order."""
    waiting, found = list(parts), list[Part]()
    while waiting:
        names = {name: one for one in waiting for name in (one.nickname, one.package)}
        free = (one for one in waiting if not any(names.get(name, one) is not one for name in one.named))
        found.append(next(free, waiting[0]))
        waiting.remove(found[-1])
    return found


def _fault(message: str, file: str = SETTINGS) -> Fault:
    return Fault(Position(file, 1, 1), message)


def _missing(folder: Path) -> Fault:
    return _fault(f"there is no folder {folder}")


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

    def cases(self) -> Iterator[Case | str]:
        """The validation cases; a string is the fault in one, or in their file."""
        path = self.folder / "validation" / "cases.json"
        if self.only or not path.is_file():
            return
        try:
            entries = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            yield f"{path.name}: this is not JSON: {error}"
            return
        for number, entry in enumerate(entries if isinstance(entries, list) else [entries], 1):
            try:
                files = {file["file"]: file["yaml"] for file in entry["files"]}
                yield Case(entry["id"], entry["about"], entry["accepted"], files)
            except (KeyError, TypeError):
                yield f"{path.name}: case {number} must have id, about, accepted, and files with file and yaml"
