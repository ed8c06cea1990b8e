"""The command `upgrade`: fetch the other version, then continue in the code of the newer one (podium.upgrade.steps)."""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from podium.dev import pins
from podium.upgrade import layout, target, versions
from podium.upgrade.journal import Journal
from podium.upgrade.layout import APPS
from podium.upgrade.target import Podium, Target, UpgradeError

DESCRIPTION = """\
Bring this project to another version of Podium: show the breaking changes, change the pin, install, generate, check,
and list migrations that are not applied. If a step fails, everything is restored. docs/how-to/upgrading.md
"""
GO_ON = """\
import sys
sys.path.insert(0, sys.argv.pop(1))
from podium.upgrade import steps
sys.exit(steps.main(sys.argv[1:]))
"""


def main(argv: Sequence[str]) -> int:
    """Run the command with these words. 0: done; 1: refused or failed, and nothing is changed; 2: invalid arguments."""
    options = parser().parse_args(argv)
    try:
        return run(options)
    except UpgradeError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="upgrade", description=DESCRIPTION, allow_abbrev=False)
    parser.add_argument(
        "target",
        metavar="VERSION | WHEEL | GIT",
        nargs="?",
        default="",
        help="0.2.1, ./podium-0.2.1-py3-none-any.whl or git+https://...@v0.2.1; default: the newest of the index",
    )
    parser.add_argument("--dry-run", action="store_true", help="print the plan and change nothing")
    parser.add_argument(
        "--json", action="store_true", help="print the result as JSON; progress goes to stderr"
    )
    parser.add_argument(
        "--keep",
        action="store_true",
        help="stay on the new version even if a step fails, so that you can fix your code there",
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="continue where the upgrade would refuse because work could be lost",
    )
    return parser


def run(options: argparse.Namespace) -> int:
    project = find_project(Path.cwd())
    with only_one(project) as lock:
        take_back_interrupted(project)
        old = current(project)
        staging = project / ".podium" / "upgrade"
        given = options.target or (origin() if old.version == "0.1.0" else "")
        found = target.find(given, project, staging)
        newer = newer_of(old, found.podium, staging)
        return go_on(options, project, old, found, newer, lock)


def find_project(folder: Path) -> Path:
    """The nearest folder with a project, from this one upwards. Raises UpgradeError."""
    for each in (folder, *folder.parents):
        if (each / "manage.py").is_file() and (each / "config").is_dir():
            if (each / "podium" / "__init__.py").exists():
                raise UpgradeError(f"{each} is Podium's own repository. Upgrade it with git pull.")
            return each
    raise UpgradeError(f"{folder} is not in a Podium project: no manage.py with config/ here or above.")


@contextlib.contextmanager
def only_one(project: Path) -> Iterator[int]:
    """Hold the project's lock for upgrades, and return its descriptor. Raises UpgradeError if another one has it.

    Without it, a second upgrade would revert the files of one that is running.
    """
    (project / ".podium").mkdir(exist_ok=True)
    with (project / ".podium" / "upgrade.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UpgradeError(f"Another upgrade of {project} is running. Wait until it ends.") from None
        yield file.fileno()


def take_back_interrupted(project: Path) -> None:
    journal = Journal(project)
    if journal.is_open:
        journal.take_back()
        sys.stderr.write("The last upgrade was interrupted. Its changes were reverted.\n")


def current(project: Path) -> Podium:
    """The Podium that the project has now. Raises UpgradeError."""
    if target.pinned(project):
        return target.installed(project)
    if layout.is_copy(project):
        return Podium("0.1.0", project)
    raise UpgradeError(
        f"{project / 'requirements.txt'} does not pin Podium. "
        "Add a line with the version you have, such as podium==0.2.0"
    )


def origin() -> str:
    """The origin of the running Podium, which is the default target for a copy of 0.1. Raises UpgradeError."""
    try:
        return pins.origin()
    except pins.PinError as error:
        raise UpgradeError(str(error).replace("--podium PIN", "podium upgrade WHEEL")) from None


def newer_of(old: Podium, new: Podium, staging: Path) -> Path:
    """The folder of the newer Podium, a copy that stays while pip replaces the installed one."""
    if old.version == "0.1.0" or versions.key(new.version) >= versions.key(old.version):
        return new.root
    copy = staging / "old"
    for name in ("podium", *APPS):
        if (old.root / name).is_dir():
            shutil.copytree(old.root / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def go_on(
    options: argparse.Namespace, project: Path, old: Podium, found: Target, newer: Path, lock: int
) -> int:
    """Run the steps in another process, from a folder that pip does not touch and without any installed package.

    lock   the descriptor of only_one: the other process has it too, in case this one is killed
    """
    given = {
        "project": str(project),
        "old": {"version": old.version, "root": str(newer if newer.name == "old" else old.root)},
        "new": {"version": found.podium.version, "root": str(found.podium.root)},
        "pin": found.pin,
        "wheel": str(found.wheel) if found.wheel else None,
        "dry_run": options.dry_run,
        "json": options.json,
        "keep": options.keep,
        "force": options.force,
    }
    python = target.python_of(project)
    command = [str(python), "-S", "-c", GO_ON, str(newer), json.dumps(given)]
    with subprocess.Popen(command, cwd=project, pass_fds=[lock]) as process:
        while True:
            with contextlib.suppress(
                KeyboardInterrupt
            ):  # the other process gets Ctrl-C too, and restores the files
                return process.wait()
