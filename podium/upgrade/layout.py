"""The layout of 0.1, where a project was a copy of Podium's repository: its files, its modules, its settings.

known_0_1.txt has a line for each file that the repository ever had: path, the short Git blob id at the end of 0.1
("-" if it was gone by then), ids of earlier versions. settings_0_1.txt is config/settings.py at the end of 0.1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path, PurePosixPath

from podium.upgrade import renames
from podium.upgrade.rewriting import Names

HERE = Path(__file__).parent
ID_LENGTH = 10
APPS = frozenset(["accounts", "files", "legacy_auth", "legacy_chat", "monitoring", "realtime", "tasks"])
"""Folders of 0.1 that are installed packages of the same name now."""


@cache
def known() -> dict[str, list[str]]:
    """Path -> short blob ids, that of the end of 0.1 first."""
    lines = (HERE / "known_0_1.txt").read_text(encoding="utf-8").splitlines()
    return {path: ids for path, *ids in (line.split() for line in lines)}


def is_unchanged(path: str, content: bytes) -> bool:
    """Test whether a file is one that the repository had at this path in some version of 0.1."""
    return blob_id(content) in known().get(path, ())


def blob_id(content: bytes) -> str:
    header = b"blob %d\0" % len(content)
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()[:ID_LENGTH]


def is_copy(project: Path) -> bool:
    """Test whether a folder is a project of 0.1's layout."""
    return all(
        (project / path).exists()
        for path in ("manage.py", "config/settings.py", "core", "schema", "endpoints")
    )


def settings() -> str:
    """The text of config/settings.py at the end of 0.1."""
    return (HERE / "settings_0_1.txt").read_text(encoding="utf-8")


def names(root: Path) -> Names:
    """The names of 0.1 to rewrite, for the Podium that is in the folder `root`."""
    exists = _exists(root)
    modules = {"config"}
    for path, (last, *_) in known().items():
        if path.endswith(".py") and path.split("/")[0] in renames.ROOTS:
            dotted = _dotted(path)
            if last != "-" or exists(renames.new_name(dotted) or ""):
                modules |= {dotted, *_parents(dotted)}
    return Names(renames.ROOTS, modules, renames.new_name, exists)


def _dotted(path: str) -> str:
    return ".".join(PurePosixPath(path).with_suffix("").parts).removesuffix(".__init__")


def _parents(dotted: str) -> set[str]:
    parts = dotted.split(".")
    return {".".join(parts[:length]) for length in range(1, len(parts))}


def _exists(root: Path) -> Callable[[str], bool]:
    @cache
    def exists(dotted: str) -> bool:
        place = root.joinpath(*dotted.split("."))
        ours = dotted.split(".")[0] in {"podium", "config", *APPS}
        return ours and (place.is_dir() or place.with_suffix(".py").is_file())

    return exists
