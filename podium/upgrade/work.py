"""The planned changes of an upgrade to a project's files."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from podium.upgrade.journal import Journal


@dataclass(slots=True)
class Work:
    """Paths are relative to the project.

    writes   path -> new content
    removes  Podium's files that are removed
    notes    lines for the user: files and lines to check
    """

    writes: dict[str, bytes] = field(default_factory=dict)
    removes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def do(self, journal: Journal) -> None:
        for path, content in self.writes.items():
            journal.write(path, content)
        for path in self.removes:
            journal.remove(path)

    def lines(self, project: Path) -> list[str]:
        """The plan, a line each. Many files of one folder are one line."""
        new = sorted(path for path in self.writes if not (project / path).exists())
        changed = sorted(path for path in self.writes if (project / path).exists())
        return [
            *(f"write    {path}" for path in new),
            *(f"change   {path}" for path in changed),
            *_by_folder(self.removes),
        ]


def _by_folder(paths: list[str]) -> list[str]:
    counted: dict[str, int] = {}
    for path in paths:
        top, slash, _ = path.partition("/")
        counted[top + slash] = counted.get(top + slash, 0) + 1
    return [
        f"remove   {top}" + (f" ({count} files)" if top.endswith("/") else "")
        for top, count in counted.items()
    ]
