"""`manage.py deploy init`: the files that a production machine needs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from podium.core import project
from podium.server import deployment

NEXT = {
    "docker": "docker build --tag {name} .",
    "compose": "cp .env.production.example .env, fill it in, and run: docker compose up --detach --build",
    "systemd": "docs/how-to/run-with-systemd.md has the commands that install these files.",
}


class Command(BaseCommand):
    help = (
        "Write the files for production: an image, a compose file, or systemd units. docs/how-to/deploying.md has the "
        "steps."
    )
    requires_system_checks = []

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="init")
        init = acts.add_parser("init", help="write the files into the project")
        init.add_argument(
            "target", choices=list(deployment.TARGETS), help="the platform on which the server runs"
        )
        init.add_argument(
            "--output", type=Path, metavar="DIR", help="the folder to write to (default: the project's)"
        )
        init.add_argument("--force", action="store_true", help="replace files that exist with other content")
        init.add_argument("--dry-run", action="store_true", help="list the files, write none")

    def handle(self, *, target: str, output: Path | None, force: bool, dry_run: bool, **options: Any) -> None:
        folder = output or project.ROOT
        try:
            result = deployment.write(deployment.render(target), folder, force=force, dry_run=dry_run)
        except deployment.FilesExist as error:
            names = "".join(f"  {name}\n" for name in error.names)
            raise CommandError(
                f"These files already exist in {folder} with other content, so nothing was written:\n{names}"
                "Replace them with --force, or write to another folder with --output and compare."
            ) from None
        except OSError as error:
            raise CommandError(f"Cannot write {error.filename}: {error.strerror}") from error
        for name in result.written:
            self.stdout.write(f"{name} {'would be written' if dry_run else 'written'}")
        for name in result.unchanged:
            self.stdout.write(f"{name} is up to date")
        if not dry_run:
            self.stdout.write(f"Next: {NEXT[target].format(name=deployment.service_name())}")
