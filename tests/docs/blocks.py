"""Blocks of code in the pages, and what each language checks. What a page says beyond this, other tests run.

A block that is only a piece, and so can't be checked, has a comment before it that says why:

    <!-- fragment: the body of a method -->
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import json
import re
import textwrap
import tomllib
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import tree_sitter
import tree_sitter_dart
import tree_sitter_typescript
import yaml
from django.core.management import CommandError, get_commands, load_command_class

from podium.codegen import folders
from podium.upgrade import command as upgrade
from tests.docs.pages import PROJECT

BLOCK = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
FRAGMENT = re.compile(r"<!-- fragment: ((?:(?!-->).)+) -->\s*\Z", re.DOTALL)
MODEL = re.compile(r"^(class|exception|enum):", re.MULTILINE)
FILE = re.compile(r"`([^`\n]+)`:?\s*\Z")
READERS = {"shop", "notes", "habits", "example", "store", "yourapp", "config", "example_client"}
"""Packages of the reader's own project."""
COMMAND = re.compile(r"\s*(?:[A-Z_]+=\S+ )*(?:\S*python3? )?(?:\S*/)?(?:manage\.py|podium) +([a-z].*)")
PLACEHOLDER = re.compile(r"^[A-Z]+$|^\.\.\.|[\"'$|`…<]")
"""A word that the reader replaces, or that the shell does."""
DART = tree_sitter.Language(tree_sitter_dart.language())
DART_IMPORT = re.compile(r"^import [^;]*;", re.MULTILINE)


class Wrong(Exception):
    """The text says why a block is not valid."""


@dataclass(frozen=True)
class Block:
    """One block. `file` is the name above it, if there is one; `fragment` the reason why it is not checked."""

    page: Path
    line: int
    language: str
    text: str
    file: str
    fragment: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(PROJECT)}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for match in BLOCK.finditer(text):
        before = text[: match.start()]
        fragment, file = FRAGMENT.search(before), FILE.search(before)
        yield Block(
            page=page,
            line=before.count("\n") + 1,
            language=match[2],
            text=textwrap.dedent(match[3]),
            file=file[1] if file else "",
            fragment=fragment[1] if fragment else "",
        )


def model_files(page: Path) -> list[Block]:
    """The valid model files of a page."""
    return [
        block
        for block in blocks(page)
        if block.language == "yaml" and not block.fragment and MODEL.search(block.text)
    ]


def check_python(block: Block) -> None:
    """The syntax, and that every name which is imported exists."""
    for module, name in imported(parse(block)):
        if module.split(".")[0] not in READERS:
            _import(module, name)


