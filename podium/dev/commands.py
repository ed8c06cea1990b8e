"""Steps around every command of manage.py: generate Python from model files first, and keep the database running."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

import podium
from podium.codegen import check as check_folders
from podium.codegen import folders, watch
from podium.core import deprecation, project
from podium.dev import bootstrap, checks, development, manual, services, startapp, startproject
from podium.schema import apps
from podium.schema import command as checkmodels
from podium.schema.apps import App
from podium.schema.generate import generate
from podium.server import failures
from podium.upgrade import command as upgrade

WITHOUT_DATABASE = frozenset(
    ["generate", "help", "docs", "version", "--help", "--version", "collectstatic", "serve", "deploy"]
)
WITHOUT_SETTINGS = {"startproject": startproject.main, "startapp": startapp.main, "upgrade": upgrade.main}
WRITING_MODELS = frozenset(["generate"])


def run(argv: Sequence[str]) -> None:
    """Run one command line. A failure ends it with a message and an exit status."""
    deprecation.show()
    with failures.in_words(argv):
        _run(argv)


def _run(argv: Sequence[str]) -> None:
    command = argv[1] if len(argv) > 1 else "help"
    asks_for_help = "--help" in argv or "-h" in argv
    of_folders = any(word.split("=")[0] in folders.OPTIONS for word in argv[2:])
    if command in WITHOUT_SETTINGS:
        sys.exit(WITHOUT_SETTINGS[command](argv[2:]))
    if command == "checkmodels":
        sys.exit(check_folders.main(argv[2:]) if of_folders else check_models(argv[2:]))
    if command == "generate" and of_folders:
        sys.exit(folders.main(argv[2:]))
    if command == "generate" and "--watch" in argv and not asks_for_help:
        sys.exit(follow_apps(argv[2:]))
    if command == "dev" and not asks_for_help:
        development.main(argv[2:])
    if not asks_for_help and command != "help":
        check_apps(with_warnings=command in WRITING_MODELS)
    if command in WRITING_MODELS and not asks_for_help:
        write_models(check="--check" in argv)
        if "--models-only" in argv:
            return
    if command in ("version", "--version"):  # Django would print its own
        sys.stdout.write(f"{podium.__version__}\n")
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


def check_models(words: Sequence[str]) -> int:
    """Check the model files of the project, with --watch again after each change. Returns the exit status."""
    installed = installed_apps()
    status = checkmodels.main(words, installed=installed)
    if "--watch" not in words:
        return status
    return watch.follow(
        [project.ROOT], watch.is_model, lambda _: checkmodels.main(words, installed=installed)
    )


def follow_apps(words: Sequence[str]) -> int:
    """Generate again after each change. Returns the exit status."""
    words = [word for word in words if word != "--watch"]
    return watch.follow_apps(project.ROOT, words, installed_apps())


def installed_apps() -> list[App]:
    """The platform's apps that this project has; all of them if its settings can't be read.

    The next step that needs the settings reports that. Model files can be checked without them.
    """
    try:
        names = settings.INSTALLED_APPS
    except Exception:  # noqa: BLE001  settings are the user's code, and fail in any way
        names = None
    return apps.of_platform(project.ROOT, names)


def check_apps(*, with_warnings: bool) -> None:
    """Report apps that are incomplete or not installed. Exits if Django could not load them.

    The next step that needs the settings reports settings that can't be read.
    """
    try:
        faults = checks.faults()
    except Exception:  # noqa: BLE001  settings are the user's code, and fail in any way
        return
    errors = [fault for fault in faults if fault.severity == "error"]
    for fault in faults if with_warnings else errors:
        bootstrap.say(str(fault))
    if errors:
        bootstrap.fail("Fix this and run the same command again.")


def check_settings() -> None:
    """Read the settings. Exits with a message of one line if a required value is missing or invalid."""
    try:
        _ = settings.DEBUG  # the first access reads all of them
    except ImproperlyConfigured as error:
        bootstrap.fail(manual.with_command(str(error)))


def write_models(*, check: bool) -> None:
    """Write each app's protocol.py from its model files, before Django imports it. Exits on faults."""
    result = generate(project.ROOT, installed=installed_apps(), check=check)
    for fault in result.faults:
        bootstrap.say(str(fault))
    if any(fault.severity == "error" for fault in result.faults):
        bootstrap.fail("Nothing was generated: fix these model files and run the same command again.")
    for path in result.written:
        bootstrap.say(f"{path.relative_to(project.ROOT)} {'is out of date' if check else 'written'}")
    if check and result.written:
        bootstrap.fail("Run: python3 manage.py generate")
