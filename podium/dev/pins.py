"""The line of requirements.txt that pins Podium: a wheel next to it, a git address, or a version of an index."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from podium.core.project import PACKAGES
from podium.dev import template

DISTRIBUTION = "podium"
VERSION = re.compile(r"\d+(\.\d+)*([a-z0-9.+-]*)")
REQUIREMENT = re.compile(rf"{DISTRIBUTION}(\[[\w,-]+\])?\s*(==|~=|>=|@).+")
FORMS = "Write a wheel's path, a git address (git+https://github.com/you/podium@v0.2.0) or a version (0.2.0)."


class PinError(Exception):
    """The pin can't be determined. The text has the fault and the correction."""


def pin(given: str, folder: Path) -> str:
    """The line for the value of `--podium`; "" means the origin of the running Podium.

    folder   the project; a wheel is copied there

    Raises PinError.
    """
    given = given.strip() or origin()
    if given.startswith("git+"):
        return f"{DISTRIBUTION} @ {given}"
    if urlsplit(given).scheme in ("http", "https"):
        return f"{DISTRIBUTION} @ {given}"
    if VERSION.fullmatch(given):
        return f"{DISTRIBUTION}=={given}"
    if REQUIREMENT.fullmatch(given):
        return given
    path = Path(given).expanduser()
    if path.is_dir() and (path / "pyproject.toml").is_file():
        return _built(path, folder)
    if path.suffix == ".whl":
        return _copied(path, folder)
    raise PinError(f"--podium {given} can't be pinned. {FORMS}")


def origin() -> str:
    """Return the origin of the running Podium, in a form that `--podium` takes. Raises PinError."""
    if is_checkout(PACKAGES):
        return str(PACKAGES)
    try:
        installed = metadata.distribution(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        raise PinError(
            f"This Podium was not installed by pip. Give its origin: --podium PIN. {FORMS}"
        ) from None
    source = json.loads(installed.read_text("direct_url.json") or "{}")
    if not source:
        return installed.version
    if version_control := source.get("vcs_info"):
        return f"{version_control['vcs']}+{source['url']}@{version_control['commit_id']}"
    parts = urlsplit(source["url"])
    if parts.scheme != "file":
        return str(source["url"])
    path = url2pathname(parts.path)
    if not Path(path).exists():
        raise PinError(
            f"Podium was installed from {path}, which no longer exists. Give its origin: --podium PIN. {FORMS}"
        )
    return path


def is_checkout(folder: Path) -> bool:
    """Test whether this is a copy of Podium's repository."""
    return (folder / "podium").is_dir() and (folder / "manage.py").is_file() and not template.CARRIED.is_dir()


def _copied(wheel: Path, folder: Path) -> str:
    if not wheel.is_file():
        raise PinError(f"--podium {wheel}: no such file. {FORMS}")
    if not wheel.name.startswith(f"{DISTRIBUTION}-"):
        raise PinError(f"--podium {wheel} is not a wheel of Podium: its name starts with {DISTRIBUTION}-")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(wheel, folder / wheel.name)
    return f"./{wheel.name}"


def _built(checkout: Path, folder: Path) -> str:
    """Build a wheel of a checkout and place it in the project."""
    with tempfile.TemporaryDirectory() as made:
        command = [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "--quiet",
            "--no-deps",
            "--disable-pip-version-check",
        ]
        answer = subprocess.run(
            [*command, "--wheel-dir", made, str(checkout)], capture_output=True, text=True, check=False
        )
        wheels = list(Path(made).glob("*.whl"))
        if answer.returncode or len(wheels) != 1:
            last = "\n".join((answer.stderr or answer.stdout).strip().splitlines()[-5:])
            raise PinError(
                f"pip could not build a wheel of {checkout}:\n{last}\nGive another origin: --podium PIN. {FORMS}"
            )
        return _copied(wheels[0], folder)
