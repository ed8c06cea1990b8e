"""The names of types are in their definitions: no other module compares, lists or maps one by a text of its own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Field
from django.utils.module_loading import import_string
from rest_framework import serializers

from podium.wire.codecs import codec, dumps, loads
from podium.wire.types import TypeRef, WireType, registry

ROOT = Path(__file__).parents[2]
PACKAGES = ("podium", "accounts", "files", "realtime", "tasks", "monitoring", "legacy_auth", "legacy_chat")
LEFT_OUT = ("podium/wire/types/", "podium/codegen/python/runtime/", "/migrations/", "/protocol")
"""The definitions; the Python client's runtime, which is independent of the server; generated modules."""
ALLOWED: dict[str, tuple[str, tuple[str, ...]]] = {
    "podium/codegen/python/endpoints.py": ("Python's own names", ("int", "bool")),
    "podium/codegen/typescript/endpoints.py": ("a name of the runtime", ("dynamic",)),
    "podium/codegen/typescript/models.py": ("a name of the runtime", ("dynamic",)),
    "podium/codegen/typescript/types.py": ("a name of the runtime", ("dynamic",)),
    "podium/schema/emit_types.py": ("Python's own name", ("bool",)),
    "podium/schema/python_names.py": ("Python's own names", ("int", "bool")),
}
"""Allowed files, the reason, and the names: usually words of another language."""


def named(root: Path = ROOT) -> Iterator[tuple[str, int, str]]:
    """Path, line and name of each string that is a type's name."""
    names = registry.names()
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            shown = path.relative_to(root).as_posix()
            if not any(part in f"/{shown}" for part in LEFT_OUT):
                for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                    if isinstance(node, ast.Constant) and node.value in names and type(node.value) is str:
                        yield shown, node.lineno, node.value


def test_no_other_module_names_a_type() -> None:
    found = {(path, name) for path, _, name in named()}
    allowed = {(path, name) for path, (_, names) in ALLOWED.items() for name in names}
    lines = [f"{path}:{line}: {name}" for path, line, name in named() if (path, name) not in allowed]
    assert lines == [], "ask the type's definition (podium.wire.types.registry), or a property of TypeRef"
    assert allowed - found == set(), "these are allowed, but no longer exist"


def test_a_name_of_a_type_is_found(tmp_path: Path) -> None:
    place = tmp_path / "podium" / "new.py"
    place.parent.mkdir()
    place.write_text('def f(kind):\n    """No Duration here."""\n    return kind.name == "Duration"\n')
    assert list(named(tmp_path)) == [("podium/new.py", 3, "Duration")]


@pytest.mark.parametrize("kind", registry.definitions(), ids=lambda kind: kind.name)
def test_each_sample_goes_over_the_wire_and_back(kind: WireType) -> None:
    for sample in kind.samples:
        ref = TypeRef(kind.name, dimension=len(sample) if kind.sized else None)
        it = codec(ref)
        plain = it.encode(sample)
        assert it.decode(loads(dumps(plain))) == sample
        assert _fits(plain, kind.openapi)
    assert kind.samples


def _fits(plain: Any, schema: Mapping[str, Any]) -> bool:
    """Return whether plain data fits a type's JSON schema, for the parts of JSON Schema that the definitions use."""
    python = {"integer": int, "number": int | float, "boolean": bool, "string": str, "array": list}
    inside = all(_fits(each, schema["items"]) for each in plain) if "items" in schema else True
    matches = re.fullmatch(schema["pattern"].strip("^$"), plain) is not None if "pattern" in schema else True
    bounded = schema.get("minimum", plain) <= plain <= schema.get("maximum", plain)
    return isinstance(plain, python[schema["type"]]) and inside and matches and bounded


@pytest.mark.parametrize("kind", registry.definitions(), ids=lambda kind: kind.name)
def test_each_column_is_a_field_that_can_be_made(kind: WireType) -> None:
    field = import_string(kind.column.field)
    arguments = [ast.literal_eval(each) for each in kind.column.arguments(TypeRef(kind.name, dimension=3))]
    assert isinstance(field(*arguments), Field)
    if kind.column.rest:
        assert issubclass(import_string(kind.column.rest), serializers.Field)
