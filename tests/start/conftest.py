from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from podium.core.project import PACKAGES
from podium.dev import startproject

PIN = "0.2.0"


class Project:
    """A started project in a folder of its own. It runs on this checkout's Podium; nothing is installed."""

    def __init__(self, folder: Path, name: str = "shop") -> None:
        self.folder = folder
        self.name = name
        startproject.write(name, folder, PIN)

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `manage.py` to its end, outside of this test run."""
        dropped = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "MEDIA_ROOT", "SECRET_KEY")
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in dropped and not name.startswith(("PODIUM_", "PYTEST_"))
        }
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=self.folder,
            env={**kept, "PODIUM_VENV": "off", "PYTHONPATH": str(PACKAGES)},
            capture_output=True,
            text=True,
            check=False,
        )

    def files(self) -> dict[str, bytes]:
        """All files with their contents."""
        paths = (path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "shop")
