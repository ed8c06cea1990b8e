"""The time of generation: whole commands on model files made for it. No peer, since Serverpod's needs Dart.

    python3 -m benchmarks.generation [--files 300] [--rounds 5] [--format json]

`whole` is a first run, `again` one with nothing changed, `watch` from a saved file to the written result.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
TARGETS = ["django", "dart", "typescript", "python", "sql"]
WATCHED = ["django", "dart", "typescript", "python"]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python3 -m benchmarks.generation", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--files", type=int, default=300, help="number of model files (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds; the median is reported (%(default)s)")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="podium-generation-") as folder:
        models = Path(folder, "models")
        write_models(models, options.files)
        seconds: dict[str, float] = {}
        for target in TARGETS:
            out = Path(folder, target)
            command = partial(_command, models, target, out)
            seconds[f"{target}/whole"] = _median(options.rounds, command, before=partial(_empty, out))
            seconds[f"{target}/again"] = _median(options.rounds, command)
            if target in WATCHED:
                seconds[f"{target}/watch"] = _watched(models, target, out, options.rounds)
            for name in [each for each in seconds if each.startswith(f"{target}/")]:
                sys.stderr.write(f"{name} {seconds[name]:.3f} s\n")
    if options.format == "json":
        sys.stdout.write(json.dumps({"files": options.files, "seconds": seconds}) + "\n")
        return
    for name, value in seconds.items():
        sys.stdout.write(f"{name:20} {value:6.3f} s\n")


def write_models(folder: Path, count: int) -> None:
    """Tables that refer to each other, value classes, enums and exceptions, in about a real project's proportions."""
    folder.mkdir()
    for number in range(count):
        (folder / f"model{number:04}.spy.yaml").write_text(_model(number, count), encoding="utf-8")


def _model(number: int, count: int) -> str:
    if number % 10 == 0:
        return f"### A state.\nenum: State{number}\nserialized: byName\nvalues: [open, closed, gone]\n"
    if number % 10 == 1:
        return f"exception: Problem{number}\nfields:\n  message: String\n  code: int, default=7\n"
    state = number - number % 10
    fields = (
        "  ### The first line.\n  name: String\n  size: int, default=0\n  share: double?\n  isNew: bool, default=true\n"
        f"  state: State{state}?\n  tags: List<String>\n  counts: Map<String, int>?\n"
        "  createdAt: DateTime, default=now\n  key: UuidValue?\n"
    )
    if number % 10 in (2, 3, 4):
        return f"### A value.\nclass: Value{number}\nfields:\n{fields}"
    other = number + 1 if number % 10 < 9 and number + 1 < count else number
    return (
        f"### A row.\nclass: Row{number}\ntable: row_{number}\nfields:\n{fields}"
        f"  parent: Row{other}?, relation(optional, onDelete=SetNull)\n"
        f"  value: Value{state + 2}?\n"
        f"indexes:\n  row_{number}_name_idx:\n    fields: name, createdAt\n"
    )


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _words(models: Path, target: str, out: Path) -> list[str]:
    manage = str(PROJECT / "manage.py")
    return [
        sys.executable,
        manage,
        "generate",
        "--models",
        str(models),
        "--target",
        target,
        "--out",
        str(out),
    ]


def _command(models: Path, target: str, out: Path) -> None:
    subprocess.run(_words(models, target, out), check=True, stdout=subprocess.DEVNULL)


def _median(rounds: int, act: Callable[[], None], before: Callable[[], None] = lambda: None) -> float:
    times = []
    for _ in range(rounds):
        before()
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def _watched(models: Path, target: str, out: Path, rounds: int) -> float:
    """Measure from saving one file to the new text on disk, while the command runs."""
    process = subprocess.Popen(
        [*_words(models, target, out), "--watch"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        while "Watching" not in process.stdout.readline():
            assert process.poll() is None, process.communicate()[1]
        return _median(rounds, partial(_save_and_wait, models, out))
    finally:
        process.terminate()
        process.wait(10)


def _save_and_wait(models: Path, out: Path) -> None:
    path = models / "model0005.spy.yaml"
    word = f"added{time.monotonic_ns()}"
    path.write_text(
        path.read_text("utf-8").replace("  name: String\n", f"  name: String\n  {word}: int?\n"), "utf-8"
    )
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if any(word in file.read_text("utf-8") for file in out.rglob("*") if _is_result(file)):
            return
        time.sleep(0.005)
    raise SystemExit(f"{path} was changed, and nothing was written to {out} in 30 seconds")


def _is_result(file: Path) -> bool:
    return file.name in ("protocol.py", "model0005.dart", "protocol.ts")


if __name__ == "__main__":
    main()
