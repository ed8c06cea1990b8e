"""`generate --watch`: generate again after each change of a file, until Ctrl-C. Faults are shown and do not stop it."""

from __future__ import annotations

import contextlib
import gc
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import watchfiles

from podium.schema import mixins, pyproject
from podium.schema.apps import SKIPPED_FOLDERS, App
from podium.schema.definitions import Fault
from podium.schema.generate import generate
from podium.schema.project import is_model_file

DEBOUNCE, STEP = 200, 20
"""Milliseconds: editors save in several steps, so wait for STEP without a change, at most for DEBOUNCE."""
TICK = 300
"""Milliseconds between checks whether to stop."""
GENERATED = frozenset(["protocol.py", "protocol_types.py"])
BESIDE_MODELS = frozenset([mixins.FILE, pyproject.FILE, "models.py"])
"""Files besides model files that generated Python depends on; models.py may have hand-written models."""


def is_model(path: Path) -> bool:
    """Return whether generated Python depends on a file."""
    return is_model_file(path) or path.name in BESIDE_MODELS


def follow(
    folders: Sequence[Path], is_watched: Callable[[Path], bool], act: Callable[[list[Path]], object]
) -> int:
    """Call `act` with the changed files after each change. Returns 0 on Ctrl-C."""
    with contextlib.suppress(KeyboardInterrupt):
        _follow(folders, is_watched, act)
    return 0


def _follow(
    folders: Sequence[Path], is_watched: Callable[[Path], bool], act: Callable[[list[Path]], object]
) -> None:
    told = False
    for changes in watchfiles.watch(
        *folders,
        watch_filter=lambda _, path: is_watched(Path(path)),
        debounce=DEBOUNCE,
        step=STEP,
        rust_timeout=TICK,
        yield_on_timeout=True,
    ):
        if not told:  # not earlier: a change made after reading this must be noticed
            _say(f"Watching {', '.join(map(str, folders))}; Ctrl-C ends it")
            told = True
        if changes:
            start = time.perf_counter()
            gc.disable()  # creates many small objects: collecting takes a fifth of the time
            act(sorted({Path(path) for _, path in changes}))
            _say(f"{(time.perf_counter() - start) * 1000:.0f} ms")
            gc.enable()
            gc.collect()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def follow_apps(project: Path, words: Sequence[str], installed: Sequence[App] = ()) -> int:
    """Keep all apps' Python up to date, and then the clients.

    words       arguments for `generate`, which reads endpoints and so runs in a new process each time
    installed   apps outside the project whose classes its model files may name
    """
    clients = [sys.executable, str(project / "manage.py"), "generate", *words]

    def act(changed: list[Path]) -> None:
        if any(map(is_model, changed)) and not write_models(project, installed):
            return
        if "--models-only" not in words:
            subprocess.run(clients, cwd=project, check=False)  # it reports errors itself

    subprocess.run(clients, cwd=project, check=False)
    return follow([project], lambda path: _is_source(path, project), act)


def _is_source(path: Path, project: Path) -> bool:
    """Return whether the clients or generated Python depend on a file of the project."""
    if SKIPPED_FOLDERS & set(path.relative_to(project).parts) or path.name in GENERATED:
        return False
    return is_model(path) or path.suffix == ".py"


def write_models(project: Path, installed: Sequence[App] = ()) -> bool:
    """Write each app's Python from its model files; return whether it succeeded."""
    result = generate(project, installed=installed)
    tell(result.faults)
    for path in result.written:
        _say(f"{path.relative_to(project)} written")
    return not any(fault.severity == "error" for fault in result.faults)


def tell(faults: Sequence[Fault]) -> None:
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    sys.stderr.flush()
