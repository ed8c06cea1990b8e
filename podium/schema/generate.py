"""Write each app's protocol.py from its model files. No Django: this must work if the generated code is broken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.util import cache_from_source
from pathlib import Path

from podium.schema import emit_python, emit_types, mixins, project
from podium.schema.apps import App, of_project
from podium.schema.definitions import Fault, Protocol
from podium.schema.mixins import Addition

FILE = "protocol.py"
TYPES_FILE = "protocol_types.py"


@dataclass
class Result:
    """The changes made, or with `check` to make. With a fault of severity "error" nothing was written."""

    faults: list[Fault] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)
    unchanged: list[Path] = field(default_factory=list)


def generate(root: Path, *, installed: Iterable[App] = (), check: bool = False) -> Result:
    """Bring every `<app>/protocol.py` of a project up to date; with `check` only list outdated ones.

    installed   apps elsewhere whose classes the project's model files may name; nothing is written there
    """
    own = of_project(root)
    protocol, faults = project.load(root, apps=[*installed, *own])
    result = Result(faults)
    if any(fault.severity == "error" for fault in faults):
        return result
    texts: dict[Path, str] = {}
    definitions = [each for one in (*protocol.modules.values(), protocol) for each in one.definitions]
    with_models = {definition.app for definition in definitions} & {app.name for app in own}
    for app in sorted(with_models | _generated(root)):
        added, faults = mixins.read(root / app, app, definitions)
        result.faults += faults
        texts |= {root / app / name: text for name, text in emit(protocol, app, added).items()}
    if any(fault.severity == "error" for fault in result.faults):
        return result
    for path, text in texts.items():
        if (path.read_text(encoding="utf-8") if path.exists() else "") == text:
            result.unchanged.append(path)
            continue
        result.written.append(path)
        if not check:
            _write(path, text)
    return result


def emit(
    protocol: Protocol, app: str, additions: Mapping[str, Addition] | None = None, *, typed: bool = True
) -> dict[str, str]:
    """The generated modules of an app, name -> text; "" for a module that it does not need.

    typed   include the source for type checkers, which is the largest part and takes the most time
    """
    types = emit_types.emit(protocol, app, additions) if typed else emit_types.bare(protocol, app)
    return {FILE: emit_python.emit(protocol, app, additions), TYPES_FILE: types}


def _generated(root: Path) -> set[str]:
    """Apps that have a generated module already; an app's last model file may be gone."""
    paths = (path for path in root.glob(f"*/{FILE}") if (path.parent / "apps.py").exists())
    return {path.parent.name for path in paths if emit_python.MARK in path.read_text(encoding="utf-8")[:500]}


def _write(path: Path, text: str) -> None:
    """Write a file whole: a reloading server must not read half a module. Delete it if the text is empty."""
    if not text:
        path.unlink()
        return
    new = path.with_suffix(".py.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)
    # Python would take what it compiled for an earlier file of the same size, written in the same second.
    Path(cache_from_source(str(path))).unlink(missing_ok=True)
