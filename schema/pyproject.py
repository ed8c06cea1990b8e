"""What a project declares in its pyproject.toml, below [tool.podium]. The tables mean something elsewhere."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from schema.definitions import Fault, Position

FILE = "pyproject.toml"


@dataclass(frozen=True, slots=True)
class Pyproject:
    """The file, and what of it is below [tool.podium]."""

    text: str = ""
    podium: dict[str, Any] = field(default_factory=dict)

    def table(self, name: str) -> dict[str, Any]:
        """[tool.podium.<name>]; one that is not there declares nothing."""
        found = self.podium.get(name, {})
        return found if isinstance(found, dict) else {}

    def fault(self, table: str, key: str, message: str) -> Fault:
        """What is wrong with a key of a table, with the line it stands in."""
        return Fault(
            Position(FILE, self._line(table, key), 1), f"[tool.podium.{table}] {key} {message}".strip()
        )

    def _line(self, table: str, key: str) -> int:
        inside = False
        head = 1
        for number, line in enumerate(self.text.splitlines(), start=1):
            if line.strip().startswith("["):
                inside = line.strip().startswith((f"[tool.podium.{table}]", f"[tool.podium.{table}.{key}]"))
                head = number if inside else head
            if inside and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]""", line):
                return number
        return head


def read(root: Path) -> tuple[Pyproject, list[Fault]]:
    """The file of a project's folder. One that is not there declares nothing."""
    path = root / FILE
    if not path.is_file():
        return Pyproject(), []
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        line = re.search(r"at line (\d+)", str(error))
        position = Position(FILE, int(line[1]) if line else 1, 1)
        return Pyproject(), [Fault(position, f"this is no valid TOML: {error}")]
    return Pyproject(text, content.get("tool", {}).get("podium", {})), []
