"""The tests' app as the generator sees it: its Python, and the clients of a server that has it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from django.apps import apps

from podium.codegen import dart, python, row_classes, typescript
from podium.codegen.write import write
from podium.core.project import ROOT
from podium.endpoints import registry
from podium.endpoints.definitions import EndpointDefinition
from podium.schema import generate, project
from podium.schema.definitions import Definition, Protocol

FOLDER = Path(__file__).parent
LABEL = "notes"
EMITTERS = {"dart": dart.emit, "typescript": typescript.emit, "python": python.emit}
SETTINGS = """\
from podium.settings import *
from podium.settings import INSTALLED_APPS

INSTALLED_APPS += ["notes"]
"""
PACKAGES = {"dart": "notes_client", "typescript": "notes-client", "python": "notes_client"}


def models() -> list[Definition]:
    """The app's own definitions."""
    protocol, faults = project.load_models(FOLDER, name=LABEL, app=LABEL)
    assert not faults, [str(fault) for fault in faults]
    return protocol.definitions


def sources() -> dict[Path, str]:
    """The generated modules of the app: path -> text."""
    texts = generate.emit(Protocol(LABEL, models()), LABEL)
    return {FOLDER / name: text for name, text in texts.items()}


def definitions() -> tuple[Protocol, list[EndpointDefinition]]:
    """The models of the installed apps, and the endpoints that the server runs from."""
    protocol, faults = project.load(ROOT, name=LABEL)
    assert not [fault for fault in faults if fault.severity == "error"], [str(fault) for fault in faults]
    found = [each for each in protocol.definitions if apps.is_installed(each.app)]
    if apps.is_installed("tests.notes"):
        found += models()
    endpoints = registry.registry().definitions()
    return row_classes.added(replace(protocol, definitions=found)), endpoints


def client(language: str) -> dict[str, str]:
    """The files of a client as `manage.py generate` makes them: path -> text."""
    protocol, endpoints = definitions()
    modules = {
        name: module
        for name, module in protocol.modules.items()
        if all(apps.is_installed(each.app) for each in module.definitions)
    }
    protocol = replace(protocol, modules=modules)
    return EMITTERS[language](protocol, endpoints, package=PACKAGES[language], version="1.0.0")


def move_into(checkout: Path) -> None:
    """Make the app `notes` of this one in a copy of Podium, in place of the apps and the tests that it has."""
    for name in ("example", "tests", "clients"):
        shutil.rmtree(checkout / name, ignore_errors=True)
    shutil.copytree(FOLDER, checkout / LABEL, ignore=shutil.ignore_patterns("test_*.py", "__pycache__"))
    for path in (checkout / LABEL).rglob("*.py"):
        path.write_text(path.read_text("utf-8").replace("tests.notes", LABEL), "utf-8")
    (checkout / "config" / "settings.py").write_text(SETTINGS, "utf-8")
    pyproject = checkout / "pyproject.toml"
    pyproject.write_text(pyproject.read_text("utf-8").replace("--ds=tests.settings", ""), "utf-8")


def write_client(language: str, folder: Path) -> Path:
    """Write a client into a folder, and return the folder."""
    write(folder, client(language))
    return folder
