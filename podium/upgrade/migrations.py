"""Migrations of Podium's apps between two versions: those to revert before a downgrade, and unapplied ones."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from podium.upgrade.layout import APPS
from podium.upgrade.target import Podium, UpgradeError, python_of

SHOWN = re.compile(r"^\[([ X])\] +(\w+)\.(\w+)", re.MULTILINE)
"""A line of `showmigrations --plan`."""
LOST = """\
Podium {new} does not know these migrations, which your database has. Back up the database, then revert them while the
project is still on {old} (what only they store is lost):
{commands}
Then run the same command again."""
UNKNOWN = """\
Podium {new} does not know migrations of {apps}, and the database can't be asked whether it has them. Start the
database and run the same command again, or add --force if no database has run Podium {old}."""


def refuse_lost(project: Path, old: Podium, new: Podium, *, force: bool) -> None:
    """Refuse a version that does not know the database's migrations. Raises UpgradeError."""
    if force or old.root == project:
        return
    ahead = {
        app: _last(new.root, app) for app in sorted(APPS) if _names(old.root, app) - _names(new.root, app)
    }
    if not ahead:
        return
    applied = _applied(project)
    if applied is None:
        raise UpgradeError(UNKNOWN.format(new=new.version, old=old.version, apps=", ".join(ahead)))
    commands = [
        f"  python3 manage.py migrate {app} {last or 'zero'}"
        for app, last in ahead.items()
        if applied.get(app, set()) & (_names(old.root, app) - _names(new.root, app))
    ]
    if commands:
        raise UpgradeError(LOST.format(new=new.version, old=old.version, commands="\n".join(commands)))


def waiting(project: Path) -> tuple[list[str], bool] | None:
    """The migrations that `migrate` would run, as "app.name", and whether models need a new one.

    None if the database can't be asked.
    """
    applied = _manage(project, "showmigrations", "--plan")
    if applied is None:
        return None
    names = [f"{app}.{name}" for state, app, name in SHOWN.findall(applied) if state == " "]
    return names, _manage(project, "makemigrations", "--check", "--dry-run") is None


def _applied(project: Path) -> dict[str, set[str]] | None:
    """App -> names of the migrations that the database has."""
    found = _manage(project, "showmigrations", "--plan")
    if found is None:
        return None
    applied: dict[str, set[str]] = {}
    for state, app, name in SHOWN.findall(found):
        if state == "X":
            applied.setdefault(app, set()).add(name)
    return applied


def _manage(project: Path, *words: str) -> str | None:
    """The output of a command of the project; None if it fails."""
    command = [str(python_of(project)), "manage.py", *words]
    answer = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    return None if answer.returncode else answer.stdout


def _names(root: Path, app: str) -> set[str]:
    return {path.stem for path in (root / app / "migrations").glob("[0-9]*.py")}


def _last(root: Path, app: str) -> str:
    """The number of an app's newest migration, as `migrate` takes it; "" if there is none."""
    return max((name.split("_")[0] for name in _names(root, app)), default="")
