"""CHANGELOG.md as data: releases, their entries, and what each asks users to do."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

from podium.upgrade import versions

KINDS = ("Added", "Changed", "Deprecated", "Fixed", "Removed", "Security")
UNRELEASED = "unreleased"
MARK = "**Breaking: do this**"
RELEASE = re.compile(r"## (?P<version>\S+) - (?P<date>\d{4}-\d{2}-\d{2}|unreleased)")
KIND = re.compile(r"### (?P<kind>.+)")


class ChangelogError(Exception):
    """The changelog has a fault. The message has the line, the fault and its correction."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One bullet.

    kind     one of KINDS
    text     the whole bullet on one line, in Markdown
    actions  what users must do, in Markdown; empty for most entries
    line     its first line in the file, from 1
    """

    kind: str
    text: str
    actions: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Release:
    """One version. `date` is YYYY-MM-DD, or "unreleased"."""

    version: str
    date: str
    entries: tuple[Entry, ...]

    @property
    def breaking(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.actions)


def parse(text: str) -> list[Release]:
    """Return the releases in the order of the file, newest first. Raises ChangelogError."""
    found: list[tuple[str, str, list[Entry]]] = []
    kind = ""
    for number, block in _blocks(text):
        if block.startswith("## "):
            version, date = _release(block, number)
            found.append((version, date, []))
            kind = ""
        elif block.startswith("### "):
            kind = _kind(block, number)
        elif block.startswith("- "):
            if not kind:
                raise ChangelogError(
                    f"CHANGELOG.md:{number}: expected a heading such as `### Added` above this entry"
                )
            found[-1][2].append(_entry(kind, block, number))
    releases = [Release(version, date, tuple(entries)) for version, date, entries in found]
    _check_order(releases)
    return releases


def between(releases: list[Release], old: str, new: str) -> list[Release]:
    """The releases after `old` up to `new`, oldest first; none for the way back. Raises ValueError for non-versions."""
    low, high = versions.key(old), versions.key(new)
    return [each for each in reversed(releases) if low < versions.key(each.version) <= high]


def shipped(root: Path) -> str:
    """The text of the changelog of the Podium in a folder: site-packages, an unpacked wheel, or a checkout."""
    packed = root / "podium" / "CHANGELOG.md"
    return (packed if packed.exists() else root / "CHANGELOG.md").read_text(encoding="utf-8")


def _blocks(text: str) -> list[tuple[int, str]]:
    """Headings and bullets with their line numbers; a bullet's continuation lines are part of it."""
    blocks: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(("#", "- ")):
            blocks.append((number, line))
        elif line.startswith("  ") and blocks and blocks[-1][1].startswith("- "):
            blocks[-1] = (blocks[-1][0], f"{blocks[-1][1]} {line.strip()}")
    return blocks


def _release(block: str, number: int) -> tuple[str, str]:
    match = RELEASE.fullmatch(block)
    if match is None or versions.VERSION.fullmatch(match["version"]) is None:
        raise ChangelogError(
            f"CHANGELOG.md:{number}: expected `## VERSION - YYYY-MM-DD` or `## VERSION - {UNRELEASED}`, found `{block}`"
        )
    return match["version"], match["date"]


def _kind(block: str, number: int) -> str:
    match = KIND.fullmatch(block)
    if match is None or match["kind"] not in KINDS:
        raise ChangelogError(f"CHANGELOG.md:{number}: expected one of {', '.join(KINDS)}, found `{block}`")
    return match["kind"]


def _entry(kind: str, block: str, number: int) -> Entry:
    text = block.removeprefix("- ")
    _, *actions = text.split(MARK)
    for action in actions:
        if not re.match(r": +\S", action):
            raise ChangelogError(
                f"CHANGELOG.md:{number}: expected `: ` and an instruction for users after {MARK}"
            )
    return Entry(kind, text, tuple(action.removeprefix(":").strip() for action in actions), number)


def _check_order(releases: list[Release]) -> None:
    keys = [versions.key(release.version) for release in releases]
    if keys != sorted(set(keys), reverse=True):
        raise ChangelogError("CHANGELOG.md: write each version once, the newest first")
    if any(release.date == UNRELEASED for release in releases[1:]):
        raise ChangelogError(
            f"CHANGELOG.md: only the newest version can be {UNRELEASED}; write the date of the others"
        )


def shown(releases: list[Release], width: int = 100) -> str:
    """The instructions for users, as text for a terminal; "" if there are none."""
    lines: list[str] = []
    for release in releases:
        if release.breaking:
            lines += [f"Breaking changes in {release.version}:", ""]
        for entry in release.breaking:
            words = entry.text.removeprefix(f"{MARK}: ").replace(MARK, "Do this")
            lines += textwrap.wrap(words, width, initial_indent="  - ", subsequent_indent="    ")
            lines.append("")
    return "\n".join(lines)
