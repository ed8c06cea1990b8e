"""Write generated files to disk: only changed ones, and delete those no longer generated. Knows no language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LIST = ".generated"
"""List of the files generated into a folder: only these may be deleted."""


@dataclass
class Changes:
    """The files written and deleted, or with `check` to write and delete."""

    written: list[Path] = field(default_factory=list)
    deleted: list[Path] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.written or self.deleted)


def write(folder: Path, files: Mapping[str, str], *, check: bool = False) -> Changes:
    """Write a client's files (relative path -> text) into a folder. Other files in it are not changed."""
    changes = Changes()
    listing = "".join(f"{name}\n" for name in sorted(files))
    for name, text in {**files, LIST: listing}.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            changes.written.append(path)
    changes.deleted = [
        folder / name for name in _listed(folder) if name not in files and (folder / name).exists()
    ]
    if not check:
        for path in changes.written:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, listing if path.name == LIST else files[path.relative_to(folder).as_posix()])
        for path in changes.deleted:
            path.unlink()
            _remove_empty(path.parent, folder)
    return changes


def _remove_empty(folder: Path, top: Path) -> None:
    """Remove a folder that is empty now, and empty ones above it, up to the client's own."""
    while folder != top and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _write(path: Path, text: str) -> None:
    """Write a file whole, since an app's own tools may watch the folder."""
    new = path.with_name(f"{path.name}.new")
    new.write_text(text, "utf-8")
    new.replace(path)


def _listed(folder: Path) -> list[str]:
    """The files generated into this folder before."""
    listing = folder / LIST
    return listing.read_text(encoding="utf-8").splitlines() if listing.exists() else []
