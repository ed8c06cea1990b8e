"""The clients generated for the test server: Dart without a fault, TypeScript that compiles strictly."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.codegen.test_typescript import compiler as compiler
from tests.conformance import dart_api, endpoints
from tests.testserver.conftest import generate


def test_the_dart_client_has_all_classes_that_it_names(tmp_path: Path) -> None:
    folder = generate("dart", tmp_path)
    files = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*.dart")}
    assert len(files) > 200
    assert dart_api.read(files)["syntax_errors"] == []
    assert endpoints.unknown_names(files) == []
    named = "className == 'serverpod_test_module.(int?,ModuleStreamingClass?)'"
    assert named in files["lib/src/protocol/protocol.dart"]  # on streams of that module


def test_the_typescript_client_compiles_strictly(compiler: list[str], tmp_path: Path) -> None:
    folder = generate("typescript", tmp_path)
    done = subprocess.run([*compiler, "-p", str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_another_target_than_a_client_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="invalid choice: 'sql'"):
        generate("sql", tmp_path)
