"""Changes to a project's files that can be reverted, even after the process was killed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

SKIPPED = frozenset(
    [".git", ".venv", ".podium", ".dart_tool", "node_modules", "build", "dist", "__pycache__"]
)
GENERATED = ""
"""The entry for all files that `generate` may make."""


class Journal:
    """Writes and removes files below a project, with a backup in `.podium/upgrade/backup`."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.folder = project / ".podium" / "upgrade" / "backup"
        self.list = self.folder / "files.jsonl"
        self.kept: dict[str, bool] = {}
        """Path -> True if there was a file."""
        if self.list.exists():
            self.kept = dict(json.loads(line) for line in self.list.read_text("utf-8").splitlines())

    @property
    def is_open(self) -> bool:
        """Test for changes that were neither kept nor reverted, because the upgrade was killed."""
        return bool(self.kept)

    def keep(self, path: str) -> None:
        """Remember a file, or its absence, before it is changed."""
        if path in self.kept:
            return
        original = self.project / path
        if original.is_file():
            copy = self.folder / "files" / path
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(original, copy)
        self._note(path, original.is_file())

    def keep_generated(self) -> None:
        """Remember all files that `generate` may change. A revert deletes files that it adds."""
        for path in generated(self.project):
            self.keep(path)
        self._note(GENERATED, True)

    def write(self, path: str, content: bytes) -> None:
        self.keep(path)
        place = self.project / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)

    def remove(self, path: str) -> None:
        self.keep(path)
        self._delete(self.project / path)

    def take_back(self) -> None:
        """Restore all files. Safe to run again."""
        if GENERATED in self.kept:
            for path in list(generated(self.project)):
                if path not in self.kept:
                    self._delete(self.project / path)
        for path, was_there in self.kept.items():
            place = self.project / path
            if was_there and path != GENERATED:
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(self.folder / "files" / path, place)
            elif not was_there and place.exists():
                self._delete(place)
        self.end()

    def end(self) -> None:
        """Delete the copies: the changes stay."""
        self.kept.clear()
        self.list.unlink(missing_ok=True)  # first: a list without its copies could not be reverted
        shutil.rmtree(self.folder, ignore_errors=True)

    def _note(self, path: str, was_there: bool) -> None:
        self.kept[path] = was_there
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.list.open("a", encoding="utf-8") as file:
            file.write(json.dumps([path, was_there]) + "\n")

    def _delete(self, place: Path) -> None:
        """Delete a file, and the folders that are empty without it."""
        place.unlink()
        folder = place.parent
        while folder != self.project and {path.name for path in folder.iterdir()} <= {"__pycache__"}:
            shutil.rmtree(folder)
            folder = folder.parent


def generated(project: Path) -> Iterator[str]:
    """The files that `generate` may write or delete: protocol.py of the apps, and everything in clients/."""
    for path in walk(project):
        if path.split("/")[0] == "clients" or path.endswith(("/protocol.py", "/protocol_types.py")):
            yield path


def walk(folder: Path) -> Iterator[str]:
    """The files below a folder, relative, without environments, build products and version control."""
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in SKIPPED)
        for name in sorted(files):
            yield (Path(root) / name).relative_to(folder).as_posix()
