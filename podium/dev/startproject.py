"""The command `startproject`: create a working project. No Django, no settings: it runs outside a project."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from podium.core.project import PACKAGES
from podium.dev import names, pins, template

HELP = "Create a project: settings, a first app with a model file, endpoints and tests, and clients."
CONSTRAINTS = PACKAGES / "podium" / "constraints.txt"
"""Exact versions of all dependencies; each release of Podium is tested with its own."""
REQUIREMENTS = """\
{pin}
-c constraints.txt  # the versions that this Podium was tested with
# Your own packages, one per line:
"""
IGNORED = frozenset([".git"])
"""Entries that an otherwise empty folder may have."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the project's and its first app's name, such as shop")
    parser.add_argument(
        "folder",
        metavar="DIR",
        nargs="?",
        type=Path,
        help="the folder to write to (default: NAME in the current folder)",
    )
    parser.add_argument(
        "--podium",
        metavar="PIN",
        default="",
        help="the Podium that requirements.txt pins: the path of a wheel (it is copied there), a git address "
        "(git+https://...@v0.2.0) or a version (default: the origin of this Podium)",
    )


def main(argv: Sequence[str]) -> int:
    """Run the command with these words. 0: done; 1: refused, and nothing was changed; 2: invalid arguments."""
    parser = argparse.ArgumentParser(prog="startproject", description=HELP, allow_abbrev=False)
    add_arguments(parser)
    options = parser.parse_args(argv)
    return run(options.name, options.folder, options.podium)


def run(name: str, folder: Path | None = None, podium: str = "") -> int:
    """Create the project and its clients, and print the next steps."""
    folder = folder or Path(name)
    refused = names.problem(name) or occupied(folder)
    if refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    try:
        pinned = write(name, folder, podium)
    except pins.PinError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"Could not write {error.filename or folder}: {error.strerror or error}\n")
        return 1
    generated = make_clients(folder)
    sys.stdout.write(farewell(name, folder, pinned))
    return generated


def occupied(folder: Path) -> str:
    """Return the reason why the project can't be created in this folder; "" if it can."""
    if folder.is_dir():
        found = sorted(path.name for path in folder.iterdir() if path.name not in IGNORED)
        some = ", ".join(found[:3]) + (", ..." if len(found) > 3 else "")
        return f"{folder} is not empty ({some}). Give a new or empty folder." if found else ""
    return f"{folder} is a file. Give a new or empty folder." if folder.exists() else ""


def write(name: str, folder: Path, podium: str = "") -> str:
    """Write the project's files, without clients. Returns the pin. Raises PinError, OSError."""
    pinned = pins.pin(podium, folder)  # first: it can fail
    own = {"requirements.txt": REQUIREMENTS.format(pin=pinned), "constraints.txt": template.read(CONSTRAINTS)}
    template.write(folder, {**template.project(name), **own})
    return pinned


def make_clients(folder: Path) -> int:
    """Generate the clients, with the running Podium and its packages. Returns the exit status."""
    sys.stdout.write("Generating the clients\n")
    sys.stdout.flush()
    paths = [str(PACKAGES), os.environ.get("PYTHONPATH", "")]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environment |= {"PODIUM_VENV": "off", "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    answer = subprocess.run(
        [sys.executable, "manage.py", "generate"],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    return answer.returncode


def farewell(name: str, folder: Path, pinned: str) -> str:
    return f"""\
Project "{name}" written to {folder.resolve()}, with {pinned}

  cd {folder}
  python3 manage.py dev     # the backend, restarted on every change
  python3 manage.py test    # its tests
"""
