"""The command `checkmodels`: say what is wrong in model files. No Django, so that it runs whatever else is broken."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from schema.definitions import Fault
from schema.project import SKIPPED_FOLDERS, load, load_models, model_files

PROJECT = Path(__file__).resolve().parent.parent


def main(argv: Sequence[str], *, project: Path = PROJECT) -> int:
    """Run the command with these words. 0: nothing wrong; 1: faults were found; 2: there is nothing to check."""
    parser = argparse.ArgumentParser(
        prog="manage.py checkmodels",
        description="Check model files (*.spy.yaml). Needs no database; exits with 1 where a model file has an error.",
    )
    parser.add_argument(
        "folders",
        nargs="*",
        type=Path,
        metavar="DIR",
        help="folders of model files; without: all apps of the project",
    )
    parser.add_argument(
        "--format", choices=["text", "json"], default="text", help="json: rows for programs, on stdout"
    )
    options = parser.parse_args(argv)
    rows: list[dict[str, str | int]] = []
    files = 0
    for folder in options.folders or [project]:
        if not folder.is_dir():
            parser.error(f"{folder} is no folder")
        count, faults = _check(folder, project)
        if not count and options.folders:
            parser.error(f"{folder} has no model files (*.spy.yaml)")
        files += count
        rows += [_row(fault, folder) for fault in faults]
    if options.format == "json":
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
    else:
        _write_text(rows, files)
    return 1 if any(row["severity"] == "error" for row in rows) else 0


def _check(folder: Path, project: Path) -> tuple[int, list[Fault]]:
    """How many model files are below a folder, and their faults; paths in these are relative to the folder."""
    if any(folder.glob("*/apps.py")):
        count = sum(len(list(model_files(app.parent, SKIPPED_FOLDERS))) for app in folder.glob("*/apps.py"))
        return count, load(folder)[1]
    inside = _inside_an_app(folder, project)
    count = len(list(model_files(folder)))
    if inside is None:
        return count, load_models(folder)[1]
    # What one app's files mean depends on the other apps, so all are read and the rest is left out.
    prefix = f"{inside.as_posix()}/"
    return count, [
        _below(fault, prefix) for fault in load(project)[1] if fault.position.file.startswith(prefix)
    ]


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


def _row(fault: Fault, folder: Path) -> dict[str, str | int]:
    position = asdict(fault.position)
    file = folder / fault.position.file
    here = Path.cwd()
    shown = file.resolve().relative_to(here) if file.resolve().is_relative_to(here) else file
    return {**position, "file": shown.as_posix(), "severity": fault.severity, "message": fault.message}


def _write_text(rows: list[dict[str, str | int]], files: int) -> None:
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
