"""The project's Python environment, .venv: created by the first command, updated when the pins change.

Standard library only: this runs before any package is installed. PODIUM_VENV=off disables it (containers).
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
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from podium.core.project import ROOT as PROJECT
from podium.dev.progress import Progress as Phases

SHIPPED = Path(__file__).resolve().parent.parent
"""The package podium, whose wheel has its requirements.txt and constraints.txt inside."""
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
PIP = "pip>=25.2,<27"  # since 25.1 it resumes interrupted downloads
FREE_BYTES_NEEDED = 600 * 1024 * 1024
NEED_TEST_PACKAGES = frozenset(["test"])
REQUIREMENTS, TEST_REQUIREMENTS, CONSTRAINTS = "requirements.txt", "requirements-dev.txt", "constraints.txt"
TEST_PACKAGES = "podium[test]"


@dataclass(frozen=True)
class Packages:
    """An installation: pip's arguments, and the files below the project's folder that they depend on."""

    name: str
    arguments: tuple[str, ...]
    files: tuple[str, ...]


def enter_environment(argv: Sequence[str]) -> None:
    """Continue in .venv, with the packages that the command needs; create or update it first.

    Replaces this process with .venv's Python. If that fails, exits with one line that says what to do.
    """
    if argv[1:2] == ["dev"] and Path(sys.prefix).resolve() != VENV.resolve():
        say("Podium starts ...")  # loading the packages takes a moment, and several seconds the first time
    if os.environ.get("PODIUM_VENV") == "off":
        return
    packages = needed(argv)
    if not is_ready(packages):
        with only_one_at_a_time():
            if not is_ready(packages):  # another command may have created it while this one waited
                make(packages)
    if Path(sys.prefix).resolve() != VENV.resolve():
        os.execv(PYTHON, [str(PYTHON), *argv])


def needed(argv: Sequence[str]) -> list[Packages]:
    """The packages that a command needs. `test` needs those of requirements-dev.txt, or without it podium[test]."""
    found = [_of_file(REQUIREMENTS)]
    if len(argv) > 1 and argv[1] in NEED_TEST_PACKAGES:
        found.append(_of_file(TEST_REQUIREMENTS) if (PROJECT / TEST_REQUIREMENTS).exists() else _of_extra())
    return found


def _of_file(file: str) -> Packages:
    return Packages(Path(file).stem, ("-r", str(PROJECT / file)), (file, CONSTRAINTS))


def _of_extra() -> Packages:
    pinned = ("-c", str(PROJECT / CONSTRAINTS)) if (PROJECT / CONSTRAINTS).exists() else ()
    return Packages("test", (TEST_PACKAGES, *pinned), (REQUIREMENTS, CONSTRAINTS))


def is_ready(packages: Sequence[Packages]) -> bool:
    """Test whether .venv works and holds these packages in the versions that the files pin."""
    return os.access(PYTHON, os.X_OK) and all(installed(each) == digest(each) for each in packages)


def installed(packages: Packages) -> str:
    """The digest of the files that packages were installed from; "" if they were not."""
    return stamp(packages).read_text() if stamp(packages).exists() else ""


def digest(packages: Packages) -> str:
    """A text that changes with the files that packages depend on, and with Podium's own constraints."""
    digest = hashlib.sha256()
    for file in (*(PROJECT / file for file in packages.files), SHIPPED / CONSTRAINTS):
        digest.update(file.read_bytes() if file.exists() else b"")
    return digest.hexdigest()


def stamp(packages: Packages) -> Path:
    return VENV / f".packages-{packages.name}"


def make(packages: Sequence[Packages]) -> None:
    """Make .venv and install packages. Packages that an interrupted run has fetched are not fetched again."""
    check_disk()
    started = time.monotonic()
    if not environment_works():
        say(f"Making Podium's environment in {VENV} (once; about a minute with a fast connection)")
        with Phases(say) as phases:
            phases.phase("Making .venv")
            create()
    if not list(VENV.glob(".packages-*")):
        pip_install([PIP], total=1)
    for each in packages:
        if installed(each) != digest(each):
            pip_install(each.arguments, total=count_pins())
            stamp(each).write_text(digest(each))
    say(f"Environment ready in {time.monotonic() - started:.0f} s")


def environment_works() -> bool:
    """Test whether .venv has a Python that starts, of the version that is running, and pip."""
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


def pip_command(arguments: Sequence[str]) -> list[str]:
    """Return the command line of pip. Python compiles modules at import; to compile all of them here takes long.

    With PYTHONDONTWRITEBYTECODE, which containers often set, each process would compile them again at import.
    """
    compiling = "--compile" if sys.dont_write_bytecode else "--no-compile"
    quiet = ("--no-input", "--disable-pip-version-check", "--retries", "2")
    return [str(PYTHON), "-m", "pip", "install", compiling, *quiet, *arguments]


def pip_install(arguments: Sequence[str], *, total: int) -> None:
    """Run pip, showing one line of progress; its whole output goes to .podium/install.log."""
    log = PROJECT / ".podium" / "install.log"
    log.parent.mkdir(exist_ok=True)
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    progress = Progress(total)
    with (
        log.open("a") as copy,
        subprocess.Popen(
            pip_command(arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
            cwd=PROJECT,  # pip looks for a wheel next to requirements.txt here
        ) as pip,
        Phases(progress.repeat) as phases,
    ):
        phases.phase("Installing packages")
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
        self.text = ""

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
        self.text = text
        if self.terminal:
            sys.stderr.write(f"\r\033[K{text[:100]}")
            sys.stderr.flush()
            self.written = True
        elif last or (self.count % 10 == 1 and "," not in what):
            say(text)

    def repeat(self, line: str) -> None:
        """Show that the work continues, and for how long it has run."""
        if self.terminal:
            seconds = line.rpartition(": ")[2]
            sys.stderr.write(f"\r\033[K{self.text[:90]}  {seconds if seconds != line else ''}")
            sys.stderr.flush()
            self.written = True
        else:
            say(line)

    def end(self) -> None:
        if self.written:
            sys.stderr.write("\n")


def count_pins() -> int:
    """The number of packages that Podium needs: those of its requirements.txt, which the wheel has too."""
    shipped = SHIPPED / REQUIREMENTS
    text = (shipped if shipped.exists() else PROJECT / REQUIREMENTS).read_text()
    return len(re.findall(r"^[\w.-]+(?:\[.*\])?==", text, re.MULTILINE))


def explain(output: str, log: Path) -> str:
    """One line for a failure of pip that is not the project's fault."""
    if "No space left on device" in output:
        return f"The disk is full. Make room (about {FREE_BYTES_NEEDED // 1024**2} MB) and run the same command again."
    if re.search(
        "NewConnectionError|NameResolution|Timeout|ProxyError|Connection broken|Network is unreachable",
        output,
    ):
        return (
            "The package index could not be reached. Check the network (or pip's index and proxy settings) "
            "and run the same command again; downloads are kept."
        )
    errors = re.findall(r"^ERROR: (.+?)\s*$", output, re.MULTILINE)
    reason = f": {errors[-1].rstrip('.')}. The whole output" if errors else "; its output"
    return f"pip could not install the packages{reason} is in {log}. Fix this and run the same command again."


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
