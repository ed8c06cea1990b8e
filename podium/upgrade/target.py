"""The Podium to upgrade to: fetched as a wheel, unpacked below `.podium/upgrade/`, and the line that pins it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from podium.dev import pins
from podium.upgrade import versions

PIN = re.compile(
    r"podium *(\[[^]]*\] *)?([=<>~!@;]|$)|\S*\bpodium-\S+\.(whl|tar\.gz)|git\+.*#egg=podium\b", re.I
)
"""The same as in manage.py."""
EXTRAS = re.compile(r"(?:^podium *|\.whl)(\[[^]]*\])", re.I)
NO_TARGET = (
    "requirements.txt pins Podium by {pin}. Name the version to upgrade to: "
    "podium upgrade ./podium-X.Y.Z-py3-none-any.whl, or a git address git+https://...@vX.Y.Z, or a version of an index"
)

HASHED = (
    "requirements.txt pins Podium with --hash, and the upgrade can't know the hashes that you trust. Change the line "
    "and its hashes yourself, then run: python3 manage.py generate, and: python3 manage.py check"
)


class UpgradeError(Exception):
    """The upgrade was refused or failed. The message has the reason and the solution. Nothing is changed."""


@dataclass(frozen=True, slots=True)
class Podium:
    """One version: its number, and the folder that holds its packages."""

    version: str
    root: Path


@dataclass(frozen=True, slots=True)
class Target:
    """The Podium to upgrade to.

    pin     the line of requirements.txt
    wheel   a file to place next to requirements.txt, if the pin names it
    """

    podium: Podium
    pin: str
    wheel: Path | None


def pinned(project: Path) -> str | None:
    """The line of requirements.txt that pins Podium, with its continuation lines."""
    file = project / "requirements.txt"
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    lines = re.sub(r"\s*\\\n\s*", " ", text).splitlines()
    stripped = (re.split(r"(?:^|\s)#", line)[0].strip() for line in lines)
    return next((line for line in stripped if PIN.match(line)), None)


def python_of(project: Path) -> Path:
    """The Python whose packages the project uses."""
    own = project / ".venv" / "bin" / "python"
    return own if own.exists() and os.environ.get("PODIUM_VENV") != "off" else Path(sys.executable)


def installed(project: Path) -> Podium:
    """The Podium that the project runs on now. Raises UpgradeError."""
    probe = "import podium, pathlib; print(podium.__version__); print(pathlib.Path(podium.__file__).parent.parent)"
    path = os.environ.get("PYTHONPATH") if os.environ.get("PODIUM_VENV") == "off" else None
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"PYTHONPATH": path} if path else {}
    answer = subprocess.run(
        [python_of(project), "-c", probe],
        capture_output=True,
        text=True,
        env=environment,
        cwd=project / "config",
        check=False,
    )
    if answer.returncode:
        raise UpgradeError(
            f"Podium is not installed in {project}. Install what requirements.txt pins: python3 manage.py version"
        )
    version, root = answer.stdout.splitlines()
    return Podium(version, Path(root))


def find(given: str, project: Path, staging: Path) -> Target:
    """Fetch the version that the user named; "" for the newest version of the index. Raises UpgradeError."""
    old = pinned(project)
    if old and re.search(r"\s--hash\b", old):
        raise UpgradeError(HASHED)
    if not given and old and not re.match(r"podium *(\[[^]]*\])? *[=~<>!]", old, re.I):
        raise UpgradeError(NO_TARGET.format(pin=old))
    shutil.rmtree(staging, ignore_errors=True)
    wheels = staging / "wheel"
    wheels.mkdir(parents=True)
    try:
        pin = pins.pin(given, wheels) if given else "podium"  # copies or builds a wheel that is a file
    except pins.PinError as error:
        raise UpgradeError(str(error).replace("--podium ", "")) from None
    made = next(wheels.glob("*.whl"), None)
    by_file = made is not None
    wheel = made or _download(pin, project, wheels)
    podium = _unpack(wheel, staging / "new")
    if not given:
        pin = f"podium=={podium.version}"
    return Target(podium, _with_extras(pin, old), wheel if by_file else None)


def _with_extras(pin: str, old: str | None) -> str:
    """The new pin with the extras of the old one: podium[s3]==0.2.0."""
    extras = EXTRAS.search(old or "")
    if extras is None or "[" in pin:
        return pin
    return f"{pin}{extras[1]}" if pin.endswith(".whl") else re.sub(r"^podium", f"podium{extras[1]}", pin)


def _download(pin: str, project: Path, folder: Path) -> Path:
    command = [str(python_of(project)), "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-input"]
    command += ["--disable-pip-version-check", "--wheel-dir", str(folder), pin]
    answer = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    made = next(folder.glob("podium-*.whl"), None)
    if answer.returncode or made is None:
        last = "\n".join((answer.stderr or answer.stdout).strip().splitlines()[-5:])
        raise UpgradeError(
            f"pip could not fetch {pin}:\n{last}\nCheck the version or address, and the network."
        )
    return made


def _unpack(wheel: Path, folder: Path) -> Podium:
    shutil.rmtree(folder, ignore_errors=True)
    try:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)  # refuses names outside of the folder
    except zipfile.BadZipFile:
        raise UpgradeError(
            f"{wheel.name} is not a valid wheel: it can't be unpacked. Download or build it again."
        ) from None
    info = next(folder.glob("podium-*.dist-info/METADATA"), None)
    text = info.read_text(encoding="utf-8") if info else ""
    match = re.search(r"^Version: (.+)$", text, re.MULTILINE)
    if match is None or versions.VERSION.fullmatch(match[1]) is None:
        raise UpgradeError(f"{wheel.name} is not a wheel of Podium: its metadata has no version.")
    if not (folder / "podium" / "upgrade" / "steps.py").exists():
        raise UpgradeError(
            f"{wheel.name} is older than 0.2.0, the first version that `podium upgrade` supports."
        )
    return Podium(match[1], folder)
