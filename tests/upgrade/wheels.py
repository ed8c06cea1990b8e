"""Wheels of other versions, made from one: for tests that upgrade and go back."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path


def other_version(wheel: Path, version: str, folder: Path, changed: Mapping[str, str] | None = None) -> Path:
    """Write the same Podium with another version number, and with other files. Returns the new wheel.

    changed   path in the wheel -> text, of more files or of others
    """
    old = wheel.name.split("-")[1]
    changed = dict(changed or {})
    made = folder / wheel.name.replace(f"-{old}-", f"-{version}-")
    written = []
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = changed.pop(name, None) or source.read(name)
            new = name.replace(f"podium-{old}.dist-info", f"podium-{version}.dist-info")
            if name == "podium/__init__.py":
                content = (
                    content.replace(old.encode(), version.encode()) if isinstance(content, bytes) else content
                )
            if name.endswith(".dist-info/METADATA"):
                content = source.read(name).replace(
                    f"\nVersion: {old}".encode(), f"\nVersion: {version}".encode(), 1
                )
            if not name.endswith(".dist-info/RECORD"):
                target.writestr(new, content)
                written.append(new)
        for name, text in changed.items():
            target.writestr(name, text)
            written.append(name)
        record = f"podium-{version}.dist-info/RECORD"
        target.writestr(record, "".join(f"{name},,\n" for name in [*written, record]))
    return made
