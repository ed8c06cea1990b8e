"""Sizes of the Python code at revisions: python3 -m tests.style.sizes ab6d272 HEAD. Prints a Markdown table.

Without a revision it measures HEAD. `--list` names the long files and functions of the last one.

Generated modules (`protocol.py`, `protocol_types.py`, `clients/`) and migrations are left out.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from tests.docs.pages import PROJECT

LEFT_OUT = re.compile(r"(^|/)(clients|migrations)/|(^|/)protocol(_types)?\.py$")
TESTS = re.compile(r"(^|/)(tests|benchmarks)/")
LONG_FILE, LONG_FUNCTION = 400, 40
RUN = 6
"""Lines: a shorter run that occurs twice is not counted."""
THIN = re.compile(r"\W*|#.*|(from [\w.]+ )?import .*|@\w+")
"""Lines that runs pass over: blank, brackets, comments, imports, plain decorators."""

Files = Mapping[str, str]


@dataclass(frozen=True)
class Sizes:
    """The measures of some modules. Long files and functions by their names."""

    modules: int
    lines: int
    median_module: float
    median_function: float
    long_files: list[str]
    long_functions: list[str]
    twice: int

    def cells(self) -> list[str]:
        numbers = [self.modules, self.lines, self.median_module, self.median_function]
        return [f"{each:,g}" if each < 1e5 else f"{each:,.0f}" for each in numbers] + [
            str(len(self.long_files)),
            str(len(self.long_functions)),
            f"{self.twice:,}",
        ]


MEASURES = (
    "modules that are not empty",
    "lines",
    "lines of a module, median",
    "lines of a function, median",
    f"files over {LONG_FILE} lines",
    f"functions over {LONG_FUNCTION} lines",
    f"lines in runs of {RUN} or more that occur twice",
)


def measure(files: Files) -> Sizes:
    """Measure modules: path -> text."""
    lengths = {path: len(text.splitlines()) for path, text in files.items()}
    filled = [length for length in lengths.values() if length]
    functions = {name: length for path, text in files.items() for name, length in _functions(path, text)}
    return Sizes(
        modules=len(filled),
        lines=sum(filled),
        median_module=median(filled),
        median_function=median(functions.values()),
        long_files=[path for path, length in lengths.items() if length > LONG_FILE],
        long_functions=[name for name, length in functions.items() if length > LONG_FUNCTION],
        twice=twice(files),
    )


def _functions(path: str, text: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{path}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def twice(files: Files) -> int:
    """Count the lines that are in a run of RUN lines or more that occurs in another place, too."""
    solid = [
        [line for each in text.splitlines() if not THIN.fullmatch(line := each.strip())]
        for text in files.values()
    ]
    runs = Counter(run for lines in solid for run in _runs(lines))
    found = 0
    for lines in solid:
        starts = [number for number, run in enumerate(_runs(lines)) if runs[run] > 1]
        found += len({number + offset for number in starts for offset in range(RUN)})
    return found


def _runs(lines: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(lines[number : number + RUN]) for number in range(len(lines) - RUN + 1))


def read(revision: str) -> Files:
    """The modules of a revision that are written by hand."""
    command = ["git", "archive", "--format=tar", revision]
    archive = subprocess.run(command, cwd=PROJECT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return {
            member.name: file.read().decode()
            for member in tar
            if member.name.endswith(".py") and not LEFT_OUT.search(member.name)
            if (file := tar.extractfile(member)) is not None
        }


def split(files: Files) -> tuple[Files, Files]:
    """The code, and its tests with the benchmarks."""
    tests = {path for path in files if TESTS.search(path)}
    return {path: files[path] for path in files if path not in tests}, {path: files[path] for path in tests}


def table(revisions: Sequence[str], measured: Sequence[tuple[Sizes, Sizes]]) -> str:
    """The Markdown table: a row for each measure, a column for the code and the tests of each revision."""
    heads = [f"{part}, {revision}" for part in ("code", "tests") for revision in revisions]
    columns = [each[part].cells() for part in (0, 1) for each in measured]
    rows = zip(MEASURES, *columns, strict=True)
    lines = [["measure", *heads], ["---", *["---:"] * len(heads)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="python3 -m tests.style.sizes", description="Sizes of the Python code."
    )
    parser.add_argument("revisions", nargs="*", default=["HEAD"], help="of git (default HEAD)")
    parser.add_argument(
        "--list", action="store_true", help="name the long files and functions of the last one"
    )
    options = parser.parse_args(argv)
    parts = [split(read(each)) for each in options.revisions]
    measured = [(measure(code), measure(tests)) for code, tests in parts]
    sys.stdout.write(table(options.revisions, measured))
    for sizes in measured[-1] if options.list else ():
        sys.stdout.writelines(f"{name}\n" for name in (*sizes.long_files, *sizes.long_functions))


if __name__ == "__main__":
    main(sys.argv[1:])
