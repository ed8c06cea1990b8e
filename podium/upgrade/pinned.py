"""Plan the change of a project that pins Podium: the pin, the constraints, and the files that startproject wrote."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

from podium.upgrade.target import PIN, pinned
from podium.upgrade.work import Work

CONSTRAINTS = "constraints.txt"
REQUIREMENTS = "requirements.txt"
TEMPLATE = Path("podium/dev/template/repository")
FILES = (
    "manage.py",
    "config/__init__.py",
    "config/asgi.py",
    "config/celery.py",
    "config/urls.py",
    "config/wsgi.py",
)
"""Files that may be different in a new version. The user's own settings are not among them."""
WHEEL = re.compile(r"(?:\./)?(podium-[^/\s\[]+\.whl)", re.I)


def plan(project: Path, old: Path, new: Path, pin: str, wheel: Path | None) -> Work:
    """Plan the change of a project.

    old, new   folders of the two versions of Podium
    pin        the new line of requirements.txt
    wheel      a file that the pin names
    """
    work = Work()
    requirements = project / REQUIREMENTS
    work.writes[REQUIREMENTS] = _with_pin(requirements.read_text(encoding="utf-8"), pin).encode()
    if (project / CONSTRAINTS).exists():
        _replace(project, CONSTRAINTS, old / "podium" / CONSTRAINTS, new / "podium" / CONSTRAINTS, work)
    if wheel:
        work.writes[wheel.name] = wheel.read_bytes()
    before = wheel_of(project)
    if before and before not in work.writes:
        work.removes.append(before)
    for path in FILES:
        _replace(project, path, old / TEMPLATE / path, new / TEMPLATE / path, work)
    work.writes = {
        path: content
        for path, content in work.writes.items()
        if not (project / path).exists() or (project / path).read_bytes() != content
    }
    return work


def wheel_of(project: Path) -> str:
    """The name of the wheel next to requirements.txt that the pin names, or ""."""
    named = WHEEL.match(pinned(project) or "")
    return named[1] if named and (project / named[1]).is_file() else ""


def new_requirements(pin: str, wheel: Path | None, new: Path) -> dict[str, bytes]:
    """The files that pin Podium and its packages, for a project that has none yet."""
    found = {
        REQUIREMENTS: f"{pin}\n-c {CONSTRAINTS}  # the versions that this Podium was tested with\n".encode(),
        CONSTRAINTS: (new / "podium" / CONSTRAINTS).read_bytes(),
    }
    return found | ({wheel.name: wheel.read_bytes()} if wheel else {})


def _with_pin(text: str, pin: str) -> str:
    """The text of requirements.txt with another pin; a comment after the old one stays."""
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        words = re.split(r"(?:^|(?<=\s))#", line)[0].strip()
        if PIN.match(words):
            lines[number] = line.replace(words, pin, 1)
            break
    return "".join(lines)


def _replace(project: Path, path: str, old: Path, new: Path, work: Work) -> None:
    """Replace a file that the user did not change. A changed file stays, and the difference is reported."""
    place = project / path
    if not new.exists() or not old.exists() or old.read_bytes() == new.read_bytes():
        return
    if not place.exists() or place.read_bytes() == new.read_bytes():
        return
    if place.read_bytes() == old.read_bytes():
        work.writes[path] = new.read_bytes()
        return
    before, after = (file.read_text(encoding="utf-8").splitlines(keepends=True) for file in (old, new))
    diff = "".join(
        difflib.unified_diff(before, after, f"{path} of the old version", f"{path} of the new version")
    )
    work.notes.append(
        f"{path}: you changed it, and the new version writes it differently. Make this change too:\n{diff}"
    )
