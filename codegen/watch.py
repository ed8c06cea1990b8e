"""`generate --watch`: generate again whenever a file changes, until Ctrl-C. Faults are shown, and do not end it."""

from __future__ import annotations

import contextlib
import gc
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import watchfiles

from schema import mixins, pyproject
from schema.definitions import Fault
from schema.generate import generate
from schema.project import SKIPPED_FOLDERS, SUFFIXES

DEBOUNCE, STEP = 200, 20
"""Milliseconds: editors save in several steps, so wait until no change came for STEP, at most for DEBOUNCE."""
TICK = 300
"""Milliseconds after which it looks whether it should end."""
GENERATED = frozenset(["protocol.py", "protocol_types.py"])
BESIDE_MODELS = frozenset([mixins.FILE, pyproject.FILE, "models.py"])
"""What generated Python depends on beside model files; a models.py may have a table's model written by hand."""


def is_model(path: str) -> bool:
    """Whether generated Python depends on a file."""
    return path.endswith(SUFFIXES) or Path(path).name in BESIDE_MODELS


def follow(
    folders: Sequence[Path], is_watched: Callable[[Path], bool], act: Callable[[list[Path]], object]
) -> int:
    """Call `act` with the files that changed, again and again. 0 when Ctrl-C ends it."""
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
        if not told:  # not before: a change made on reading this must be seen
            _say(f"Watching {', '.join(map(str, folders))}; Ctrl-C ends it")
            told = True
        if changes:
            start = time.perf_counter()
            gc.disable()  # what is made here is many small objects: collecting takes a fifth of the time
            act(sorted({Path(path) for _, path in changes}))
            _say(f"{(time.perf_counter() - start) * 1000:.0f} ms")
            gc.enable()
            gc.collect()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def follow_apps(project: Path, words: Sequence[str]) -> int:
    """Keep all apps' Python up to date, and the clients after it.

    words   of the command line, for `generate` itself. It reads endpoints, so it is a new process each time.
    """
    clients = [sys.executable, str(project / "manage.py"), "generate", *words]

    def act(changed: list[Path]) -> None:
        if any(is_model(path.name) for path in changed) and not write_models(project):
            return
        if "--models-only" not in words:
            subprocess.run(clients, cwd=project, check=False)  # it has said itself what is wrong

    subprocess.run(clients, cwd=project, check=False)
    return follow([project], lambda path: _is_source(path.relative_to(project)), act)


def _is_source(path: Path) -> bool:
    """Whether the clients or generated Python depend on a file of the project."""
    if SKIPPED_FOLDERS & set(path.parts) or path.name in GENERATED:
        return False
    return is_model(path.name) or path.suffix == ".py"


def write_models(project: Path) -> bool:
    """Model files to each app's Python; whether that could be done."""
    result = generate(project)
    tell(result.faults)
    for path in result.written:
        _say(f"{path.relative_to(project)} written")
    return not any(fault.severity == "error" for fault in result.faults)


def tell(faults: Sequence[Fault]) -> None:
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    sys.stderr.flush()
