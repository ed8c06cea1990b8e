"""The model files of a folder, or of all apps of a project, as one checked Protocol."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from schema import extra as extra_classes
from schema.declare import declare
from schema.definitions import Fault, Position, Protocol
from schema.reading import Faults, Source
from schema.resolve import resolve

SUFFIXES = (".spy.yaml", ".spy.yml", ".spy")
SKIPPED_FOLDERS = frozenset([".venv", ".podium", "node_modules", "clients", "tests"])
"""Folders of a project in which no model files of its apps are."""


def load(root: Path, *, name: str = "") -> tuple[Protocol, list[Fault]]:
    """One Protocol of all apps in a project's folder.

    An app is a folder right below `root` with an apps.py; its model files are anywhere below it, and each
    definition's `app` is that folder's name. Names of classes are unique over all apps. Hand-written classes are
    those of pyproject.toml. Paths in faults are relative to `root`. Only faults of severity "error" make the Protocol
    unfit for use.

    name   of the package that clients know, where they are made of it; without: the folder's name
    """
    faults = Faults()
    sources: list[Source] = []
    for app in sorted(path.parent for path in root.glob("*/apps.py")):
        if app.name not in SKIPPED_FOLDERS:
            sources += _sources(app, root, faults, app=app.name, skipped=SKIPPED_FOLDERS)
    declared, wrong = extra_classes.read(root)
    protocol = Protocol(
        name or root.resolve().name,
        extra={each.name: each.dart for each in declared},
        extra_python={each.name: each.python for each in declared},
    )
    protocol, found = _protocol(sources, protocol, faults)
    return protocol, [*wrong, *found]


def load_models(
    folder: Path,
    *,
    name: str = "",
    modules: Mapping[str, Protocol] | None = None,
    extra: Mapping[str, str] | None = None,
    app: str = "",
    module: str = "",
    shared: bool = False,
    jsonb: bool = False,
) -> tuple[Protocol, list[Fault]]:
    """The Protocol of all model files below a folder.

    name     of the package; the folder's name where none is given
    modules  nickname -> what load_models gave for it; a shared package under its package name
    extra    name of a hand-written class -> its package
    app      the Django app of every definition
    module   the nickname that every definition has, where the folder is that of a module
    shared   it is a shared package: others name its classes without a prefix, and it has no secrets
    jsonb    columns of lists, maps and classes are jsonb where nothing is said
    """
    faults = Faults()
    protocol = Protocol(
        name or folder.resolve().name, modules=dict(modules or {}), extra=dict(extra or {}), shared=shared
    )
    sources = _sources(folder, folder, faults, app=app)
    protocol, found = _protocol(sources, protocol, faults, jsonb=jsonb)
    for definition in protocol.definitions:
        definition.module = module
    return protocol, found


def load_texts(
    texts: Mapping[str, str],
    *,
    modules: Mapping[str, Protocol] | None = None,
    extra: Mapping[str, str] | None = None,
) -> tuple[Protocol, list[Fault]]:
    """The Protocol of model files that are no files: path -> text."""
    protocol = Protocol("project", modules=dict(modules or {}), extra=dict(extra or {}))
    sources = [Source(path, text, _parent(Path(path))) for path, text in sorted(texts.items())]
    return _protocol(sources, protocol, Faults())


def model_files(folder: Path, skipped: Collection[str] = ()) -> Iterator[Path]:
    """The model files below a folder, in the order of their paths; links to folders are not followed."""
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if path.name not in skipped and not path.is_symlink():
                yield from model_files(path, skipped)
        elif path.name.endswith(SUFFIXES):
            yield path


def _sources(
    folder: Path, root: Path, faults: Faults, *, app: str = "", skipped: Collection[str] = ()
) -> list[Source]:
    found: list[Source] = []
    for path in model_files(folder, skipped):
        file = path.relative_to(root).as_posix()
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            faults.add(Position(file, 1, 1), "the file is not UTF-8; save it as that")
        except OSError as error:
            faults.add(Position(file, 1, 1), f"the file can't be read: {error.strerror}")
        else:
            found.append(Source(file, text.replace("\r\n", "\n"), _parent(path.relative_to(folder)), app))
    return found


def _parent(path: Path) -> str:
    folder = path.parent.as_posix()
    return "" if folder == "." else folder


def _protocol(
    sources: list[Source], protocol: Protocol, faults: Faults, *, jsonb: bool = False
) -> tuple[Protocol, list[Fault]]:
    drafts = [draft for source in sources if (draft := declare(source, faults))]
    resolve(drafts, protocol, faults, jsonb=jsonb)
    found = sorted(faults.found, key=lambda one: (one.position.file, one.position.line, one.position.column))
    return protocol, found
