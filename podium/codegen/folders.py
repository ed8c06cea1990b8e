"""`manage.py generate --models ...`: generate from the model files of any folders. No Django settings, no database.

The first folder without an alias is the project; the others are modules, named by their alias.
"""

from __future__ import annotations

import argparse
import json
import keyword
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from podium.codegen import django_app, languages, sql, watch
from podium.codegen.languages import Language
from podium.codegen.write import LIST, write
from podium.schema.definitions import Fault, Protocol
from podium.schema.extra import is_dart_library
from podium.schema.project import load_models, model_files, nothing_to_read

OPTIONS = ("--models", "--shared", "--extra", "--target", "--out", "--name")
"""Options of `generate` that select this command."""
SQL_FILE = "schema.sql"
PUBSPEC, GENERATOR = "pubspec.yaml", "config/generator.yaml"
"""Files of a Serverpod package; the second has its nicknames of modules."""
IMPORTED = frozenset(["django", "msgspec", "podium", "psycopg", *sys.stdlib_module_names])
"""Names that generated Python imports, so no package of model files may have them."""

Files = Mapping[str, str]


def _models(language: Language) -> Callable[[Protocol], Files]:
    """Return what emits a client package with the models, without endpoints."""
    return lambda protocol: language.emit(
        protocol, [], package=language.package_name(protocol.name), version="1.0.0"
    )


TARGETS: dict[str, Callable[[Protocol], Files]] = {
    **{name: _models(language) for name, language in languages.every().items()},
    "django": django_app.emit,
    "sql": lambda protocol: {SQL_FILE: sql.emit(protocol)},
}
DESCRIPTION = f"""\
Generate from the model files of any folders. Needs no database and no app of this project.

  python3 manage.py generate --models lib/src/models --target dart --out client
  python3 manage.py generate --models app/models auth:serverpod_auth_core=auth/models --target sql --out .

The first DIR without an alias is the project. With an alias it is a module, whose classes the project names
module:ALIAS:Name; its package on the wire is PACKAGE, by default the alias. A module may name the
classes of those written before it.

  django       an app's folder for the project and one for each module: protocol.py, and models.py once
  sql          schema.sql: the Postgres DDL of these apps' migrations
  {", ".join(languages.every())}
               a client package with the models, without endpoints
"""


@dataclass(frozen=True)
class Folder:
    """A folder of model files from the command line; without an alias it is the project's own."""

    path: Path
    alias: str = ""
    package: str = ""
    shared: bool = False


def main(argv: Sequence[str]) -> int:
    """Run the command. 0: done; 1: faults, or with --check changes to make; 2: invalid arguments."""
    words = parser("generate", DESCRIPTION)
    options = words.parse_args(argv)
    folders, name = chosen(words, options)
    return run(folders, options, lambda: _generate(folders, name, options))


def chosen(words: argparse.ArgumentParser, options: argparse.Namespace) -> tuple[list[Folder], str]:
    """The folders and the project's package name of a command line. Exits with 2 if they are invalid."""
    folders = [*(replace(one, shared=True) for one in options.shared), *options.models]
    own = [one for one in folders if not one.alias]
    if len(own) != 1:
        words.error("give exactly one DIR without an alias after --models: the project's own model files")
    for folder in folders:
        if not folder.path.is_dir():
            words.error(f"{folder.path} is not a folder")
    if not any(model_files(own[0].path)):
        words.error(nothing_to_read(own[0].path))
    name = options.name or _name(own[0].path)
    if problem := _wrong_names(name, [one for one in folders if one.alias]):
        words.error(problem)
    return folders, name


def run(folders: Sequence[Folder], options: argparse.Namespace, act: Callable[[], int]) -> int:
    """Call `act`, and with --watch again after each change."""
    status = act()
    if not options.watch:
        return status
    return watch.follow([folder.path.resolve() for folder in folders], watch.is_model, lambda _: act())


def _generate(folders: Sequence[Folder], name: str, options: argparse.Namespace) -> int:
    """Generate once. 0: done; 1: faults, or with --check changes to make."""
    protocol, faults = load(folders, name=name, extra=dict(options.extra))
    watch.tell(faults)
    if any(fault.severity == "error" for fault in faults):
        sys.stderr.write("Nothing was generated: fix these model files and run the same command again.\n")
        return 1
    return _write(protocol, options.target, options.out, check=options.check, rows=options.format == "json")


def load(
    folders: Sequence[Folder], *, name: str, extra: Mapping[str, str] | None = None
) -> tuple[Protocol, list[Fault]]:
    """Load the project in these folders with its modules, and all faults, with paths from the working directory.

    name    the project's package
    extra   name of a hand-written class -> its Dart package or library
    """
    modules: dict[str, Protocol] = {}
    faults: list[Fault] = []
    [own] = [folder for folder in folders if not folder.alias]
    for folder in (*(one for one in folders if one.alias), own):
        package = folder.package if folder.alias else name
        protocol, found = load_models(
            folder.path,
            name=package,
            modules=modules,
            nicknames=_nicknames(folder.path),
            extra=extra if folder is own else None,
            app=package,
            module=folder.alias,
            shared=folder.shared,
        )
        faults += [_seen_from_here(fault, folder.path) for fault in found]
        if folder.alias:
            modules[folder.alias] = protocol
    return protocol, faults


