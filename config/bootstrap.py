"""The project's own Python environment, .venv: made at the first command, brought up to date when the pins change.

Standard library only: this runs before any package is there. PODIUM_VENV=off leaves it all to you (containers).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
PIP = "pip>=25.2,<27"  # from 25.1 on it resumes a download that broke off
FREE_BYTES_NEEDED = 600 * 1024 * 1024
NEED_TEST_PACKAGES = frozenset(["test"])


def enter_environment(argv: Sequence[str]) -> None:
    """Go on in .venv with everything in it that the command needs; make it first where it is missing.

    Replaces this process by one that runs .venv's Python. Exits with one line that says what to do where it can't.
    """
    if os.environ.get("PODIUM_VENV") == "off":
        return
    files = ["requirements.txt"]
    if len(argv) > 1 and argv[1] in NEED_TEST_PACKAGES:
        files.append("requirements-dev.txt")
    if not is_ready(files):
        with only_one_at_a_time():
            if not is_ready(files):  # another command may have made it while this one waited
                make(files)
    if Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(PYTHON, [str(PYTHON), *argv])


def is_ready(files: Sequence[str]) -> bool:
    """Whether .venv works and holds what these requirement files pin."""
    return PYTHON.exists() and all(stamp(file).exists() for file in files)


def stamp(file: str) -> Path:
    """The mark that a requirement file is installed; another name as soon as the file changes."""
    digest = hashlib.sha256((PROJECT / file).read_bytes()).hexdigest()[:16]
    return VENV / f".installed-{Path(file).stem}-{digest}"


def make(files: Sequence[str]) -> None:
    """Make .venv and install the files' packages. What a broken-off run had fetched is not fetched again."""
    check_disk()
    started = time.monotonic()
    if not environment_works():
        say(f"Making Podium's environment in {VENV} (once; about a minute with a fast connection)")
        create()
        pip_install([PIP], total=1)
    for file in files:
        if not stamp(file).exists():
            pip_install(["-r", str(PROJECT / file)], total=count_pins(file))
            stamp(file).touch()
    say(f"Environment ready in {time.monotonic() - started:.0f} s")


def environment_works() -> bool:
    """Whether .venv has a Python that starts, of the version that is running, and pip."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    probe = "import pip, sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([PYTHON, "-c", probe], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.strip() == version


def create() -> None:
    try:
        venv.EnvBuilder(clear=True, with_pip=True, symlinks=True).create(VENV)
    except OSError as error:
        fail(f"Could not make {VENV}: {error.strerror or error}. Is the folder writable, has the disk room?")
    except subprocess.CalledProcessError:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        fail(f"This Python has no working venv. On Debian and Ubuntu: apt install python{version}-venv")


def pip_install(arguments: Sequence[str], *, total: int) -> None:
    """Run pip, showing one line of progress; its whole output goes to .podium/install.log."""
    log = PROJECT / ".podium" / "install.log"
    log.parent.mkdir(exist_ok=True)
    command = [
        str(PYTHON),
        "-m",
        "pip",
        "install",
        "--no-input",
        "--disable-pip-version-check",
        "--retries",
        "2",
    ]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    progress = Progress(total)
    with (
        log.open("a") as copy,
        subprocess.Popen(
            [*command, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
        ) as pip,
    ):
        lines: list[str] = []
        for line in pip.stdout or ():
            copy.write(line)
            lines.append(line)
            progress.read(line)
        progress.end()
    if pip.returncode:
        fail(explain("".join(lines), log))


class Progress:
    """One line that says which package is being fetched; on a terminal it stays one line."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.count = 0
        self.terminal = sys.stderr.isatty()
        self.written = False

    def read(self, line: str) -> None:
        """Take one line of pip's output."""
        if match := re.match(r"Collecting ([\w.-]+)", line):
            self.count += 1
            self.show(match[1])
        elif match := re.match(r"\s+Downloading (\S+?)-\d\S* \((.+)\)", line):
            self.show(f"{match[1]}, {match[2]}")
        elif line.startswith("Installing collected packages"):
            self.show("installing", last=True)

    def show(self, what: str, *, last: bool = False) -> None:
        text = f"  packages: {min(self.count, self.total)} of {self.total}  {what}"
        if self.terminal:
            sys.stderr.write(f"\r\033[K{text[:100]}")
            sys.stderr.flush()
            self.written = True
        elif last or (self.count % 10 == 1 and "," not in what):
            say(text)

    def end(self) -> None:
        if self.written:
            sys.stderr.write("\n")


def count_pins(file: str) -> int:
    return len(re.findall(r"^[\w.-]+(?:\[.*\])?==", (PROJECT / file).read_text(), re.MULTILINE))


def explain(output: str, log: Path) -> str:
    """One line for the ways in which pip fails that are not the project's fault."""
    if "No space left on device" in output:
        return f"The disk is full. Make room (about {FREE_BYTES_NEEDED // 1024**2} MB) and run the same command again."
    if re.search(
        "NewConnectionError|NameResolution|Timeout|ProxyError|Connection broken|Network is unreachable",
        output,
    ):
        return (
            "The package index could not be reached. Check the network (or pip's index and proxy settings) "
            "and run the same command again; what has arrived is kept."
        )
    return f"pip could not install the packages; what it said is in {log}. Mend that and run the same command again."


def check_disk() -> None:
    free = shutil.disk_usage(PROJECT).free
    if free < FREE_BYTES_NEEDED:
        fail(
            f"Podium needs {FREE_BYTES_NEEDED // 1024**2} MB of disk for its packages, and {PROJECT} has "
            f"{free // 1024**2} MB free. Make room and run the same command again."
        )


@contextmanager
def only_one_at_a_time() -> Iterator[None]:
    folder = PROJECT / ".podium"
    try:
        folder.mkdir(exist_ok=True)
        lock = (folder / "install.lock").open("w")
    except OSError as error:
        fail(
            f"Could not write in {PROJECT}: {error.strerror or error}. Podium keeps its environment and data there."
        )
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def fail(line: str) -> NoReturn:
    say(line)
    raise SystemExit(1)
