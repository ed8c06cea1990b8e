"""The command `startapp`: an app that works, installed in the project. No Django: it also helps in a broken project."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from podium.core import project
from podium.dev import names, settings_file, template
from podium.schema import apps
from podium.schema import project as model_files
from podium.schema.generate import generate
from podium.wire.types import registry

HELP = "Create an app: model files, endpoints, a task, an admin page, a migration and tests, installed in the project."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the app's name, such as orders")


def main(argv: Sequence[str]) -> int:
    """Run the command with these words. 0: done; 1: refused, and nothing was changed; 2: invalid arguments."""
    parser = argparse.ArgumentParser(prog="manage.py startapp", description=HELP, allow_abbrev=False)
    add_arguments(parser)
    return run(parser.parse_args(argv).name, project.ROOT)


def run(name: str, root: Path) -> int:
    """Create and install the app, and print the next steps."""
    refused = names.problem(name) or occupied(root, name)
    if refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    settings = root / settings_file.FILE
    try:
        text = settings.read_text(encoding="utf-8")
        changed = settings_file.with_app(text, name)
    except (OSError, SyntaxError, UnicodeDecodeError, settings_file.UnknownForm) as error:
        sys.stderr.write(f"{not_editable(name, error)}\n")
        return 1
    platform = apps.of_platform(root)
    protocol, faults = model_files.load(root, apps=[*platform, *apps.of_project(root)])
    if broken := [str(fault) for fault in faults if fault.severity == "error"]:
        sys.stderr.write(
            "\n".join([*broken, "Fix these model files first, then run the same command again.\n"])
        )
        return 1
    noun = chosen(
        name, [each.name for one in (protocol, *protocol.modules.values()) for each in one.definitions]
    )
    template.write(root / name, template.app(name, noun))
    result = generate(root, installed=platform)
    for fault in result.faults:
        sys.stderr.write(f"{fault}\n")
    replace(settings, changed)  # last, because a running `dev` then loads the app
    sys.stdout.write(farewell(name, noun))
    return 0


def occupied(root: Path, name: str) -> str:
    """Return the reason why there can't be an app with this name; "" if there can."""
    if not (root / name).exists():
        return ""
    return f"{name}/ exists in {root}. Choose another name, or remove it first."


def not_editable(name: str, error: Exception) -> str:
    """Return the reason why the settings can't be edited, and the line to add; "" if they can."""
    expected = f'Add the line  {settings_file.NAME} += ["{name}"]  to it and run the same command again.'
    if isinstance(error, settings_file.UnknownForm):
        return (
            f"{settings_file.FILE} has no list of apps that can be extended. "
            f"Add the line  {settings_file.NAME} += []  to it and run the same command again."
        )
    if isinstance(error, SyntaxError):
        return f"{settings_file.FILE}:{error.lineno}: {error.msg}. Fix it and run the same command again."
    return f"{settings_file.FILE} can't be read: {error}. {expected}"


def chosen(name: str, classes: Sequence[str]) -> template.Noun:
    """The noun of the app, whose class is not in the model files yet."""
    numbered = (template.Noun(f"{name}_item{number}", f"{name}_items{number}") for number in range(2, 100))
    taken = {*classes, *registry.names()}
    return next(noun for noun in (*template.nouns(name), *numbered) if template.fits(noun, taken))


def replace(path: Path, text: str) -> None:
    """Write a file atomically: a server that reloads must not read half of it."""
    new = path.with_suffix(".py.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def farewell(name: str, noun: template.Noun) -> str:
    return f"""\
App "{name}" written and added to {settings_file.FILE}

  {name}/{noun.singular}.spy.yaml   the data; `manage.py generate` makes Python and clients from it
  {name}/endpoints.py   what clients call: client.{noun.wire_plural}
  {name}/tests/   python3 manage.py test {name}

A running `manage.py dev` loads it by itself. Otherwise run: python3 manage.py generate && python3 manage.py migrate
"""
