"""Podium installed from a wheel: built once and installed once for all tests of a run, also on several processes.

A new project's manage.py installs it, from nothing but Python. Other projects share its packages.

from tests.newcomer.installed import installed  # in a conftest.py: the fixture
"""

from __future__ import annotations

import fcntl
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from podium.dev import startproject
from tests.newcomer.checkout import PROJECT, Checkout

CONSTRAINTS = PROJECT / "podium" / "constraints.txt"


@dataclass(frozen=True)
class Installed:
    """A folder with the built wheel, a project that pins it and has it in its .venv, and an empty HOME.

    The environment has Podium's packages for tests too, and httpx, which generated Python clients need.
    """

    folder: Path

    @property
    def wheel(self) -> Path:
        return next((self.folder / "dist").glob("*.whl"))

    @property
    def project(self) -> Path:
        """The project that made the environment. Tests leave it alone."""
        return self.folder / "first"

    @property
    def python(self) -> Path:
        return self.project / ".venv" / "bin" / "python"

    @property
    def packages(self) -> Path:
        """The environment's site-packages."""
        return site_packages(self.project)

    def environment(self, **more: str) -> dict[str, str]:
        path = f"{self.python.parent}:/usr/local/bin:/usr/bin:/bin"
        return {**Checkout.passed_on(), "HOME": str(self.folder / "home"), "PATH": path, **more}

    def run(self, *words: str | Path, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a program, `podium` or `python` of the environment for example, to its end."""
        return subprocess.run(
            words, cwd=folder, env=self.environment(**more), capture_output=True, text=True, check=False
        )

    def output(self, *words: str | Path, folder: Path, **more: str) -> str:
        """The same for one that must succeed: what it writes to stdout."""
        done = self.run(*words, folder=folder, **more)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def share(self, project: Path) -> None:
        """Make a project's .venv that sees these packages, pip among them, so that pip has little to install."""
        venv.EnvBuilder(symlinks=True).create(project / ".venv")
        packages = site_packages(project)
        (packages / "shared.pth").write_text(f"{self.packages}\n")
        (packages / "pip").symlink_to(self.packages / "pip")  # manage.py looks for it in this folder


def site_packages(project: Path) -> Path:
    return next((project / ".venv" / "lib").glob("python*")) / "site-packages"


def pip(python: Path, *words: str | Path) -> None:
    run([python, "-m", "pip", *words, "--quiet", "--disable-pip-version-check"])


def run(words: Sequence[str | Path], folder: Path = PROJECT) -> None:
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def build(folder: Path) -> None:
    """Build the wheel from this checkout, as pip builds the wheel of a git address."""
    dist = folder / "dist"
    pip(Path(sys.executable), "wheel", "--no-deps", "--wheel-dir", dist, PROJECT)


def install(made: Installed) -> None:
    """Start a project that pins the wheel and needs httpx, and let its manage.py make .venv."""
    startproject.write("first", made.project, str(made.wheel))
    with (made.project / "requirements.txt").open("a") as requirements:
        requirements.write("httpx\n")
    python = Path(sys.base_prefix) / "bin" / "python3"
    made.output(python, "manage.py", "test", "--help", folder=made.project)


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Installed:
    """Podium installed from its wheel."""
    base = tmp_path_factory.getbasetemp()
    made = Installed((base if worker_id == "master" else base.parent) / "installed")
    made.folder.mkdir(exist_ok=True)
    with (made.folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made.folder / "done").exists():
            build(made.folder)
            (made.folder / "home").mkdir()
            install(made)
            (made.folder / "done").touch()
    return made