def _nicknames(folder: Path) -> dict[str, str]:
    """The nicknames of modules in a Serverpod package, nickname -> module, from its config/generator.yaml."""
    package = next((one for one in (folder, *folder.resolve().parents) if (one / PUBSPEC).is_file()), folder)
    try:
        settings = yaml.safe_load((package / GENERATOR).read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return {}  # no nicknames; only the aliases of the command line are known
    modules = settings.get("modules") if isinstance(settings, dict) else None
    named = modules.items() if isinstance(modules, dict) else ()
    return {
        str(one["nickname"]): str(name) for name, one in named if isinstance(one, dict) and "nickname" in one
    }


def _seen_from_here(fault: Fault, folder: Path) -> Fault:
    file = (folder / fault.position.file).as_posix()
    return replace(fault, position=replace(fault.position, file=file))


def _write(protocol: Protocol, target: str, out: Path, *, check: bool, rows: bool) -> int:
    try:
        files = TARGETS[target](protocol)
    except sql.SqlError as error:
        sys.stderr.write(f"Django refuses these models:\n{error}\n")
        return 1
    listing = out / LIST
    before = listing.read_text(encoding="utf-8").splitlines() if listing.is_file() else []
    if before and not set(before) & set(files):
        sys.stderr.write(
            f"{out} contains files generated for another target; give another folder to --out.\n"
        )
        return 1
    changes = write(out, files, check=check)
    if target == "django" and not check:
        changes.written += _start(out, django_app.starters(protocol))
    if rows:
        found = {"written": map(str, changes.written), "deleted": map(str, changes.deleted)}
        sys.stdout.write(json.dumps({key: list(paths) for key, paths in found.items()}) + "\n")
    else:
        verbs = ("is out of date", "is generated no longer") if check else ("written", "deleted")
        for paths, verb in zip((changes.written, changes.deleted), verbs, strict=True):
            sys.stdout.writelines(f"{path} {verb}\n" for path in paths)
    return 1 if check and changes else 0


def _start(out: Path, files: Files) -> list[Path]:
    """Write the files that do not exist yet."""
    missing = [out / name for name in files if not (out / name).exists()]
    for path in missing:
        path.write_text(files[path.relative_to(out).as_posix()], encoding="utf-8")
    return missing


# The command line -------------------------------------------------------------------------------------------------


def parser(command: str, description: str, *, writes: bool = True) -> argparse.ArgumentParser:
    """The arguments of a command that reads folders; one that writes nothing needs no target."""
    words = argparse.ArgumentParser(
        prog=f"manage.py {command}",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    words.add_argument(
        "--models",
        nargs="+",
        action="extend",
        required=True,
        type=_folder,
        metavar="[ALIAS[:PACKAGE]=]DIR",
        help="folders of model files",
    )
    words.add_argument(
        "--shared",
        nargs="+",
        action="extend",
        default=[],
        type=_module,
        metavar="ALIAS[:PACKAGE]=DIR",
        help="packages that clients use too: all others name their classes without a prefix",
    )
    words.add_argument(
        "--extra",
        nargs="+",
        action="extend",
        default=[],
        type=_extra,
        metavar="LIBRARY:Class",
        help="hand-written classes that the project's models use; LIBRARY is a Dart package, or package:a/b.dart",
    )
    words.add_argument("--target", required=writes, choices=sorted(TARGETS), help="what to generate")
    words.add_argument(
        "--out",
        required=writes,
        type=Path,
        metavar="DIR",
        help="folder to write to; unchanged files are not touched",
    )
    words.add_argument(
        "--name",
        default="",
        help="the project's package name; default: its folder's, or that of the folder above `models`",
    )
    how = words.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="write nothing; exit 1 if something would change")
    how.add_argument(
        "--watch", action="store_true", help="keep running, and generate again when a model file changes"
    )
    words.add_argument(
        "--format", choices=["text", "json"], default="text", help="format of the file list (%(default)s)"
    )
    return words


def _folder(text: str) -> Folder:
    alias, equals, path = text.partition("=")
    return _module(text) if equals and "/" not in alias and path else Folder(Path(text))


def _module(text: str) -> Folder:
    names, _, path = text.partition("=")
    alias, _, package = names.partition(":")
    if not alias or not path:
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form ALIAS=DIR")
    return Folder(Path(path), alias, package or alias)


def _extra(text: str) -> tuple[str, str]:
    library, _, name = text.rpartition(":")
    if not is_dart_library(library) or not name.isidentifier():
        raise argparse.ArgumentTypeError(
            f"{text!r} is not of the form PACKAGE:Class or package:a/b.dart:Class"
        )
    return name, library


def _name(folder: Path) -> str:
    """A package's name, made from the path of its model files."""
    path = folder.resolve()
    while path.name in ("models", "protocol", "src", "lib") and path.parent != path:
        path = path.parent
    name = re.sub(r"\W+", "_", path.name.lower()).strip("_").removesuffix("_server")
    if not name or name[0].isdigit() or keyword.iskeyword(name):
        name = f"app_{name}".strip("_")
    return f"{name}_app" if name in IMPORTED else name


def _wrong_names(project: str, modules: Sequence[Folder]) -> str:
    """The fault in the names of the project and its modules; "" for none."""
    for name in (project, *(name for one in modules for name in (one.package, one.alias))):
        if not name.isidentifier() or keyword.iskeyword(name):
            return (
                f"{name!r} is not a valid name for a package; use letters, digits and _, as in serverpod_auth"
            )
    for name in (project, *(one.package for one in modules)):
        if name in IMPORTED:
            return f"a package of model files can't be named {name!r}, which Python already has; give another name"
    taken: dict[str, str] = {}
    for one in modules:
        if one.package == project:  # allowed as an alias: model files mean the module then
            taken[project] = "the project"
        for name in dict.fromkeys((one.alias, one.package)):
            if name in taken:
                return (
                    f"{name!r} is used twice, for {taken[name]} and for {one.path}; "
                    "each package and alias needs its own name"
                )
            taken[name] = str(one.path)
    return ""
