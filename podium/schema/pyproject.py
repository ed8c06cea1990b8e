"""The declarations in a project's pyproject.toml, below [tool.podium]. Other modules interpret the tables."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from podium.schema import rules
from podium.schema.definitions import Fault, Position

FILE = "pyproject.toml"
NAME = "name"
"""The key of the clients' name; the other keys are tables."""
MODULES, MODELS, EXTRA_CLASSES = "modules", "models", "extra-classes"
KEYS = (NAME, MODULES, MODELS, EXTRA_CLASSES)


@dataclass(frozen=True, slots=True)
class Pyproject:
    """The file's declarations below [tool.podium].

    file         its path in faults
    prefix       of the tables' names in the file
    name         [project] name
    client_name  [tool.podium] name, if the clients' name differs
    """

    text: str = ""
    podium: dict[str, Any] = field(default_factory=dict)
    file: str = FILE
    prefix: str = "tool.podium."
    name: str = ""
    client_name: str = ""

    def table(self, name: str) -> dict[str, Any]:
        """[tool.podium.<name>]; {} if it is missing."""
        found = self.podium.get(name, {})
        return found if isinstance(found, dict) else {}

    def fault(self, table: str, key: str, message: str) -> Fault:
        """A fault in a key of a table, with its line number."""
        section = f"{self.prefix}{table}"
        return Fault(Position(self.file, self._line(section, key), 1), f"[{section}] {key} {message}".strip())

    def key_faults(self, keys: Collection[str]) -> list[Fault]:
        """The faults of the keys themselves: unknown ones, and those of the wrong type."""
        section = self.prefix.removesuffix(".")
        where = f"[{section}] " if section else ""
        faults = []
        for key, value in self.podium.items():
            if key not in keys:
                hint = rules.near(key, keys) or f"; the valid keys are {rules.listed(keys)}"
                message = f"is not a valid key{hint}"
            elif not isinstance(value, str if key == NAME else dict):
                message = f"is not a {'string' if key == NAME else 'table'}"
            else:
                continue
            faults.append(Fault(Position(self.file, self._line(section, key), 1), f"{where}{key} {message}"))
        return faults

    def _line(self, section: str, key: str) -> int:
        """The line of a key in a section; that of the section if the key has none; 1 without either."""
        full = f"{section}.{key}" if section else key
        inside = not section
        head = 1
        for number, line in enumerate(self.text.splitlines(), start=1):
            if line.strip().startswith("["):
                title = line.strip().strip("[").partition("]")[0].strip()
                if f"{title}.".startswith(f"{full}."):
                    return number
                inside = title == section
                head = number if inside else head
            if inside and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]""", line):
                return number
        return head


def read(root: Path) -> tuple[Pyproject, list[Fault]]:
    """Read the file in a project's folder. A missing file declares nothing."""
    return read_file(root / FILE, FILE, below=("tool", "podium"), keys=KEYS)


def read_file(
    path: Path, shown: str, *, below: Sequence[str], keys: Collection[str]
) -> tuple[Pyproject, list[Fault]]:
    """Read a file's declarations. A missing file declares nothing.

    shown   the file's path in faults
    below   the tables that the declarations are in
    keys    those that the file may have
    """
    prefix = "".join(f"{each}." for each in below)
    if not path.is_file():
        return Pyproject(file=shown, prefix=prefix), []
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        line = re.search(r"at line (\d+)", str(error))
        position = Position(shown, int(line[1]) if line else 1, 1)
        return Pyproject(file=shown, prefix=prefix), [Fault(position, f"this is not valid TOML: {error}")]
    found: Any = content
    for each in below:
        found = found.get(each, {})
        if not isinstance(found, dict):
            return Pyproject(file=shown, prefix=prefix), [
                Fault(Position(shown, 1, 1), f"{each} is not a table")
            ]
    name = content.get("project", {}).get("name", "")
    read = Pyproject(text, found, shown, prefix, str(name), str(found.get(NAME) or ""))
    return read, read.key_faults(keys)


def project_name(root: Path) -> str:
    """[project] name in a project's pyproject.toml, else the name of its folder."""
    return read(root)[0].name or root.resolve().name
