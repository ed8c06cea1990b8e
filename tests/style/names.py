"""Old words in identifiers, listed by `python3 -m tests.style.names`. docs/explanation/glossary.md has the terms."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from podium.core.project import PACKAGES
from tests.style.english import files

WORDS = {
    "person": "user",
    "people": "users",
    "who": "user, caller",
    "whom": "user, caller",
    "whose": "owner",
    "human": "captcha",
    "laboratory": "sample",
    "thirty": "what the names are for",
}
"""Old words in identifiers -> the standard terms."""
CLASSES = {
    "Token": "Session",
    "ScheduledCall": "Job",
    "NotHuman": "CaptchaFailed",
    "Alike": "Aggregate",
    "Lane": "SerialExecutor",
    "Begun": "EagerCoroutine",
}
"""Old names of classes -> the present ones."""
MODULES = {
    "acts": "actions",
    "human": "captcha",
    "laboratory": "sample_app",
    "people": "users",
    "places": "paths",
    "thirty": "sample_users",
    "visible": "client_view",
}
"""Old names of modules -> the present ones."""
ALLOWED = {
    r"accounts/human\.py human": "the old name of accounts.throttling.captcha stays importable",
    r"tests/config/test_app_settings\.py ACCOUNTS_HUMAN_CHECK": "a test of the setting's old name",
    r"tests/endpoints/.* (asks_)?who": "a method that answers with its caller, on the wire of tests",
}
"""`path identifier` as regular expressions -> the reason."""


def faults(path: Path) -> Iterator[str]:
    """The faults of one file that are not allowed, each as `file:line identifier: what to write`."""
    shown = str(path.relative_to(PACKAGES))
    for line, name, instead in found(path):
        if not any(re.fullmatch(each, f"{shown} {name}") for each in ALLOWED):
            yield f"{shown}:{line} {name}: write {instead}"


def found(path: Path) -> Iterator[tuple[int, str, str]]:
    """Line, name and standard term of each old name in a file, its own name first."""
    if path.stem in MODULES:
        yield 1, path.stem, MODULES[path.stem]
    for line, name in identifiers(path.read_text(encoding="utf-8")):
        if instead := CLASSES.get(name) or next((WORDS[word] for word in words(name) if word in WORDS), None):
            yield line, name, instead


def identifiers(source: str) -> Iterator[tuple[int, str]]:
    """The names that a module defines. Those of tests are sentences, so they are left out."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                if not node.name.startswith("test_"):
                    yield node.lineno, node.name
            case ast.arg():
                yield node.lineno, node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.lineno, node.id
            case ast.Attribute(ctx=ast.Store()):
                yield node.lineno, node.attr


def words(name: str) -> list[str]:
    """The words of a name: "_person_saved" and "PersonSaved" have "person" and "saved"."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)]


def code() -> list[Path]:
    """The project's Python files, without those that are generated."""
    return [path for path in files() if path.suffix == ".py"]


def main() -> int:
    """List all faults. Exit status 1 if there are any."""
    lines = [fault for path in code() for fault in faults(path)]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return int(bool(lines))


if __name__ == "__main__":
    sys.exit(main())
