"""Adopt the database of every Serverpod project in a folder, and print the result of each.

Each gets a new database, on the server of DATABASE_URL or the private Postgres, and a separate checkout; both are
deleted afterwards. Nothing is written to the folder. If a project fails, the reason is printed below its line: faults
of its model files, errors of its database, or the differences with the lines to write.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.adopt.checkout import Checkout, database_url
from tests.adopt.projects import Project, projects
from tests.conformance.__main__ import a_database
from tests.conformance.database import scratch

WIDTH = 44


@dataclass
class Outcome:
    """The result of a project. result: "adopted", or the step that failed."""

    result: str
    lines: list[str] = field(default_factory=list)


def main() -> int:
    """Return 0 if all were adopted, 1 if one was not, 2 if the folder has none."""
    parser = argparse.ArgumentParser(prog="python3 -m tests.adopt", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", metavar="TEXT", help="projects with this in their path")
    options = parser.parse_args()
    found = [project for project in projects(options.folder) if options.only in str(project.server)]
    if not found:
        sys.stderr.write(f"{options.folder}: no migrations/*/definition.sql here\n")
        return 2
    adopted = 0
    with a_database():
        for project in found:
            outcome = attempt(project)
            adopted += outcome.result == "adopted"
            name = project.server.relative_to(options.folder).as_posix()
            sys.stdout.write(f"{name:{WIDTH}} {project.definition.parent.name:24} {outcome.result}\n")
            sys.stdout.writelines(f"    {line}\n" for line in outcome.lines)
            sys.stdout.flush()
    sys.stdout.write(f"{adopted} of {len(found)} adopted\n")
    return 0 if adopted == len(found) else 1


def attempt(project: Project) -> Outcome:
    """Adopt one project's database."""
    with tempfile.TemporaryDirectory() as folder, scratch(os.environ["DATABASE_URL"]) as database:
        database.autocommit = True
        try:
            for path in project.definitions:
                database.execute(path.read_bytes())
        except psycopg.Error as error:
            return Outcome("its SQL does not run", str(error).splitlines()[:1])
        checkout = Checkout(Path(folder), project.app, database_url(database.info))
        checkout.write(project.models())
        checkout.call_modules(project.nicknames())
        if faults := checkout.generate():
            return Outcome("model files", [str(fault) for fault in faults])
        has_legacy = database.execute("SELECT to_regclass('serverpod_user_info') AS found").fetchone()
        more = {"LEGACY_AUTH": "true"} if has_legacy and has_legacy["found"] else {}
        made = checkout.run("makemigrations", project.app, "--noinput", **more)
        if made.returncode:
            return Outcome("makemigrations", made.stderr.splitlines())
        done = checkout.run("adopt", **more)
        if done.returncode:
            return Outcome("adopt", [*differences(done.stdout), *done.stderr.splitlines()])
        checked = checkout.run("repair", "--check", **more)
        return Outcome("adopted", differences(done.stdout) if checked.returncode else [])


def differences(output: str) -> list[str]:
    """The output of `adopt`, from the first important difference on."""
    _, found, rest = output.partition("Differs from the models:")
    return [found, *rest.splitlines()[1:]] if found else []


if __name__ == "__main__":
    sys.exit(main())
