"""The declarations in a project's pyproject.toml, below [tool.podium]. Other modules interpret the tables."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from podium.schema.definitions import Fault, Position

FILE = "pyproject.toml"
NAME = "name"
"""The key of the clients' name; the other keys are tables."""


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
        return Fault(
            Position(self.file, self._line(table, key), 1), f"[{self.prefix}{table}] {key} {message}".strip()
        )

    def _line(self, table: str, key: str) -> int:
        inside = False
        head = 1
        for number, line in enumerate(self.text.splitlines(), start=1):
            if line.strip().startswith("["):
                inside = line.strip().startswith((f"[{self.prefix}{table}]", f"[{self.prefix}{table}.{key}]"))
                head = number if inside else head
            if inside and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]""", line):
                return number
        return head


def read(root: Path) -> tuple[Pyproject, list[Fault]]:
    """Read the file in a project's folder. A missing file declares nothing."""
    return read_file(root / FILE, FILE, below=("tool", "podium"))


def read_file(path: Path, shown: str, *, below: Sequence[str]) -> tuple[Pyproject, list[Fault]]:
    """Read a file's declarations. A missing file declares nothing.

    shown   the file's path in faults
    below   the tables that the declarations are in
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
    name = content.get("project", {}).get("name", "")
    return Pyproject(text, found, shown, prefix, str(name), str(found.get(NAME, ""))), []


def project_name(root: Path) -> str:
    """[project] name in a project's pyproject.toml, else the name of its folder."""
    return read(root)[0].name or root.resolve().name
