"""docs/reference/public-api.md lists names that can be imported, and all that our docs and the template import."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from podium.core.project import PACKAGES
from tests.docs.blocks import blocks, imported, parse

PAGE = PACKAGES / "docs" / "reference" / "public-api.md"
OURS = {"podium", "accounts", "files", "realtime", "tasks", "monitoring", "legacy_auth", "legacy_chat"}
GENERATED = {"protocol.py", "protocol_types.py"}


def python(page: Path) -> Iterator[tuple[str, ast.AST]]:
    for block in blocks(page):
        if block.language == "python" and not block.fragment:
            yield str(block), parse(block)


PUBLIC = sorted({each for _, tree in python(PAGE) for each in imported(tree)})


def listed() -> set[tuple[str, str]]:
    """The names that the page lists; names of a listed module (`from accounts import signals`) are public too."""
    modules = {f"{module}.{name}" for module, name in PUBLIC}
    return {*PUBLIC, *((module, "") for module in modules)}


@pytest.mark.parametrize(("module", "name"), PUBLIC)
def test_a_public_name_can_be_imported(module: str, name: str):
    if not apps.is_installed(module.split(".")[0]) and not module.startswith("podium"):
        # an app that this project leaves out: its models can't be imported
        source = ast.parse((PACKAGES / f"{module.replace('.', '/')}.py").read_text())
        names = {node.id for node in ast.walk(source) if isinstance(node, ast.Name)}
        assert name in names | {getattr(node, "name", "") for node in source.body}
        return
    found = importlib.import_module(module)
    if name != "*" and not hasattr(found, name):
        importlib.import_module(f"{module}.{name}")


def test_the_page_has_names():
    assert len(PUBLIC) > 60


def pages() -> list[Path]:
    return sorted([PACKAGES / "README.md", *(PACKAGES / "docs").rglob("*.md")])


def template() -> list[Path]:
    files = [*(PACKAGES / "config").glob("*.py"), *(PACKAGES / "example").rglob("*.py")]
    return sorted(path for path in files if path.name not in GENERATED and "migrations" not in path.parts)


def test_our_pages_and_the_template_use_public_names_only():
    used = [(place, pair) for page in pages() for place, tree in python(page) for pair in imported(tree)]
    used += [(str(path), pair) for path in template() for pair in imported(ast.parse(path.read_text()))]
    public = listed()
    modules = {f"{module}.{name}" for module, name in PUBLIC}
    wrong = [
        f"{place}: from {module} import {name}"
        for place, (module, name) in used
        if module.split(".")[0] in OURS and (module, name) not in public and module not in modules
    ]
    assert not wrong, "\n".join(["Add these to docs/reference/public-api.md, or use what is on it:", *wrong])
    assert len([pair for _, pair in used if pair[0].split(".")[0] in OURS]) > 30
