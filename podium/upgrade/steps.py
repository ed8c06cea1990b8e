"""The steps of an upgrade, run from a separate folder: nothing here imports an installed package.

command.py of any version calls `main` of the newer version with one JSON object, so its keys can only be added to.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from podium.upgrade import changelog, from_0_1, migrations, pinned
from podium.upgrade.journal import Journal
from podium.upgrade.target import Podium, UpgradeError, installed, python_of
from podium.upgrade.work import Work

INSTALL = ["upgrade", "--help"]
"""A command that needs only the packages: no settings, no generated models."""
INTERRUPTED = 130
"""Exit status after Ctrl-C: 128 and the signal's number."""
FAILED = """\
{name} failed with Podium {new}, so everything was restored and the project is on {old} again.
Its output is above. Fix the problem and run the same command again; if the fix needs Podium {new}, add --keep."""
ELSEWHERE = """\
The files are those of Podium {new}. PODIUM_VENV is off, so install it yourself, then finish:
  pip install -r requirements.txt
  python3 manage.py generate
  python3 manage.py check
  python3 manage.py migrate"""
NOT_INSTALLED = """\
The upgrade to Podium {new} did not succeed. All files were restored, but the packages of Podium {old} could not be
installed again: .venv is incomplete. pip's output is above. Fix its problem, then run: python3 manage.py version"""
KEPT = "{name} failed. The project stays on Podium {new} because of --keep. Fix the problem above, then run it again."


@dataclass(frozen=True, slots=True)
class Given:
    """The findings of command.py."""

    project: Path
    old: Podium
    new: Podium
    pin: str
    wheel: Path | None
    dry_run: bool
    json: bool
    keep: bool
    force: bool

    @property
    def out(self) -> TextIO:
        return sys.stderr if self.json else sys.stdout


