"""`manage.py generate --models ...`: what the model files of any folders become. No Django settings, no database.

The first folder without an alias is the project; the others are modules that it names by their alias.
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

from codegen import dart, django_app, python, sql, typescript, watch
from codegen.write import LIST, write
from schema.definitions import Fault, Protocol
from schema.project import load_models, model_files

OPTIONS = ("--models", "--shared", "--extra", "--target", "--out", "--name")
"""Any of them in a command line of `generate` means this command."""
SQL_FILE = "schema.sql"
IMPORTED = frozenset(["core", "database", "django", "msgspec", "psycopg", "schema", *sys.stdlib_module_names])
"""What generated Python imports: no package of model files may have such a name."""

Files = Mapping[str, str]
TARGETS: dict[str, Callable[[Protocol], Files]] = {
    "dart": lambda protocol: dart.emit(protocol, [], package=f"{protocol.name}_client", version="1.0.0"),
    "typescript": lambda protocol: typescript.emit(
        protocol, [], package=f"{protocol.name}-client".replace("_", "-"), version="1.0.0"
    ),
    "python": lambda protocol: python.emit(protocol, [], package=f"{protocol.name}_client", version="1.0.0"),
    "django": django_app.emit,
    "sql": lambda protocol: {SQL_FILE: sql.emit(protocol)},
}
DESCRIPTION = """\
Generate from the model files of any folders. Needs no database, and no app of this project.

  python3 manage.py generate --models lib/src/models --target dart --out client
  python3 manage.py generate --models app/models auth:serverpod_auth_core=auth/models --target sql --out .

The first DIR without an alias is the project. With one it is a module, whose classes the project names as
module:ALIAS:Name; its package, as the wire has it, is PACKAGE, or the alias where none is given. A module may name the
classes of those written before it.

  django       an app's folder for the project and one for each module: protocol.py, and models.py once
  sql          schema.sql: the Postgres DDL that the migrations of these apps amount to
  dart, typescript, python
               a client package with the models, without endpoints
"""


@dataclass(frozen=True)
class Folder:
    """A folder of model files as the command line has it; without an alias the project's own."""

    path: Path
    alias: str = ""
    package: str = ""
    shared: bool = False


def main(argv: Sequence[str]) -> int:
    """Run the command with these words. 0: done; 1: faults, or with --check changes to make; 2: wrong words."""
    parser = _parser()
    options = parser.parse_args(argv)
    folders = [*(replace(one, shared=True) for one in options.shared), *options.models]
    own = [one for one in folders if not one.alias]
    if len(own) != 1:
        parser.error("give exactly one DIR without an alias after --models: the project's own model files")
    for folder in folders:
        if not folder.path.is_dir():
            parser.error(f"{folder.path} is no folder")
    if not any(model_files(own[0].path)):
        parser.error(f"{own[0].path} has no model files (*.spy.yaml)")
    name = options.name or _name(own[0].path)
    names = [name, *(one.package for one in folders if one.alias)]
    if problem := _wrong_names(names, [one.alias for one in folders]):
        parser.error(problem)

    status = _generate(folders, name, options)
    if not options.watch:
        return status
    below = [folder.path.resolve() for folder in folders]
    return watch.follow(
        below, lambda path: watch.is_model(path.name), lambda _: _generate(folders, name, options)
    )


def _generate(folders: Sequence[Folder], name: str, options: argparse.Namespace) -> int:
    """0: done; 1: faults, or with --check changes to make."""
    protocol, faults = load(folders, name=name, extra=dict(options.extra))
    watch.tell(faults)
    if any(fault.severity == "error" for fault in faults):
        sys.stderr.write("Nothing was generated: mend these model files and run the same command again.\n")
        return 1
    return _write(protocol, options.target, options.out, check=options.check, rows=options.format == "json")


def load(
    folders: Sequence[Folder], *, name: str, extra: Mapping[str, str] | None = None
) -> tuple[Protocol, list[Fault]]:
    """The project in these folders with all its modules; the faults of all, with paths as seen from here.

    name    the project's package
    extra   name of a hand-written class -> its package
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
            extra=extra if folder is own else None,
            app=package,
            module=folder.alias,
            shared=folder.shared,
        )
        faults += [_seen_from_here(fault, folder.path) for fault in found]
        if folder.alias:
            modules[folder.alias] = protocol
    return protocol, faults


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
            f"{out} holds what was generated for something else; give another folder to --out.\n"
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
    """Write those that are not there yet."""
    missing = [out / name for name in files if not (out / name).exists()]
    for path in missing:
        path.write_text(files[path.relative_to(out).as_posix()], encoding="utf-8")
    return missing


# The command line -------------------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="manage.py generate",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--models",
        nargs="+",
        action="extend",
        required=True,
        type=_folder,
        metavar="[ALIAS[:PACKAGE]=]DIR",
        help="folders of model files",
    )
    parser.add_argument(
        "--shared",
        nargs="+",
        action="extend",
        default=[],
        type=_module,
        metavar="ALIAS[:PACKAGE]=DIR",
        help="packages that clients use too: all others name their classes without a prefix",
    )
    parser.add_argument(
        "--extra",
        nargs="+",
        action="extend",
        default=[],
        type=_extra,
        metavar="PACKAGE:Class",
        help="classes written by hand that the project's model files use",
    )
    parser.add_argument("--target", required=True, choices=sorted(TARGETS), help="what to generate")
    parser.add_argument(
        "--out",
        required=True,
        type=Path,
        metavar="DIR",
        help="where to; files that would not change are not touched",
    )
    parser.add_argument(
        "--name",
        default="",
        help="the project's package name; without: its folder's, or of that above `models`",
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="write nothing; exit 1 if something would change")
    how.add_argument(
        "--watch", action="store_true", help="go on, and generate again when a model file changes"
    )
    parser.add_argument(
        "--format", choices=["text", "json"], default="text", help="of what was written (%(default)s)"
    )
    return parser


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
    package, _, name = text.partition(":")
    if not package or not name.isidentifier():
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form PACKAGE:Class")
    return name, package


def _name(folder: Path) -> str:
    """A package's name made from where its model files are."""
    path = folder.resolve()
    while path.name in ("models", "src", "lib") and path.parent != path:
        path = path.parent
    name = re.sub(r"\W+", "_", path.name.lower()).strip("_").removesuffix("_server")
    if not name or name[0].isdigit() or keyword.iskeyword(name):
        name = f"app_{name}".strip("_")
    return f"{name}_app" if name in IMPORTED else name


def _wrong_names(packages: Sequence[str], aliases: Sequence[str]) -> str:
    """What is wrong with these names, "" for nothing."""
    for name in (*packages, *filter(None, aliases)):
        if not name.isidentifier() or keyword.iskeyword(name):
            return f"{name!r} is no name for a package: letters, digits and _, as in serverpod_auth"
    for name in packages:
        if name in IMPORTED:
            return f"a package of model files can't be named {name!r}, which Python already has; give another name"
    for found in (packages, aliases):
        for name in found:
            if found.count(name) > 1:
                return f"{name!r} is there twice; each package and alias has a name of its own"
    return ""
