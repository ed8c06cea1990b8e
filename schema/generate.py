"""Write each app's protocol.py from its model files. No Django: this must work when what it writes is broken."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from schema import emit_python, project
from schema.definitions import Fault

FILE = "protocol.py"


@dataclass
class Result:
    """What was done, or with `check` would be. With a fault of severity "error" nothing was written."""

    faults: list[Fault] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)
    unchanged: list[Path] = field(default_factory=list)


def generate(root: Path, *, check: bool = False) -> Result:
    """Bring every `<app>/protocol.py` below a project's folder up to date; with `check` only say which are not."""
    protocol, faults = project.load(root)
    result = Result(faults)
    if any(fault.severity == "error" for fault in faults):
        return result
    for app in sorted({definition.app for definition in protocol.definitions} | _generated(root)):
        path = root / app / FILE
        text = emit_python.emit(protocol, app)
        if path.exists() and path.read_text(encoding="utf-8") == text:
            result.unchanged.append(path)
            continue
        result.written.append(path)
        if not check:
            _write(path, text)
    return result


def _generated(root: Path) -> set[str]:
    """Apps that have a generated module already; the last model file of one may be gone."""
    paths = (path for path in root.glob(f"*/{FILE}") if (path.parent / "apps.py").exists())
    return {path.parent.name for path in paths if emit_python.MARK in path.read_text(encoding="utf-8")[:500]}


def _write(path: Path, text: str) -> None:
    """All of it or nothing: a server that reloads must not read half a module."""
    new = path.with_suffix(".py.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
