"""What happens around every command of manage.py: model files become Python first, the database runs meanwhile."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from codegen import folders, watch
from config import bootstrap, places, services
from schema import command as checkmodels
from schema.generate import generate

WITHOUT_DATABASE = frozenset(["generate", "help", "version", "--help", "--version", "collectstatic"])
WRITING_MODELS = frozenset(["generate", "dev"])


def run(argv: Sequence[str]) -> None:
    """Run one command line."""
    command = argv[1] if len(argv) > 1 else "help"
    asks_for_help = "--help" in argv or "-h" in argv
    if command == "checkmodels":
        sys.exit(checkmodels.main(argv[2:]))
    if command == "generate" and any(word.split("=")[0] in folders.OPTIONS for word in argv[2:]):
        sys.exit(folders.main(argv[2:]))
    if command == "generate" and "--watch" in argv and not asks_for_help:
        sys.exit(watch.follow_apps(places.PROJECT, [word for word in argv[2:] if word != "--watch"]))
    if command in WRITING_MODELS and not asks_for_help:
        write_models(check="--check" in argv)
        if "--models-only" in argv:
            return
    check_settings()
    if command in WITHOUT_DATABASE or asks_for_help or os.environ.get("DATABASE_URL"):
        execute_from_command_line(list(argv))
        return
    try:
        with services.running():
            execute_from_command_line(list(argv))
    except services.ServiceError as error:
        bootstrap.fail(str(error))


def check_settings() -> None:
    """Read the settings. Exits with a message of one line if a required value is missing or invalid."""
    try:
        _ = settings.DEBUG  # the first use reads all of them
    except ImproperlyConfigured as error:
        bootstrap.fail(str(error))


def write_models(*, check: bool) -> None:
    """Model files to each app's protocol.py, before Django starts: it imports what is written here. Exits on faults."""
    result = generate(places.PROJECT, check=check)
    for fault in result.faults:
        bootstrap.say(str(fault))
    if any(fault.severity == "error" for fault in result.faults):
        bootstrap.fail("Nothing was generated: mend these model files and run the same command again.")
    for path in result.written:
        bootstrap.say(f"{path.relative_to(places.PROJECT)} {'is out of date' if check else 'written'}")
    if check and result.written:
        bootstrap.fail("Run: python3 manage.py generate")
