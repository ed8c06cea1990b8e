"""The runtimes of the clients are written once, in podium/codegen. The clients of the example have equal copies."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PYTHON = PROJECT / "podium" / "codegen" / "python" / "runtime"
TYPESCRIPT = PROJECT / "podium" / "codegen" / "typescript" / "runtime"
COPIES = {
    PYTHON: PROJECT / "clients" / "python" / "example_client" / "runtime",
    TYPESCRIPT: PROJECT / "clients" / "typescript" / "src" / "runtime",
}
OTHER_SOURCES = {PYTHON / "ordered.py": PROJECT / "podium" / "wire" / "ordered.py"}
LINE_LENGTH = 25
"""Shorter lines (brackets, `return None`) are equal in any two files."""


@pytest.mark.parametrize(("runtime", "copy"), COPIES.items(), ids=["python", "typescript"])
def test_the_examples_client_has_an_equal_copy(runtime: Path, copy: Path) -> None:
    suffix = {PYTHON: ".py", TYPESCRIPT: ".ts"}[runtime]
    written = {each.name: OTHER_SOURCES.get(each, each) for each in runtime.glob(f"*{suffix}")}
    assert len(written) > 5
    assert {each.name for each in copy.glob(f"*{suffix}")} == written.keys()
    different = [
        name for name, source in written.items() if (copy / name).read_bytes() != source.read_bytes()
    ]
    assert different == [], "run python3 manage.py generate"


def lines(path: Path) -> set[str]:
    found = {line.strip() for line in path.read_text(encoding="utf-8").splitlines()}
    return {line for line in found if len(line) > LINE_LENGTH and not line.startswith(("import ", "from "))}


def test_there_is_no_third_copy() -> None:
    command = ["git", "ls-files", "*.py", "*.ts", "*.mjs", "*.js"]
    tracked = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split()
    known = (*COPIES, PROJECT / "clients", PROJECT / "podium" / "wire" / "ordered.py")
    others = [
        path
        for path in map(PROJECT.joinpath, tracked)
        if path.exists() and not any(path.is_relative_to(each) for each in known)
    ]
    runtime = set().union(*(lines(path) for each in COPIES for path in each.iterdir() if path.is_file()))
    assert len(runtime) > 500 and len(others) > 500
    copied = []
    for path in others:
        own = lines(path)
        if len(own) > 5 and len(own & runtime) > len(own) / 2:
            copied.append(path.relative_to(PROJECT).as_posix())
    assert copied == []
