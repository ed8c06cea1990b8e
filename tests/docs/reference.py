"""Pages of the reference that are made from the code: settings of apps, commands, error codes, public names.

    python3 -m tests.docs            # write them
    python3 -m tests.docs --check    # exit with 1 if one is out of date

They need all apps installed, so this runs with the settings tests.all_apps.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import itertools
import pkgutil
import re
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.core.management import get_commands
from django.core.management.base import BaseCommand

from podium.core.conf import AppSettings
from podium.core.errors import PodiumError
from tests.docs.blocks import blocks, imported, parser_of
from tests.docs.pages import DOCS, PROJECT

PLATFORM = ("podium", "accounts", "files", "legacy_auth", "legacy_chat", "monitoring", "realtime", "tasks")
NOT_IMPORTED = ("podium.dev.template", "podium.core.storages.s3.storage", "podium.dev.site.conf")
"""Text for new projects; what needs an extra; Sphinx's settings."""
REFERENCE = DOCS / "reference"
PUBLIC = REFERENCE / "public-api.md"
MADE = "<!-- python3 -m tests.docs makes this page from the code. -->"


def pages() -> dict[str, str]:
    """The text of each page, by its name in docs/reference."""
    made: dict[str, Callable[[], str]] = {
        "app-settings.md": settings_page,
        "commands.md": commands_page,
        "errors.md": errors_page,
        "names.md": names_page,
    }
    return {name: make() for name, make in made.items()}


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *([_cell(each) for each in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def page(title: str, intro: str, *parts: str) -> str:
    return "\n\n".join([f"# {title}", MADE, intro, *parts]) + "\n"


# Settings


def settings_page() -> str:
    intro = """\
Write these into `config/settings.py`, for example `ENDPOINTS_MAX_BODY_BYTES = 1024 * 1024`. `python3 manage.py check`
reports values of another type and misspelt names. Some can also be set in the environment ([Settings](settings.md))."""
    parts = []
    for each in settings_classes():
        rows = [
            [f"`{each._prefix}{name}`", f"`{kind}`", f"`{value}`", text]
            for name, kind, value, text in rows_of(each)
        ]
        module = each.__module__.removesuffix(".conf")
        parts += [f"## {module}", table(["setting", "type", "default", "meaning"], rows)]
    return page("Settings of the apps", intro, *parts)


def settings_classes() -> list[type[AppSettings]]:
    import_all()
    found = [each for each in AppSettings.__subclasses__() if each.__module__.startswith(PLATFORM)]
    return sorted(found, key=lambda each: each.__module__)


def rows_of(settings: type[AppSettings]) -> Iterator[tuple[str, str, str, str]]:
    """Name, type, default and docstring of each setting."""
    [declared] = ast.parse(inspect.getsource(settings)).body
    assert isinstance(declared, ast.ClassDef)
    for node, after in itertools.pairwise([*declared.body, None]):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            text = _string(after)
            yield node.target.id, ast.unparse(node.annotation), _short(ast.unparse(node.value)), text


def _short(value: str, length: int = 60) -> str:
    return value if len(value) <= length else f"{value[:length]} …"


# Commands


def commands_page() -> str:
    intro = """\
Run them as `python3 manage.py NAME`, or inside a project as `podium NAME`. Options that every command of Django has are
left out (`--verbosity`, `--settings`, `--traceback` and others)."""
    parts: list[str] = []
    for name in commands():
        parser = parser_of(name)
        assert parser is not None
        parts += described_command(name, parser)
    return page("Commands", intro, *parts)


def described_command(name: str, parser: argparse.ArgumentParser, about: str = "") -> Iterator[str]:
    yield f"## {name}"
    yield " ".join((about or parser.description or "").split())
    actions = [each for each in parser._actions if not isinstance(each, argparse._SubParsersAction)]
    if rows := [row for action in actions if (row := argument(action))]:
        yield table(["argument", "default", "meaning"], rows)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for each in action._choices_actions:
                yield from described_command(
                    f"{name} {each.dest}", action.choices[each.dest], each.help or ""
                )


def commands() -> list[str]:
    own = {name for name, app in get_commands().items() if str(app).split(".")[0] in PLATFORM}
    return sorted({*own, "upgrade"})


def argument(action: argparse.Action) -> list[str]:
    """One row; nothing for Django's own options."""
    if action.dest in DJANGO or isinstance(action, argparse._HelpAction) or action.help == argparse.SUPPRESS:
        return []
    name = ", ".join(f"`{word}`" for word in action.option_strings) or f"`{action.metavar or action.dest}`"
    if action.option_strings and action.nargs != 0:
        value = action.metavar or (
            "|".join(map(str, action.choices)) if action.choices else action.dest.upper()
        )
        name = name[:-1] + f" {value}`"
    default = "" if action.default in (None, False, "", argparse.SUPPRESS, []) else _default(action.default)
    about = action.help or ""
    if " (here %(default)s)" in about:
        default = "depends on the machine"
    about = re.sub(r" \((default |here )?%\(default\)s\)", "", about)
    text = about % {**vars(action), "prog": "manage.py"}
    return [name, default, " ".join(text.split())]


def _default(value: object) -> str:
    if isinstance(value, Path) and value.is_relative_to(PROJECT):
        value = value.relative_to(PROJECT)
    return f"`{value}`"


DJANGO = {action.dest for action in BaseCommand().create_parser("manage.py", "x")._actions}


# Errors


def errors_page() -> str:
    intro = """\
A refused REST request is answered with `{"error": {"code", "message", "details"}}`. A call is answered with the status
and the message, and with the code in the header `X-Error-Code` where a program can act on it ([The wire](wire.md)).
Codes are stable; texts may change."""
    rows = [
        [f"`{each.code}`", str(each.status), message(each), f"`{each.__module__}.{each.__name__}`"]
        for each in sorted(errors(), key=lambda each: (each.code, each.__module__, each.__name__))
    ]
    return page("Error codes", intro, table(["code", "status", "message", "class"], rows))


def errors() -> set[type[PodiumError]]:
    import_all()
    return {each for each in _below(PodiumError) if each.__module__.split(".")[0] in PLATFORM} | {PodiumError}


def _below(parent: type[PodiumError]) -> Iterator[type[PodiumError]]:
    for each in parent.__subclasses__():
        yield each
        yield from _below(each)


def message(error: type[PodiumError]) -> str:
    return (inspect.cleandoc(error.__doc__ or "").splitlines() or [""])[0]


@cache
def import_all() -> None:
    """Import every module of Podium, so that all subclasses are known."""
    for name in PLATFORM:
        for found in pkgutil.walk_packages(importlib.import_module(name).__path__, f"{name}."):
            if ".migrations" not in found.name and not found.name.startswith(NOT_IMPORTED):
                importlib.import_module(found.name)


# Public names


def names_page() -> str:
    intro = """\
Every name of [Public API](public-api.md), with its parameters and the first line of its description. The rest is in the
docstrings, which your editor shows."""
    parts = []
    for module, names in sorted(public().items()):
        rows = [row for name in names for row in described(module, name)]
        if rows:
            parts += [f"## {module}", table(["name", "about"], rows)]
    return page("Public names", intro, *parts)


def public() -> dict[str, list[str]]:
    """The names of public-api.md by their module."""
    found: dict[str, set[str]] = {}
    for block in blocks(PUBLIC):
        if block.language == "python":
            for module, name in imported(ast.parse(block.text)):
                found.setdefault(module, set()).add(name)
    return {module: sorted(names - {"*"}) for module, names in found.items()}


def described(module: str, name: str) -> Iterator[list[str]]:
    owner = importlib.import_module(module)
    value = getattr(owner, name) if hasattr(owner, name) else importlib.import_module(f"{module}.{name}")
    if not inspect.isclass(value) and not inspect.isroutine(value) and not inspect.ismodule(value):
        yield [f"`{name}`", constant(owner, name)]
        return
    yield [f"`{name}{parameters(value)}`", first_line(value) or first_line(owner)]
    if inspect.isclass(value) and value.__module__.split(".")[0] in PLATFORM:
        for method, function in sorted(vars(value).items()):
            plain = inspect.unwrap(getattr(function, "__func__", function))
            if inspect.isfunction(plain) and not method.startswith("_") and plain.__doc__:
                yield [f"`{name}.{method}{parameters(plain)}`", first_line(plain)]


def first_line(value: Any) -> str:
    """The first line of its own docstring, not of a class that it extends."""
    text = value.__doc__ if "__doc__" in getattr(value, "__dict__", {}) or not inspect.isclass(value) else ""
    if inspect.isclass(value) and (text or "").startswith(f"{value.__name__}("):
        return ""  # what dataclass or Django writes
    return (inspect.cleandoc(text or "").splitlines() or [""])[0]


def parameters(value: Any) -> str:
    """As in the source, without `self` and without the annotations."""
    if not inspect.isfunction(inspect.unwrap(value)):
        return ""
    [node] = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(value)))).body
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    given = node.args
    for first in (given.posonlyargs, given.args):
        if first and first[0].arg in ("self", "cls"):
            del first[0]
    for each in [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]:
        if each is not None:
            each.annotation = None
    return f"({ast.unparse(given)})"


def constant(owner: Any, name: str) -> str:
    """The string below a value, or below the lines that follow it without a gap; else the module's first line."""
    body = ast.parse(inspect.getsource(owner)).body
    for each in body:  # a package exports what its modules define
        if isinstance(each, ast.ImportFrom) and name in {alias.name for alias in each.names}:
            return constant(importlib.import_module(str(each.module)), name)
    names = [ast.unparse(each.targets[0]) if isinstance(each, ast.Assign) else "" for each in body]
    if name in names:
        for node, after in itertools.pairwise(body[names.index(name) :]):
            if after.lineno != (node.end_lineno or 0) + 1:
                break
            if text := _string(after):
                return text
    return first_line(owner)


def _string(node: ast.stmt | None) -> str:
    if (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ):
        return inspect.cleandoc(node.value.value).splitlines()[0]
    return ""
