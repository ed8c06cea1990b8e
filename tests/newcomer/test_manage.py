"""manage.py of a project: it installs the Podium that requirements.txt pins, by itself and before anything else.

The packages here are small ones under Podium's name: what they print shows which one runs.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

MANAGE = Path(__file__).resolve().parent.parent.parent / "manage.py"
BOOTSTRAP = """\
import sys

def enter_environment(argv):
    print("Podium", {version!r}, *argv[1:], sys.prefix)
    sys.exit(0)
"""
NEEDS = "Requires-Dist: no-such-package-9\n"
PYPROJECT = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'


def files(version: str) -> dict[str, str]:
    return {
        "podium/__init__.py": "",
        "podium/dev/__init__.py": "",
        "podium/dev/bootstrap.py": BOOTSTRAP.format(version=version),
    }


def wheel(folder: Path, version: str, says: str = "") -> Path:
    """A wheel of a package podium that says a version and ends."""
    path = folder / f"podium-{version}-py3-none-any.whl"
    info = f"podium-{version}.dist-info"
    contents = files(says or version) | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: podium\nVersion: {version}\n{NEEDS}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in contents.items():
            archive.writestr(name, text)
        archive.writestr(f"{info}/RECORD", "".join(f"{name},,\n" for name in [*contents, f"{info}/RECORD"]))
    return path


class Project:
    """A folder with a manage.py and one line of requirements."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.index = folder.parent / "index"
        for each in (folder, self.index):
            each.mkdir()
        shutil.copy(MANAGE, folder)

    def manage(
        self, *words: str, python: str | Path = sys.executable, **more: str
    ) -> subprocess.CompletedProcess[str]:
        own = {name: value for name, value in os.environ.items() if name not in ("PODIUM_VENV", "PYTHONPATH")}
        return subprocess.run(
            [python, self.folder / "manage.py", *words],
            cwd=self.folder.parent,
            env={**own, "PIP_FIND_LINKS": str(self.index), **more},
            capture_output=True,
            text=True,
            check=False,
        )

    def runs(self, pin: str, version: str) -> str:
        """Run a command with this pin, and check which Podium answers it. Gives what it writes to stderr."""
        (self.folder / "requirements.txt").write_text(f"# Podium\n{pin}  # pinned\n")
        done = self.manage("dev")
        assert done.stdout == f"Podium {version} dev {self.folder}/.venv\n", done.stdout + done.stderr
        return done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "shop")


@pytest.mark.slow
def test_the_pin_decides_which_podium_runs(project: Project) -> None:
    wheel(project.index, "0.2.0", "from the index")
    wheel(project.folder, "0.2.0", "beside it")
    assert "Installing podium==0.2.0" in project.runs("podium==0.2.0", "from the index")
    assert project.runs("podium==0.2.0", "from the index") == ""
    assert "Installing ./podium" in project.runs("./podium-0.2.0-py3-none-any.whl", "beside it")
    wheel(project.folder, "0.2.0", "built again")
    project.runs("./podium-0.2.0-py3-none-any.whl", "built again")
    wheel(project.index, "0.2.1")
    project.runs("podium == 0.2.1", "0.2.1")
    project.runs("podium[s3]==0.2.0", "from the index")
    repository = project.index.parent / "repository"
    for name, text in {**files("of git"), "pyproject.toml": PYPROJECT}.items():
        (repository / name).parent.mkdir(parents=True, exist_ok=True)
        (repository / name).write_text(
            text + ('[project]\nname = "podium"\nversion = "0.3"\n' * (name[:3] == "pyp"))
        )
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*git, *words], cwd=repository, check=True)
    project.runs(f"podium @ git+file://localhost{repository}", "of git")


@pytest.mark.slow
def test_the_hashes_of_the_pin_are_checked(project: Project) -> None:
    made = wheel(project.index, "0.2.0")
    right, wrong = (
        f"--hash=sha256:{each}" for each in (hashlib.sha256(made.read_bytes()).hexdigest(), "0" * 64)
    )
    assert "Installing podium==0.2.0 in" in project.runs(
        f"podium==0.2.0 \\\n    {wrong} \\\n    {right}", "0.2.0"
    )
    assert project.runs(f"podium==0.2.0 {wrong} {right}", "0.2.0") == "", "the same pin in one line"
    shutil.copy(made, project.folder)
    project.runs(f"./{made.name}[s3] {right}", "0.2.0")
    (project.folder / "requirements.txt").write_text(f"podium==0.2.0 {wrong}\n")
    done = project.manage("dev")
    assert done.returncode == 1 and done.stdout == ""
    assert "DO NOT MATCH THE HASHES" in done.stderr and "Traceback" not in done.stderr


def test_a_pin_that_is_missing_or_can_not_be_installed_is_named(project: Project) -> None:
    done = project.manage("dev")
    assert done.returncode == 1
    assert done.stderr == (
        "requirements.txt does not pin the version of Podium. Add for example: podium==0.2.0\n"
    )
    (project.folder / "requirements.txt").write_text("podium-extra==1\n./podium-9.9-py3-none-any.whl\n")
    done = project.manage("dev")
    assert done.returncode == 1
    assert (
        "podium-9.9-py3-none-any.whl" in done.stderr
        and "check requirements.txt and the network" in done.stderr
    )
    assert "Traceback" not in done.stderr


def test_without_an_environment_of_its_own_podium_must_be_installed(project: Project) -> None:
    bare = Path(sys.base_prefix) / "bin" / "python3"
    done = project.manage("dev", python=bare, PODIUM_VENV="off")
    assert done.returncode == 1
    assert "pip install -r requirements.txt" in done.stderr and "Traceback" not in done.stderr
    assert not (project.folder / ".venv").exists()
