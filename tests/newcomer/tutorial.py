"""docs/tutorial/index.md as a reader types it in: the files and the commands of each section, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "tutorial" / "index.md"
BLOCK = re.compile(r"(?:^`(?P<file>[^`]+)`:\n\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.M | re.S)
SECTION = re.compile(r"^## (\d+)\. .*$", re.M)


@dataclass(frozen=True)
class Section:
    """One numbered section: whole files by their path from the project's folder, and lines for the shell."""

    files: dict[str, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)

    def type_in(self, project: Path) -> None:
        """Write the files, replacing those that are there. Those that have not changed are left alone."""
        for name, text in self.files.items():
            path = project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists() or path.read_text("utf-8") != text:
                path.write_text(text, "utf-8")

    def commands_of(self, program: str) -> list[str]:
        """The commands that start with this text."""
        return [line for line in self.commands if line.startswith(program)]


def sections() -> dict[int, Section]:
    """The sections by their number. Raises ValueError for a block that is neither a file nor a command."""
    parts = SECTION.split(PAGE.read_text("utf-8"))
    return {int(number): _section(text) for number, text in zip(parts[1::2], parts[2::2], strict=True)}


def dart_files(upto: int) -> dict[str, str]:
    """The Dart files as they are after this section."""
    return {
        name: text
        for number, section in sections().items()
        if number <= upto
        for name, text in section.files.items()
        if name.endswith(".dart")
    }


def _section(text: str) -> Section:
    section = Section()
    for file, language, block in _blocks(text):
        if file:
            section.files[file] = block
        elif language == "sh":
            section.commands.extend(block.splitlines())
        else:
            raise ValueError(f"{PAGE.name}: a block of {language} has no file's name above it:\n{block}")
    return section


def _blocks(text: str) -> Iterator[tuple[str | None, str, str]]:
    for match in BLOCK.finditer(text):
        yield match["file"], match["language"], match["text"]