@dataclass(slots=True)
class Result:
    """The output with --json."""

    old: str
    new: str
    done: bool = False
    breaking: list[dict[str, Any]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    waiting_migrations: list[str] = field(default_factory=list)
    makemigrations: bool = False


def main(argv: Sequence[str]) -> int:
    """Run all steps. 0: done; 1: refused or failed; 130: interrupted."""
    given = read(argv[0])
    result = Result(given.old.version, given.new.version)
    try:
        status = run(given, result)
    except UpgradeError as error:
        sys.stderr.write(f"{error}\n")
        status = 1
    except KeyboardInterrupt:
        sys.stderr.write(f"{interrupted(given, result)}\n")
        status = INTERRUPTED
    if given.json:
        sys.stdout.write(json.dumps(vars_of(result), indent=2) + "\n")
    return status


def interrupted(given: Given, result: Result) -> str:
    """The message after Ctrl-C."""
    if Journal(given.project).is_open:
        return (
            "Interrupted while files were being restored. Run the same command again: it restores them first."
        )
    return f"Interrupted. The project is on Podium {given.new.version if result.done else given.old.version}."


def read(text: str) -> Given:
    found = json.loads(text)
    old, new = (Podium(found[name]["version"], Path(found[name]["root"])) for name in ("old", "new"))
    wheel = Path(found["wheel"]) if found["wheel"] else None
    flags = (found[name] for name in ("dry_run", "json", "keep", "force"))
    return Given(Path(found["project"]), old, new, found["pin"], wheel, *flags)


def run(given: Given, result: Result) -> int:
    say(given, f"Podium {given.old.version} -> {given.new.version}")
    show_breaking(given, result)
    work = plan(given)
    migrations.refuse_lost(given.project, given.old, given.new, force=given.force)
    result.files, result.notes = work.lines(given.project), work.notes
    for line in result.files:
        say(given, f"  {line}")
    if given.dry_run:
        show_notes(given, work)
        say(given, "Nothing was changed (--dry-run).")
        return 0
    status = carry_out(given, work, result)
    if not status:
        result.done = True
        show_notes(given, work)
        show_migrations(given, result)
    return status


def show_breaking(given: Given, result: Result) -> None:
    releases = changelog.between(
        changelog.parse(changelog.shipped(given.new.root)), given.old.version, given.new.version
    )
    result.breaking = [
        {"version": release.version, "kind": entry.kind, "text": entry.text, "actions": list(entry.actions)}
        for release in releases
        for entry in release.breaking
    ]
    if shown := changelog.shown(releases):
        say(given, f"\n{shown}")


def plan(given: Given) -> Work:
    """The changes of the files. Raises UpgradeError."""
    if given.old.root == given.project:
        from_0_1.refuse_lost(given.project, force=given.force)
        return from_0_1.plan(
            given.project, given.new.root, pinned.new_requirements(given.pin, given.wheel, given.new.root)
        )
    return pinned.plan(given.project, given.old.root, given.new.root, given.pin, given.wheel)


def carry_out(given: Given, work: Work, result: Result) -> int:
    """Change the files, then install, generate and check. Restores everything if one fails, and on Ctrl-C."""
    journal = Journal(given.project)
    try:
        journal.keep_generated()
        work.do(journal)
        elsewhere = is_elsewhere(given)
        failed = "" if elsewhere else first_failure(given)
    except BaseException:
        take_back(given, journal)
        raise
    if failed and not (given.keep and failed != "Installing"):
        take_back(given, journal)
        sys.stderr.write(FAILED.format(name=failed, new=given.new.version, old=given.old.version) + "\n")
        return 1
    journal.end()
    if elsewhere:
        say(given, ELSEWHERE.format(new=given.new.version))
    if failed:
        sys.stderr.write(KEPT.format(name=failed, new=given.new.version) + "\n")
    return 1 if failed else 0


def first_failure(given: Given) -> str:
    """Install, generate and check, up to the first step that fails. Returns its name, or ""."""
    for name, words in (("Installing", INSTALL), ("Generating", ["generate"]), ("Checking", ["check"])):
        say(given, f"{name} ...")
        if manage(given, words):
            return name
    return ""


def is_elsewhere(given: Given) -> bool:
    """Test for an environment that the user manages, which does not have the new version yet."""
    return os.environ.get("PODIUM_VENV") == "off" and installed(given.project).version != given.new.version


def take_back(given: Given, journal: Journal) -> None:
    """Restore the files, and install the old pin again. Raises UpgradeError if pip can't."""
    journal.take_back()
    if given.old.root != given.project and manage(given, INSTALL):
        raise UpgradeError(NOT_INSTALLED.format(new=given.new.version, old=given.old.version))


def manage(given: Given, words: list[str]) -> int:
    """Run a command of the project, in its own environment. Returns the exit status."""
    output = subprocess.DEVNULL if words == INSTALL else given.out
    return subprocess.run(
        command(given.project, words), cwd=given.project, stdout=output, check=False
    ).returncode


def command(project: Path, words: list[str]) -> list[str]:
    return [str(python_of(project)), "manage.py", *words]


def show_notes(given: Given, work: Work) -> None:
    if work.notes:
        say(given, "\nPlease check:")
    for note in work.notes:
        say(given, f"  {note}")


def show_migrations(given: Given, result: Result) -> None:
    """List migrations that `migrate` would apply, and report changed models. Allows a database that is down."""
    found = migrations.waiting(given.project)
    if found is None:
        say(
            given,
            "\nThe database does not answer. List its migrations later: python3 manage.py migrate --plan",
        )
        return
    result.waiting_migrations, result.makemigrations = found
    if result.makemigrations:
        say(given, "\nYour models need a migration with this version: python3 manage.py makemigrations")
    if result.waiting_migrations:
        say(given, "\nMigrations to apply:")
        for name in result.waiting_migrations:
            say(given, f"  {name}")
        say(given, "Apply them: python3 manage.py migrate")
    say(given, f"\nThis project is on Podium {given.new.version}. Run its tests: python3 manage.py test")


def say(given: Given, line: str) -> None:
    given.out.write(f"{line}\n")
    given.out.flush()


def vars_of(result: Result) -> dict[str, Any]:
    return {name: getattr(result, name) for name in Result.__dataclass_fields__}
