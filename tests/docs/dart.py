"""The Dart of the pages, compiled: each block is a library, all of them are one program, which is never run.

A block below a file's name is a whole file, and files of one page import each other. Other blocks are put into a
function if they can be its body. They see the names of the page's preamble, `preambles/<page>.dart`; a block without
imports on a page without a preamble sees those of `preambles/any_page.dart`. The lines of a library keep their numbers
of the page.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.dart import packages, vm
from tests.docs import blocks
from tests.docs.blocks import Block
from tests.docs.pages import PROJECT
from tests.docs.preambles import PREAMBLES

STAND_INS = Path(__file__).parent / "dart_stand_ins"
BEGIN, END = "Future<void> block() async {", "\n}\n"
ERROR = re.compile(r"^(\S+\.dart):(\d+):\d+: Error: (.*)$", re.MULTILINE)


@dataclass
class Program:
    """Libraries in a folder, and the pages that they are of."""

    folder: Path
    pages: dict[str, str] = field(default_factory=dict)
    """The name of a library's file, from the folder -> its page, from the project's folder."""

    def add(self, name: str, page: Path, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        self.pages[name] = str(page.relative_to(PROJECT))


def faults(pages: Iterable[Path], clients: Mapping[str, Path], folder: Path) -> list[str]:
    """Compile the blocks of the pages; return the errors: `page:line: message`.

    clients  generated packages and those that they import, by name
    folder   an empty one
    """
    program = Program(folder)
    shutil.copytree(
        PREAMBLES, folder / "preambles", ignore=shutil.ignore_patterns("*.ts", "*.py", "__pycache__")
    )
    for number, page in enumerate(pages):
        _add(page, f"page{number}", program)
    imports = "".join(f"import '{name}' as l{number};\n" for number, name in enumerate(program.pages))
    (folder / "main.dart").write_text(f"{imports}\nvoid main() {{}}\n")
    known = packages.given() | packages.found([STAND_INS]) | dict(clients)
    packages.write(known, folder / "packages.json")
    found = [f"{program.pages.get(name, name)}:{line}: {message}" for name, line, message in _compile(folder)]
    return [*dict.fromkeys(found)]  # a file of two versions is compiled twice


def _compile(folder: Path) -> list[tuple[str, str, str]]:
    """Compile main.dart; return the errors: file, line, message."""
    options = ["--packages=packages.json", "--snapshot-kind=kernel", "--snapshot=main.dill"]
    done = subprocess.run(
        [*vm.for_tests(), *options, "main.dart"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=vm.RUN_SECONDS,
        check=False,
    )
    said = done.stdout + done.stderr
    found = ERROR.findall(said)
    assert bool(found) == bool(done.returncode), said
    return found


def _add(page: Path, folder: str, program: Program) -> None:
    """Write the libraries of a page.

    If the page has a file again, the files so far are one version of the app, and the next has the new file instead.
    """
    files: dict[str, str] = {}
    versions = 0
    for block in blocks.blocks(page):
        if block.language != "dart" or block.fragment:
            continue
        if not block.file.endswith(".dart"):
            program.add(f"{folder}/line{block.line}.dart", page, library(block, "../preambles"))
            continue
        name = Path(block.file).name
        if name in files:
            versions += 1
            _write(files, f"{folder}/version{versions}", page, program)
        files[name] = "\n" * block.line + block.text
    if files:
        _write(files, f"{folder}/last_version", page, program)


def _write(files: Mapping[str, str], folder: str, page: Path, program: Program) -> None:
    for name, text in files.items():
        program.add(f"{folder}/{name}", page, text)


def library(block: Block, preambles: str) -> str:
    """The source of a block that is not a whole file. preambles: the address of their folder."""
    code = block.text
    begin = max((found.end() for found in blocks.DART_IMPORT.finditer(code)), default=0)
    if blocks.is_dart_body(blocks.DART_IMPORT.sub("", code)):
        code = f"{code[:begin]}{BEGIN}{code[begin:]}{END}"
    own = block.page.relative_to(PROJECT).with_suffix(".dart")
    if (PREAMBLES / own).exists():
        head = f"import '{preambles}/{own}';"
    else:
        head = "" if begin else f"import '{preambles}/any_page.dart';"
    return head + "\n" * block.line + code
