"""The TypeScript of the pages, compiled: each block is a module, those of a page are one program, which is never run.

A block sees the names of the page's preamble, `preambles/<page>.d.ts`. The lines of a module keep their numbers of the
page.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tests.docs import blocks
from tests.docs.pages import PROJECT
from tests.docs.preambles import PREAMBLES

OPTIONS = {
    "noEmit": True,
    "strict": True,
    "target": "ES2022",
    "lib": ["ES2022", "DOM", "DOM.AsyncIterable"],
    "types": [],
    "module": "ESNext",
    "moduleResolution": "bundler",
    "moduleDetection": "force",
}
ERROR = re.compile(r"^(\S+)\((\d+),\d+\): error (.*)$", re.MULTILINE)
SECONDS = 120


def faults(
    compiler: Sequence[str], pages: Iterable[Path], clients: Mapping[str, Path], folder: Path
) -> list[str]:
    """Compile the blocks of the pages; return the errors: `page:line: message`.

    clients  the folders of npm packages by name
    folder   an empty one
    """
    found = []
    for number, page in enumerate(pages):
        program = folder / str(number)
        if modules := _write(page, clients, program):
            found += _compile(compiler, program, dict.fromkeys(modules, str(page.relative_to(PROJECT))))
    return found


def _write(page: Path, clients: Mapping[str, Path], program: Path) -> list[str]:
    """Write the program of a page; return the names of its modules."""
    modules = {
        f"line{block.line}.ts": "\n" * block.line + block.text
        for block in blocks.blocks(page)
        if block.language == "typescript" and not block.fragment
    }
    if not modules:
        return []
    program.mkdir()
    for name, text in modules.items():
        (program / name).write_text(text, "utf-8")
    preamble = PREAMBLES / page.relative_to(PROJECT).with_suffix(".d.ts")
    if preamble.exists():
        shutil.copy(preamble, program / "preamble.d.ts")
    paths = {name: [str(client / "dist" / "index.d.ts")] for name, client in clients.items()}
    configuration = {"compilerOptions": OPTIONS | {"paths": paths}, "include": ["*.ts"]}
    (program / "tsconfig.json").write_text(json.dumps(configuration), "utf-8")
    return list(modules)


def _compile(compiler: Sequence[str], program: Path, pages: Mapping[str, str]) -> list[str]:
    done = subprocess.run(
        [*compiler, "-p", ".", "--pretty", "false"],
        cwd=program,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    said = done.stdout + done.stderr
    found = [f"{pages.get(name, name)}:{line}: {message}" for name, line, message in ERROR.findall(said)]
    assert bool(found) == bool(done.returncode), said
    return found
