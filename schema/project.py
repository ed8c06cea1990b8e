"""The model files of a folder, or of all apps of a project, as one checked Protocol."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from schema import by_hand, pyproject
from schema import extra as extra_classes
from schema import modules as modules_of
from schema.declare import declare
from schema.definitions import Fault, Position, Protocol
from schema.modules import Module
from schema.reading import Faults, Source
from schema.resolve import resolve

SUFFIXES = (".spy.yaml", ".spy.yml", ".spy")
SKIPPED_FOLDERS = frozenset([".venv", ".podium", "node_modules", "clients", "tests"])
"""Folders of a project in which no model files of its apps are."""


def load(root: Path, *, name: str = "") -> tuple[Protocol, list[Fault]]:
    """One Protocol of all apps in a project's folder, with its modules.

    An app is a folder right below `root` with an apps.py; its model files are anywhere below it, and each
    definition's `app` is that folder's name. Names of classes are unique over all apps. Modules, hand-written classes
    and hand-written models are those of pyproject.toml. Paths in faults are relative to `root`. Only faults of severity
    "error" make the Protocol unfit for use.

    name   of the package that clients know, where they are made of it; without: the folder's name
    """
    declared, found = pyproject.read(root)
    modules, wrong = modules_of.read(root, declared)
    found += wrong
    extra, wrong = extra_classes.read(declared)
    found += wrong
    protocol = Protocol(
        name or root.resolve().name,
        nicknames={each.nickname: each.name for each in modules},
        extra={each.name: each.dart for each in extra},
        extra_python={each.name: each.python for each in extra},
    )
    for module in modules:
        protocol.modules[module.name], wrong = _module(root, module, protocol)
        found += wrong
    faults = Faults()
    sources: list[Source] = []
    elsewhere = {root / each.models for each in modules}
    for app in sorted(path.parent for path in root.glob("*/apps.py")):
        if app.name not in SKIPPED_FOLDERS:
            sources += _sources(app, root, faults, app=app.name, skipped=SKIPPED_FOLDERS, without=elsewhere)
    protocol, wrong = _protocol(sources, protocol, faults)
    found += wrong
    protocols = [*protocol.modules.values(), protocol]
    found += by_hand.apply(root, declared, protocols)
    return protocol, [*found, *_namesakes(protocols)]


def _module(root: Path, module: Module, above: Protocol) -> tuple[Protocol, list[Fault]]:
    """A module of a project, which knows the modules and nicknames that the project has so far."""
    faults = Faults()
    folder = root / module.models
    sources = _sources(folder, root, faults, app=module.app, skipped=SKIPPED_FOLDERS)
    protocol = Protocol(module.name, modules=dict(above.modules), nicknames=above.nicknames)
    protocol, found = _protocol(sources, protocol, faults)
    for definition in protocol.definitions:
        definition.module = module.name
    return protocol, found


def _namesakes(protocols: list[Protocol]) -> list[Fault]:
    """Classes of the same name in one app: it has one Python module for all of them."""
    known: dict[tuple[str, str], Position] = {}
    faults = []
    for definition in (each for protocol in protocols for each in protocol.definitions):
        key = (definition.app, definition.name)
        if other := known.get(key):
            message = (
                f'"{definition.name}" is already defined in {other.file}:{other.line}, of the same app; '
            )
            faults.append(Fault(definition.position, message + "choose another name, or another app"))
        known.setdefault(key, definition.position)
    return faults


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


def model_files(
    folder: Path, skipped: Collection[str] = (), without: Collection[Path] = ()
) -> Iterator[Path]:
    """The model files below a folder, in the order of their paths; links to folders are not followed.

    skipped   names of folders to leave out
    without   folders to leave out, by their paths
    """
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if path.name not in skipped and path not in without and not path.is_symlink():
                yield from model_files(path, skipped, without)
        elif path.name.endswith(SUFFIXES):
            yield path


def _sources(
    folder: Path,
    root: Path,
    faults: Faults,
    *,
    app: str = "",
    skipped: Collection[str] = (),
    without: Collection[Path] = (),
) -> list[Source]:
    found: list[Source] = []
    for path in model_files(folder, skipped, without):
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
