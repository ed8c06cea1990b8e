"""The VM compiles every Dart library that the generator writes: this finds wrong types and missing names."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from podium.codegen import dart
from tests.codegen import language
from tests.conformance import own
from tests.conformance.corpus import Corpus
from tests.dart import libraries, packages, vm
from tests.notes import generated as notes
from tests.testserver import build

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("dart")]

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The tests' app, the whole language, the test server and each project of the corpus, with their modules."""
    folder = tmp_path_factory.mktemp("libraries")
    protocol, endpoints = notes.definitions()
    found = libraries.client(protocol, endpoints, "notes_client")
    found |= libraries.client(language.protocol(), language.endpoints(), "lab_client")
    for project in Corpus(build.CORPUS).projects:
        package = f"corpus_{project.name}_client"
        if own.has(project.name):  # from Podium's own models, like the conformance command
            served = [one for one in endpoints if one.module == project.name]
            found[package] = dart.emit(
                protocol.modules[project.name], served, package=package, version="1.0.0"
            )
        elif project.name != build.NAME:
            found |= libraries.client(project.loaded[0], [], package)
    written = libraries.write(folder, found)
    if build.is_possible():
        command = [sys.executable, "-m", libraries.__name__, str(folder)]
        subprocess.run(command, cwd=ROOT, check=True)
        written |= {each.name: each for each in folder.glob("*/")} | written
    return written


def test_every_generated_library_compiles(generated: dict[str, Path], tmp_path: Path) -> None:
    main = tmp_path / "main.dart"
    names = sorted(generated)
    imports = [f"import 'package:{name}/{name}.dart' as library_{name};\n" for name in names]
    main.write_text("".join(imports) + f"\nvoid main() => print({len(names)});\n")
    configuration = packages.write(generated | packages.given(), tmp_path / "packages.json")
    assert int(vm.run(main, configuration)) == len(names) >= 5


def test_a_library_that_does_not_compile_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken_client" / "lib" / "broken_client.dart"
    broken.parent.mkdir(parents=True)
    broken.write_text("import 'package:serverpod_client/serverpod_client.dart';\n\nint a = const Uuid();\n")
    main = tmp_path / "main.dart"
    main.write_text("import 'package:broken_client/broken_client.dart';\n\nvoid main() {}\n")
    found = {"broken_client": tmp_path / "broken_client"} | packages.given()
    with pytest.raises(AssertionError, match=r"broken_client\.dart:3:15: Error: .*'Uuid'"):
        vm.run(main, packages.write(found, tmp_path / "packages.json"))
