"""Generated files to disk: only what changed is written, what is no longer generated goes. Knows no language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LIST = ".generated"
"""Names of the files that were generated into a folder: those, and no other, may be deleted."""


@dataclass
class Changes:
    """What was written and deleted, or with `check` would be."""

    written: list[Path] = field(default_factory=list)
    deleted: list[Path] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.written or self.deleted)


def write(folder: Path, files: Mapping[str, str], *, check: bool = False) -> Changes:
    """Bring a folder up to date with the files of a client: relative path -> text. Other files in it are left alone."""
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
            path.write_text(
                listing if path.name == LIST else files[path.relative_to(folder).as_posix()], "utf-8"
            )
        for path in changes.deleted:
            path.unlink()
    return changes


def _listed(folder: Path) -> list[str]:
    """What was generated into this folder before."""
    listing = folder / LIST
    return listing.read_text(encoding="utf-8").splitlines() if listing.exists() else []
