"""The model files of a folder, or of all apps of a project, as one checked Protocol."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from podium.schema import app_types, by_hand, pyproject
from podium.schema import extra as extra_classes
from podium.schema import modules as modules_of
from podium.schema.apps import SKIPPED_FOLDERS, App, of_project
from podium.schema.declare import declare
from podium.schema.definitions import Fault, Position, Protocol
from podium.schema.drafts import ClassDraft, Draft
from podium.schema.modules import Module
from podium.schema.reading import Faults, Source
from podium.schema.resolve import resolve

SUFFIXES = (".spy.yaml", ".spy.yml", ".spy")
PLAIN_SUFFIXES = (".yaml", ".yml")
PLAIN_FOLDERS = frozenset([("lib", "src", "models"), ("lib", "src", "protocol")])
"""Folders of a Serverpod project where plain YAML files are model files too, at any depth."""
DEFINES = re.compile(r"^(class|exception|enum)\s*:", re.MULTILINE)
"""The line that marks a plain YAML file elsewhere as a model file with the wrong name."""


def load(root: Path, *, name: str = "", apps: Collection[App] | None = None) -> tuple[Protocol, list[Fault]]:
    """Load a project's apps, with its modules, into one Protocol.

    An app's model files are anywhere below its folder, and each definition's `app` is that folder's name. Names of
    classes are unique over all apps. Modules and hand-written models are those that the apps declare in podium.toml and
    the project in pyproject.toml; hand-written classes are the project's. Paths in faults are relative to `root` where
    they are below it. With a fault of severity "error", the Protocol can't be used.

    name   of the package in clients; default: the folder's name
    apps   the apps to read; default: those in the project's folder
    """
    read_apps = of_project(root) if apps is None else apps
    declared, found = pyproject.read(root)
    found += app_types.read(root, read_apps)
    modules, wrong = modules_of.read(root, declared, read_apps)
    modules = [each for each in modules if _is_read(each, read_apps)]
    found += wrong
    extra, wrong = extra_classes.read(declared)
    found += wrong
    protocol = Protocol(
        name or root.resolve().name,
        nicknames={each.nickname: each.name for each in modules},
        extra={each.name: each.dart for each in extra},
        extra_pubspec={each.package: each.pubspec for each in extra if each.pubspec is not None},
        extra_python={each.name: each.python for each in extra},
    )
    for module in modules:
        protocol.modules[module.name], wrong = _module(root, module, protocol)
        found += wrong
    faults = Faults()
    sources: list[Source] = []
    elsewhere = {each.folder for each in modules}
    for app in read_apps:
        sources += _sources(
            app.folder, root, faults, app=app.name, skipped=SKIPPED_FOLDERS, without=elsewhere
        )
    optional = {app.name for app in read_apps if app.optional}
    protocol, wrong = _protocol(sources, protocol, faults, optional=optional)
    found += wrong
    protocols = [*protocol.modules.values(), protocol]
    found += by_hand.apply(root, declared, protocols, read_apps)
    return protocol, [*found, *_namesakes(protocols)]


def _is_read(module: Module, apps: Collection[App]) -> bool:
    return any(module.folder.is_relative_to(app.folder) for app in apps)


def _module(root: Path, module: Module, above: Protocol) -> tuple[Protocol, list[Fault]]:
    """Load a module; it can use the modules and nicknames that the project has so far."""
    faults = Faults()
    sources = _sources(module.folder, root, faults, app=module.app, skipped=SKIPPED_FOLDERS)
    protocol = Protocol(module.name, modules=dict(above.modules), nicknames=above.nicknames)
    protocol, found = _protocol(sources, protocol, faults)
    for definition in protocol.definitions:
        definition.module = module.name
    return protocol, found


def _namesakes(protocols: list[Protocol]) -> list[Fault]:
    """Faults for classes of the same name in one app, which has one Python module for all of them."""
    known: dict[tuple[str, str], Position] = {}
    faults = []
    for definition in (each for protocol in protocols for each in protocol.definitions):
        key = (definition.app, definition.name)
        if other := known.get(key):
            message = f'"{definition.name}" is already defined in {other.file}:{other.line} of the same app; '
            faults.append(Fault(definition.position, message + "choose another name, or another app"))
        known.setdefault(key, definition.position)
    return faults


def load_models(
    folder: Path,
    *,
    name: str = "",
    modules: Mapping[str, Protocol] | None = None,
    nicknames: Mapping[str, str] | None = None,
    extra: Mapping[str, str] | None = None,
    app: str = "",
    module: str = "",
    shared: bool = False,
    jsonb: bool = False,
) -> tuple[Protocol, list[Fault]]:
    """Load all model files below a folder into a Protocol.

    name     of the package; default: the folder's name
    modules  nickname -> its Protocol from load_models; a shared package under its package name
    nicknames  more names for modules in these model files -> the module
    extra    name of a hand-written class -> its package
    app      the Django app of every definition
    module   the nickname of every definition, if the folder is a module's
    shared   a shared package: its classes are named without a prefix and have no server-only parts
    jsonb    columns of lists, maps and classes are jsonb by default
    """
    faults = Faults()
    protocol = Protocol(
        name or folder.resolve().name,
        modules=dict(modules or {}),
        nicknames=dict(nicknames or {}),
        extra=dict(extra or {}),
        shared=shared,
    )
    sources = _sources(folder, folder, faults, app=app)
    protocol, found = _protocol(sources, protocol, faults, jsonb=jsonb)
    for definition in protocol.definitions:
        definition.module = module
    return protocol, found


def is_model_file(path: Path) -> bool:
    """Test whether a file is a model file, by its name and, if it is plain YAML, by its folder."""
    return path.name.endswith(SUFFIXES) or (
        path.suffix in PLAIN_SUFFIXES and _takes_plain(path.resolve().parent)
    )


def _takes_plain(folder: Path) -> bool:
    parts = folder.parts
    return any(parts[place : place + 3] in PLAIN_FOLDERS for place in range(len(parts) - 2))


def model_files(
    folder: Path, skipped: Collection[str] = (), without: Collection[Path] = ()
) -> Iterator[Path]:
    """The model files below a folder, in the order of their paths; links to folders are not followed.

    skipped   names of folders to leave out
    without   folders to leave out, by their paths
    """
    return (path for path in _yaml_files(folder, skipped, without) if is_model_file(path))


def misnamed_files(
    folder: Path, skipped: Collection[str] = (), without: Collection[Path] = ()
) -> Iterator[Path]:
    """Plain YAML files below a folder that look like model files but are not read."""
    for path in _yaml_files(folder, skipped, without):
        if not is_model_file(path) and _defines(path):
            yield path


def _defines(path: Path) -> bool:
    try:
        return DEFINES.search(path.read_text(encoding="utf-8-sig", errors="replace")) is not None
    except OSError:  # not a model file by its name, so it need not be readable
        return False


def nothing_to_read(folder: Path) -> str:
    """The message for a folder without model files."""
    found = ", ".join(path.relative_to(folder).as_posix() for path in misnamed_files(folder))
    return f"{folder} has no model files (*.spy.yaml)" + (f"; rename {found} so" if found else "")


def _yaml_files(folder: Path, skipped: Collection[str], without: Collection[Path]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if path.name not in skipped and path not in without and not path.is_symlink():
                yield from _yaml_files(path, skipped, without)
        elif path.name.endswith((*SUFFIXES, *PLAIN_SUFFIXES)):
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
    for path in misnamed_files(folder, skipped, without):
        file = _shown(path, root)
        faults.add(
            Position(file, 1, 1), f"this model file is not read; rename it to {path.stem}.spy.yaml", "warning"
        )
    for path in model_files(folder, skipped, without):
        file = _shown(path, root)
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            faults.add(Position(file, 1, 1), "the file is not UTF-8; save it as that")
        except OSError as error:
            faults.add(Position(file, 1, 1), f"the file can't be read: {error.strerror}")
        else:
            found.append(Source(file, text.replace("\r\n", "\n"), _parent(path.relative_to(folder)), app))
    return found


def _shown(path: Path, root: Path) -> str:
    """The path in faults; that of an installed app may be outside the project."""
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


def _parent(path: Path) -> str:
    folder = path.parent.as_posix()
    return "" if folder == "." else folder


def _protocol(
    sources: list[Source],
    protocol: Protocol,
    faults: Faults,
    *,
    jsonb: bool = False,
    optional: Collection[str] = (),
) -> tuple[Protocol, list[Fault]]:
    drafts = [draft for source in sources if (draft := declare(source, faults))]
    certain = {draft.name for draft in drafts if _app(draft) not in optional}
    drafts = [draft for draft in drafts if _app(draft) not in optional or draft.name not in certain]
    resolve(drafts, protocol, faults, jsonb=jsonb)
    found = sorted(faults.found, key=lambda one: (one.position.file, one.position.line, one.position.column))
    return protocol, found


def _app(draft: Draft) -> str:
    return draft.definition.app if isinstance(draft, ClassDraft) else draft.app
