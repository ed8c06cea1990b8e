"""The corpus' model files as Django apps, in a folder that git ignores. No Django here: its settings import this."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from podium.codegen import dart, django_app, python, typescript
from podium.codegen.write import write
from podium.endpoints.definitions import EndpointDefinition
from podium.schema.definitions import Protocol
from tests.conformance.corpus import Corpus
from tests.conformance.database import without

PROJECT = Path(__file__).resolve().parent.parent.parent
CORPUS = PROJECT.parent / "shared" / "corpus"
NAME = "serverpod_test"
"""The name of the corpus' project in its package and on the wire."""
DATABASE = "podium_testserver"
"""The database on the private Postgres of development, without DATABASE_URL."""
REDIS_DATABASE = 1
"""The database on Redis, separate from that of development: two workers must not take each other's messages."""
MISSING = f"there is no corpus at {CORPUS}"
EMITTERS = {"dart": dart.emit, "typescript": typescript.emit, "python": python.emit}


def is_possible() -> bool:
    """Return whether the model files exist."""
    return (CORPUS / "projects" / NAME).is_dir()


def protocol() -> Protocol:
    """The models, including those of all modules; the classes written by hand are in extra_classes.py."""
    [project] = Corpus(CORPUS, only=NAME).projects
    loaded, faults = project.loaded
    if errors := [str(fault) for fault in faults if fault.severity == "error"]:
        raise SystemExit("\n".join(errors))
    return replace(loaded, extra_python={name: _python(name) for name in loaded.extra})


LEGACY, LEGACY_APP = "serverpod_auth", "legacy_auth"
"""The corpus' module with the tables and classes of an app of Podium."""


def apps(missing_extensions: frozenset[str]) -> Path:
    """Write the apps, without columns that need one of these extensions of Postgres. Returns their folder."""
    lacking = "-".join(["without", *sorted(missing_extensions)]) if missing_extensions else "complete"
    folder = PROJECT / "build" / "testserver" / lacking
    models, _ = without(protocol(), missing_extensions)
    [legacy] = [module for module in models.modules.values() if module.name == LEGACY]
    for definition in legacy.definitions:
        definition.app = LEGACY_APP
    emitted = django_app.starters(models) | django_app.emit(models, typed=False)
    files = {path: text for path, text in emitted.items() if not path.startswith(f"{LEGACY}/")}
    write(folder, files | {"pyproject.toml": _declared(models)})
    return folder


def packages() -> list[str]:
    """The names of these apps."""
    return [name for name in django_app.packages(protocol()) if name != LEGACY]


def client(target: str, endpoints: list[EndpointDefinition]) -> dict[str, str]:
    """The files of a client, relative path -> text."""
    package = {"typescript": f"{NAME}-client".replace("_", "-")}.get(target, f"{NAME}_client")
    return EMITTERS[target](protocol(), endpoints, package=package, version="1.0.0")


def _python(name: str) -> str:
    return f"tests.testserver.extra_classes.{name}"


def _declared(models: Protocol) -> str:
    """pyproject.toml, which names the classes written by hand."""
    lines = [
        f'{name} = {{ python = "{_python(name)}", dart = "{package}" }}\n'
        for name, package in models.extra.items()
    ]
    return "[tool.podium.extra-classes]\n" + "".join(lines)
