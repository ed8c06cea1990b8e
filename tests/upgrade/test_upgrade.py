"""A project with a .venv of its own goes to a newer wheel and back; a version that does not work leaves no trace."""

from __future__ import annotations

import json
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from podium.upgrade import changelog
from tests.newcomer.installed import Installed
from tests.upgrade.wheels import other_version

pytestmark = pytest.mark.slow

MIGRATION = """\
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("files", "{last}")]
    operations = []
"""
ENTRY = "## 99.0.1 - 2030-01-01\n\n### Changed\n\n- **Breaking: do this**: greet everybody.\n\n"


@dataclass(frozen=True)
class Project:
    folder: Path
    installed: Installed

    def manage(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        python = self.folder / ".venv/bin/python"
        return self.installed.run(python, "manage.py", *words, folder=self.folder)

    def succeed(self, *words: str | Path) -> str:
        done = self.manage(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @property
    def version(self) -> str:
        code = "import podium; print(podium.__version__)"
        return self.installed.output(self.folder / ".venv/bin/python", "-c", code, folder=self.folder).strip()

    @property
    def pin(self) -> str:
        return (self.folder / "requirements.txt").read_text().splitlines()[0]

    def files(self) -> dict[str, bytes]:
        """All files of the project itself."""
        paths = (path for path in self.folder.rglob("*") if path.is_file())
        names = {path.relative_to(self.folder): path for path in paths}
        hidden = {".venv", ".podium", "__pycache__"}
        return {str(name): path.read_bytes() for name, path in names.items() if not hidden & set(name.parts)}


@pytest.fixture(scope="module")
def project(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A new project whose .venv shares the installed packages."""
    folder = tmp_path_factory.mktemp("upgraded") / "shop"
    podium = installed.python.parent / "podium"
    installed.output(
        podium, "startproject", "shop", folder, "--podium", installed.wheel, folder=folder.parent
    )
    installed.share(folder)
    made = Project(folder, installed)
    made.succeed("migrate")
    return made


@pytest.fixture(scope="module")
def newer(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Version 99.0.1: with a breaking change, a migration, and another manage.py."""
    with zipfile.ZipFile(installed.wheel) as wheel:
        last = max(name for name in wheel.namelist() if name.startswith("files/migrations/0"))
        log = wheel.read("podium/CHANGELOG.md").decode().replace(" - unreleased", " - 2026-12-01")
        manage = wheel.read("podium/dev/template/repository/manage.py").decode()
    changed = {
        "podium/CHANGELOG.md": log.replace("## ", f"{ENTRY}## ", 1),
        "files/migrations/0099_more.py": MIGRATION.format(last=Path(last).stem),
        "podium/dev/template/repository/manage.py": f"{manage}# newer\n",
    }
    return other_version(installed.wheel, "99.0.1", tmp_path_factory.mktemp("newer"), changed)


@pytest.fixture(scope="module")
def broken(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Version 99.0.2, whose settings can't be imported."""
    with zipfile.ZipFile(installed.wheel) as wheel:
        changed = {
            "podium/settings.py": "raise RuntimeError('out of order')\n",
            "podium/constraints.txt": wheel.read("podium/constraints.txt").decode() + "# newer\n",
        }
    return other_version(installed.wheel, "99.0.2", tmp_path_factory.mktemp("broken"), changed)


def test_it_goes_to_the_newer_version_and_back(project: Project, installed: Installed, newer: Path):
    before, old = project.files(), project.version

    dry = project.succeed("upgrade", newer, "--dry-run")
    assert f"Podium {old} -> 99.0.1" in dry and "  - greet everybody." in dry and "Nothing was changed" in dry
    assert project.files() == before

    said = project.succeed("upgrade", newer)
    assert "  - greet everybody." in said
    assert "Migrations to apply:\n  files.0099_more\n" in said
    assert (project.version, project.pin) == ("99.0.1", f"./{newer.name}")
    assert [path.name for path in project.folder.glob("*.whl")] == [newer.name]
    assert (project.folder / "manage.py").read_text().endswith("# newer\n")

    project.succeed("migrate")
    refused = project.manage("upgrade", installed.wheel)
    assert refused.returncode == 1
    (command,) = (
        line.split("manage.py ")[1] for line in refused.stderr.splitlines() if "manage.py migrate" in line
    )
    assert project.version == "99.0.1"
    project.succeed(*command.split())

    result = json.loads(project.succeed("upgrade", installed.wheel, "--json"))
    assert (result["old"], result["new"], result["done"]) == ("99.0.1", old, True)
    assert result["breaking"] == result["waiting_migrations"] == []
    assert project.version == old
    assert project.files() == before


def test_a_version_that_fails_leaves_everything_as_it_was(project: Project, broken: Path):
    before, old = project.files(), project.version
    failed = project.manage("upgrade", broken)
    assert failed.returncode == 1
    assert "out of order" in failed.stdout + failed.stderr
    assert (
        f"failed with Podium 99.0.2, so everything was restored and the project is on {old} again"
        in failed.stderr
    )
    assert project.files() == before
    assert project.version == old
    assert changelog.MARK not in failed.stdout
