"""The command `podium`. In a project it is the same as `python manage.py`; elsewhere it starts a project."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import podium
from podium.upgrade import command as upgrade

OWN = frozenset(["startproject", "upgrade", "version", "--version"])
"""Commands that the installed Podium answers itself, even in a project with another version."""
HELP = """\
podium startproject NAME [DIR]   start a project
podium upgrade [VERSION]         bring a project to another version of Podium
podium COMMAND                   in a project's folder: the same as python3 manage.py COMMAND
podium --version                 the installed version
"""


def main() -> None:
    """Run one command line."""
    command = sys.argv[1] if len(sys.argv) > 1 else "--help"
    project = find_project(Path.cwd())
    if command in ("version", "--version"):
        sys.stdout.write(f"{podium.__version__}\n")
    elif (
        command == "upgrade"
    ):  # needs no other package: a copy of 0.1 may have other versions of the packages
        sys.exit(upgrade.main(sys.argv[2:]))
    elif project and command not in OWN:
        os.execv(sys.executable, [sys.executable, str(project / "manage.py"), *sys.argv[1:]])
    elif command in OWN:
        run_own()
    elif command in ("help", "--help", "-h"):
        sys.stdout.write(HELP)
    else:
        sys.exit(
            f"{Path.cwd()} is not in a Podium project: no manage.py with config/ here or above. "
            "Start one: podium startproject NAME"
        )


def find_project(folder: Path) -> Path | None:
    """The nearest folder with a project, from this one upwards."""
    return next(
        (
            each
            for each in (folder, *folder.parents)
            if (each / "manage.py").is_file() and (each / "config").is_dir()
        ),
        None,
    )


def run_own() -> None:
    """Run a command that needs no project."""
    from podium.dev import commands  # loads Django, which --version does not need

    commands.run(sys.argv)
