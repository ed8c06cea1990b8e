"""The corpus' model files as Django apps, in a folder that git ignores. No Django here: its settings import this."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from codegen import dart, django_app, python, typescript
from codegen.write import write
from endpoints.definitions import EndpointDefinition
from schema.definitions import Protocol
from tests.conformance.corpus import Corpus
from tests.conformance.database import without

PROJECT = Path(__file__).resolve().parent.parent.parent
CORPUS = PROJECT.parent / "shared" / "corpus"
NAME = "serverpod_test"
"""The corpus' project, which its package and wire know by this name."""
DATABASE = "podium_testserver"
"""The database on the private Postgres of development, where DATABASE_URL names none."""
MISSING = f"there is no corpus at {CORPUS}"
EMITTERS = {"dart": dart.emit, "typescript": typescript.emit, "python": python.emit}


def is_possible() -> bool:
    """Whether the model files are there."""
    return (CORPUS / "projects" / NAME).is_dir()


def protocol() -> Protocol:
    """The models with those of all modules; classes written by hand are those of extra_classes.py."""
    [project] = Corpus(CORPUS, only=NAME).projects
    loaded, faults = project.loaded
    if errors := [str(fault) for fault in faults if fault.severity == "error"]:
        raise SystemExit("\n".join(errors))
    return replace(loaded, extra_python={name: _python(name) for name in loaded.extra})


def apps(missing_extensions: frozenset[str]) -> Path:
    """Write the apps, without the columns that need one of these extensions of Postgres; gives their folder."""
    lacking = "-".join(["without", *sorted(missing_extensions)]) if missing_extensions else "complete"
    folder = PROJECT / "build" / "testserver" / lacking
    models, _ = without(protocol(), missing_extensions)
    files = django_app.starters(models) | django_app.emit(models, typed=False)
    write(folder, files | {"pyproject.toml": _declared(models)})
    return folder


def packages() -> list[str]:
    """The names of these apps."""
    return django_app.packages(protocol())


def client(target: str, endpoints: list[EndpointDefinition]) -> dict[str, str]:
    """The files of a client, relative path -> text."""
    package = {"typescript": f"{NAME}-client".replace("_", "-")}.get(target, f"{NAME}_client")
    return EMITTERS[target](protocol(), endpoints, package=package, version="1.0.0")


def _python(name: str) -> str:
    return f"tests.testserver.extra_classes.{name}"


def _declared(models: Protocol) -> str:
    """pyproject.toml, by which the server knows the classes written by hand."""
    lines = [
        f'{name} = {{ python = "{_python(name)}", dart = "{package}" }}\n'
        for name, package in models.extra.items()
    ]
    return "[tool.podium.extra-classes]\n" + "".join(lines)
