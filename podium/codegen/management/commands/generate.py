"""`manage.py generate`: write the clients. manage.py has written the models' Python before, since Django imports it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from podium.codegen import languages, row_classes
from podium.codegen.about import About
from podium.codegen.client_name import client_name
from podium.codegen.conf import conf
from podium.codegen.write import Changes, write
from podium.endpoints import registry
from podium.endpoints.errors import BadEndpoints
from podium.schema import apps as schema_apps
from podium.schema import project


class Command(BaseCommand):
    help = (
        "Generate Python from the model files of all apps, then the clients from these and the endpoints, into "
        f"{', '.join(f'clients/{name}' for name in languages.every())}. Unchanged files are not touched. "
        "For the model files of any folders: generate --models DIR --target TARGET --out DIR "
        "(generate --models DIR --help says more)."
    )
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit 1 if something would change"
        )
        parser.add_argument(  # handled in podium/dev/commands.py, since each run needs its own process
            "--watch",
            action="store_true",
            help="keep running, and generate again when a file changes, until Ctrl-C",
        )
        parser.add_argument("--models-only", action="store_true", help="only the Python of the model files")
        parser.add_argument(
            "--client",
            action="append",
            choices=sorted(languages.every()),
            help="only this client; repeatable",
        )
        parser.add_argument(
            "--format", choices=["text", "json"], default="text", help="format of the file list (%(default)s)"
        )

    def handle(self, *, check: bool, client: list[str] | None, format: str, **options: Any) -> None:
        changes = generate_clients(client or list(languages.every()), check=check)
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


def generate_clients(names: list[str], *, check: bool) -> Changes:
    """Bring the clients up to date. Raises CommandError if the endpoints can't be served."""
    try:
        name = client_name(settings.BASE_DIR)
    except ValueError as error:
        raise CommandError(str(error)) from None
    installed = schema_apps.installed(settings.BASE_DIR, settings.INSTALLED_APPS)
    protocol, faults = project.load(settings.BASE_DIR, name=name, apps=installed)
    if errors := [str(fault) for fault in faults if fault.severity == "error"]:
        raise CommandError("\n".join(errors))
    try:
        endpoints = registry.definitions()
    except BadEndpoints as error:
        raise CommandError(f"These endpoints can't be called by clients:\n{error}") from None
    with_rows = row_classes.added(protocol)
    changes = Changes()
    about = About(conf.DESCRIPTION, conf.LICENSE, conf.REPOSITORY)
    for each in names:
        language = languages.every()[each]
        package = language.package_name(name)
        files = language.emit(with_rows, endpoints, package=package, version=conf.VERSION, about=about)
        found = write(settings.BASE_DIR / "clients" / each, files, check=check)
        changes.written += found.written
        changes.deleted += found.deleted
    return changes


def _names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(settings.BASE_DIR)) for path in paths]
