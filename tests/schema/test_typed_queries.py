"""Type checkers on generated modules: pyright in strict mode, and mypy. A wrong field is an error before it runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from podium.codegen import django_app
from tests.conformance.corpus import Corpus, Project

PROJECT = Path(__file__).resolve().parent.parent.parent
CORPUS = PROJECT.parent / "shared" / "corpus"
TYPED = Path("tests/schema/typed")
GENERATED = ["tests/database/library", "tests/access/teams", "tests/notes", "accounts", "files"]

pytestmark = pytest.mark.slow


def strict(folder: Path, include: list[str], tmp_path: Path) -> dict[str, set[int]]:
    """The lines with an error in pyright's strict mode, by file. The configuration is in `tmp_path`."""
    config = tmp_path / "pyrightconfig.json"
    relative = [
        os.path.relpath(folder / name, tmp_path) for name in include
    ]  # pyright takes no absolute paths
    config.write_text(
        json.dumps({"include": relative, "typeCheckingMode": "strict", "extraPaths": [str(PROJECT)]})
    )
    command = [
        sys.executable,
        "-m",
        "pyright",
        "--outputjson",
        "--pythonpath",
        sys.executable,
        "-p",
        str(config),
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] >= len(include)
    found: dict[str, set[int]] = {}
    for each in report["generalDiagnostics"]:
        name = Path(each["file"]).relative_to(folder).as_posix()
        found.setdefault(name, set()).add(each["range"]["start"]["line"] + 1)
    return found


@pytest.fixture(scope="module")
def pyright(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[int]]:
    files = [
        path.relative_to(PROJECT)
        for folder in GENERATED
        for name in ("protocol.py", "protocol_types.py", "mixins.py")
        if (path := PROJECT / folder / name).exists()
    ]
    include = [path.as_posix() for path in [*files, TYPED / "right.py", TYPED / "wrong.py"]]
    return strict(PROJECT, include, tmp_path_factory.mktemp("pyright"))


def wrong_lines() -> set[int]:
    lines = (PROJECT / TYPED / "wrong.py").read_text().splitlines()
    return {number for number, line in enumerate(lines, start=1) if line.endswith("# wrong")}


def test_generated_modules_pass_pyright_in_strict_mode(pyright: dict[str, set[int]]) -> None:
    assert {name: lines for name, lines in pyright.items() if "typed/" not in name} == {}


def test_pyright_accepts_right_queries_and_refuses_each_wrong_one(pyright: dict[str, set[int]]) -> None:
    assert (TYPED / "right.py").as_posix() not in pyright
    assert pyright[(TYPED / "wrong.py").as_posix()] == wrong_lines()


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"there is no corpus at {CORPUS}")
@pytest.mark.parametrize("project", Corpus(CORPUS, "").projects, ids=lambda project: str(project.name))
def test_generated_modules_of_the_corpus_pass_in_strict_mode(project: Project, tmp_path: Path) -> None:
    protocol, _ = project.loaded
    files = django_app.emit(protocol) | django_app.starters(protocol)
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert strict(tmp_path, sorted(files), tmp_path) == {}


def test_mypy_agrees() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", TYPED / "right.py", TYPED / "wrong.py"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    errors = re.findall(r"^(\S+):(\d+): error: ", done.stdout, flags=re.MULTILINE)
    assert {(file, int(line)) for file, line in errors} == {
        ((TYPED / "wrong.py").as_posix(), line) for line in wrong_lines()
    }, done.stdout + done.stderr
