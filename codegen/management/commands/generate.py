"""`manage.py generate`: the clients. Model files became Python just before, in manage.py, since Django imports that."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from codegen import dart, python, typescript
from codegen.about import About
from codegen.conf import conf
from codegen.write import Changes, write
from endpoints import registry
from endpoints.errors import BadEndpoints
from schema import project

EMITTERS = {"dart": dart.emit, "typescript": typescript.emit, "python": python.emit}
PACKAGES = {"dart": "{}_client", "typescript": "{}-client", "python": "{}_client"}


class Command(BaseCommand):
    help = (
        "Generate Python from the model files of all apps, then the clients from these and the endpoints, into "
        "clients/dart, clients/typescript and clients/python. Files that would not change are not touched. "
        "For the model files of any folders: generate --models DIR --target TARGET --out DIR "
        "(generate --models DIR --help says more)."
    )
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit 1 if something would change"
        )
        parser.add_argument(  # carried out in config/commands.py, since each time wants a process of its own
            "--watch", action="store_true", help="go on, and generate again when a file changes, until Ctrl-C"
        )
        parser.add_argument("--models-only", action="store_true", help="only the Python of the model files")
        parser.add_argument(
            "--client", action="append", choices=sorted(EMITTERS), help="only this client; repeatable"
        )
        parser.add_argument(
            "--format", choices=["text", "json"], default="text", help="of what was written (%(default)s)"
        )

    def handle(self, *, check: bool, client: list[str] | None, format: str, **options: Any) -> None:
        changes = generate_clients(client or list(EMITTERS), check=check)
        if format == "json":
            self.stdout.write(
                json.dumps({"written": _names(changes.written), "deleted": _names(changes.deleted)})
            )
        else:
            for name in _names(changes.written):
                self.stdout.write(f"{name} {'is out of date' if check else 'written'}")
            for name in _names(changes.deleted):
                self.stdout.write(f"{name} {'is generated no longer' if check else 'deleted'}")
        if check and changes:
            raise CommandError("The clients are out of date. Run: python3 manage.py generate")


def generate_clients(languages: list[str], *, check: bool) -> Changes:
    """Bring the clients up to date. Raises CommandError where the endpoints can't be served."""
    protocol, faults = project.load(settings.BASE_DIR, name=conf.NAME)
    if errors := [str(fault) for fault in faults if fault.severity == "error"]:
        raise CommandError("\n".join(errors))
    try:
        endpoints = registry.definitions()
    except BadEndpoints as error:
        raise CommandError(f"These endpoints can't be called by clients:\n{error}") from None
    changes = Changes()
    about = About(conf.DESCRIPTION, conf.LICENSE, conf.REPOSITORY)
    for language in languages:
        package = PACKAGES[language].format(conf.NAME)
        files = EMITTERS[language](protocol, endpoints, package=package, version=conf.VERSION, about=about)
        found = write(settings.BASE_DIR / "clients" / language, files, check=check)
        changes.written += found.written
        changes.deleted += found.deleted
    return changes


def _names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(settings.BASE_DIR)) for path in paths]
