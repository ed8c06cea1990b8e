"""The command `checkmodels`: report faults in model files. No Django: it runs in a broken project too."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from podium.core.project import ROOT
from podium.schema.apps import SKIPPED_FOLDERS, App, of_project
from podium.schema.definitions import Fault
from podium.schema.project import load, load_models, model_files, nothing_to_read

Row = dict[str, str | int]


def main(argv: Sequence[str], *, project: Path = ROOT, installed: Sequence[App] = ()) -> int:
    """Run the command with these words. 0: no faults; 1: faults; 2: nothing to check.

    installed   apps outside the project whose classes its model files may name
    """
    parser = argparse.ArgumentParser(
        prog="manage.py checkmodels",
        description="Check model files (*.spy.yaml). Needs no database; exits with 1 if there are errors.",
    )
    parser.add_argument(
        "folders",
        nargs="*",
        type=Path,
        metavar="DIR",
        help="folders of model files; default: all apps of the project",
    )
    add_format(parser)
    # The other options of `generate`, so that its command line is valid here too.
    parser.add_argument("--models", metavar="DIR", help="any folders, as `generate --models DIR` reads them")
    parser.add_argument("--watch", action="store_true", help="check again when a file changes, until Ctrl-C")
    for word in ("--check", "--models-only"):
        parser.add_argument(word, action="store_true", help="accepted as in generate, without effect")
    parser.add_argument("--client", action="append", help="accepted as in generate, without effect")
    options = parser.parse_args(argv)
    rows: list[Row] = []
    files = 0
    for folder in options.folders or [project]:
        if not folder.is_dir():
            parser.error(f"{folder} is not a folder")
        count, faults = _check(folder, project, installed)
        if not count and options.folders:
            parser.error(nothing_to_read(folder))
        files += count
        rows += [row(fault, folder) for fault in faults]
    return report(rows, files, options.format)


def add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format", choices=["text", "json"], default="text", help="json: rows for programs, on stdout"
    )


def report(rows: list[Row], files: int, format: str) -> int:
    """Print the faults found in this number of model files. Returns the exit status."""
    if format == "json":
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
    else:
        _write_text(rows, files)
    return 1 if any(row["severity"] == "error" for row in rows) else 0


def _check(folder: Path, project: Path, installed: Sequence[App]) -> tuple[int, list[Fault]]:
    """Count the model files below a folder and find their faults; paths are relative to the folder."""
    if any(folder.glob("*/apps.py")):
        count = sum(len(list(model_files(app.parent, SKIPPED_FOLDERS))) for app in folder.glob("*/apps.py"))
        return count, load(folder, apps=[*installed, *of_project(folder)])[1]
    inside = _inside_an_app(folder, project)
    count = len(list(model_files(folder)))
    if inside is None:
        return count, load_models(folder)[1]
    # An app's files depend on the other apps, so all are read; the other apps' faults are left out.
    prefix = f"{inside.as_posix()}/"
    faults = load(project, apps=[*installed, *of_project(project)])[1]
    return count, [_below(fault, prefix) for fault in faults if fault.position.file.startswith(prefix)]


def _inside_an_app(folder: Path, project: Path) -> Path | None:
    path = folder.resolve()
    if not path.is_relative_to(project) or path == project:
        return None
    inside = path.relative_to(project)
    is_app = (project / inside.parts[0] / "apps.py").is_file()
    return inside if is_app and SKIPPED_FOLDERS.isdisjoint(inside.parts) else None


def _below(fault: Fault, prefix: str) -> Fault:
    position = fault.position
    return Fault(
        type(position)(position.file.removeprefix(prefix), position.line, position.column),
        fault.message,
        fault.severity,
    )


def row(fault: Fault, folder: Path = Path()) -> Row:
    """A fault as data for programs. Its path becomes relative to the working directory, not the folder."""
    position = asdict(fault.position)
    file = folder / fault.position.file
    here = Path.cwd()
    shown = file.resolve().relative_to(here) if file.resolve().is_relative_to(here) else file
    return {**position, "file": shown.as_posix(), "severity": fault.severity, "message": fault.message}


def _write_text(rows: list[Row], files: int) -> None:
    for row in rows:
        sys.stderr.write(
            f"{row['file']}:{row['line']}:{row['column']}: {row['severity']}: {row['message']}\n"
        )
    errors = sum(row["severity"] == "error" for row in rows)
    if errors:
        sys.stderr.write(f"{errors} {'error' if errors == 1 else 'errors'} in {files} model files\n")
    else:
        sys.stdout.write(f"{files} model files are in order\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