def parse(block: Block) -> ast.AST:
    """The syntax tree of Python, with `await` outside of functions. Raises Wrong."""
    try:
        tree = compile(block.text, str(block), "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except SyntaxError as error:
        raise Wrong(f"line {error.lineno}: {error.msg}") from None
    assert isinstance(tree, ast.AST)
    return tree


def imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Each module with the name that is imported from it, or ""."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)


def _import(module: str, name: str) -> None:
    try:
        found = importlib.import_module(module)
        if name not in ("", "*") and not hasattr(found, name):
            importlib.import_module(f"{module}.{name}")
    except ImportError as error:
        raise Wrong(str(error)) from None
    except RuntimeError:  # models of an app that the tests leave out
        if find_spec(module) is None:
            raise Wrong(f"no module named {module}") from None


def check_dart(block: Block) -> None:
    """The syntax; `test_code` compiles the blocks."""
    body = DART_IMPORT.sub("", block.text)
    if not is_dart_body(body) and not _parses(DART, block.text):
        raise Wrong("is not valid Dart")


def is_dart_body(text: str) -> bool:
    """Return whether the text can be the body of a function: statements, and functions in it."""
    return _parses(DART, f"void f() async {{\n{text}\n}}")


def check_typescript(block: Block) -> None:
    """The syntax; `test_code` compiles the blocks."""
    if not _parses(tree_sitter.Language(tree_sitter_typescript.language_typescript()), block.text):
        raise Wrong("is not valid TypeScript")


def _parses(language: tree_sitter.Language, text: str) -> bool:
    return not tree_sitter.Parser(language).parse(text.encode()).root_node.has_error


def check_yaml(block: Block) -> None:
    """The syntax; model files are compiled by `test_blocks`, all of a page together."""
    _read(block, yaml.safe_load, yaml.YAMLError)


def check_toml(block: Block) -> None:
    _read(block, tomllib.loads, tomllib.TOMLDecodeError)


def check_json(block: Block) -> None:
    _read(block, json.loads, json.JSONDecodeError)


def _read(block: Block, read: Callable[[str], object], fault: type[Exception]) -> None:
    try:
        read(block.text)
    except fault as error:
        raise Wrong(str(error)) from None


def check_sh(block: Block) -> None:
    """Podium's commands exist with these options. Other programs are not run."""
    for line in block.text.replace("\\\n", " ").splitlines():
        for words in podium_commands(line):
            check_command(words)


def check_text(block: Block) -> None:
    """Output, messages, drawings: nothing to check."""


def podium_commands(line: str) -> Iterator[list[str]]:
    """The arguments of each `manage.py` or `podium` in a line of the shell."""
    for part in re.split(r"\s(?:&&|\|\|?|;)\s", line.split(" #")[0]):
        if match := COMMAND.match(part):
            yield match[1].partition(" > ")[0].split()


def check_command(words: list[str], *, whole: bool = True) -> None:
    """The command and its options exist, and if it is `whole`, its arguments are valid. Raises Wrong."""
    name, *rest = (
        words[: words.index("--")] if "--" in words else words
    )  # after it: those of psql, for example
    if name in ("test", "help", "version"):
        return  # the options of `test` are those of pytest
    parser = parser_of(name)
    if parser is None:
        raise Wrong(f"manage.py has no command {name}")
    used = [word.partition("=")[0] for word in rest if re.match(r"--?[a-z]", word)]
    if unknown := [word for word in used if word not in options(name)]:
        raise Wrong(f"{name} has no option {', '.join(unknown)}")
    if whole and not any(PLACEHOLDER.search(word) for word in rest) and not {*used} & {*folders.OPTIONS}:
        _parse(parser, rest)


def _parse(parser: ArgumentParser, words: list[str]) -> None:
    try:
        with contextlib.redirect_stderr(io.StringIO()) as said:
            parser.parse_args(words)
    except (SystemExit, CommandError) as refused:
        raise Wrong(said.getvalue().strip() or str(refused)) from None


@cache
def options(command: str) -> set[str]:
    """The options of a command, as they are written."""
    parser = parser_of(command)
    assert parser is not None
    words = {word for each in _parsers(parser) for action in each._actions for word in action.option_strings}
    return words | {*folders.OPTIONS} if command in ("generate", "checkmodels") else words


def parser_of(command: str) -> ArgumentParser | None:
    if command == "upgrade":  # runs before Django is installed
        return upgrade.parser()
    app = get_commands().get(command)
    if app is None:
        return None
    found = load_command_class(app, command) if isinstance(app, str) else app
    parser: ArgumentParser = found.create_parser("manage.py", command)
    return parser


def _parsers(parser: ArgumentParser) -> Iterator[ArgumentParser]:
    yield parser
    for action in parser._actions:
        if action.nargs == "A..." and isinstance(action.choices, dict):  # subcommands
            yield from action.choices.values()


CHECKS: dict[str, Callable[[Block], None]] = {
    "python": check_python,
    "dart": check_dart,
    "typescript": check_typescript,
    "yaml": check_yaml,
    "toml": check_toml,
    "json": check_json,
    "sh": check_sh,
    "text": check_text,
}
