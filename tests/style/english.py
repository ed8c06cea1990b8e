"""Find patterns of English that the project does not use. `python3 -m tests.style.english [FOLDER ...]` lists them."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

from podium.core.project import PACKAGES

CLAUSE = re.compile(r"(What|Who|Whom|Whose|Whoever|Whatever|Whether|Which|Where|Why|How)\b(?! to\b)")
"""The beginning of a docstring that is a clause, not an imperative or a noun phrase."""

PATTERNS: dict[str, tuple[re.Pattern[str], str]] = {
    "is no": (
        re.compile(
            r"(?<!there )(?<!there's )\b(is|are) no (?!longer|more\b|less\b|such|other|way\b|need)", re.I
        ),
        'write "is not a valid X", or "there is no X"',
    ),
    "is not good": (re.compile(r"\b(is|are) not good\b", re.I), 'write "is invalid: ..."'),
    "mend": (re.compile(r"\bmend(s|ed|ing)?\b", re.I), 'write "fix"'),
    "hold against": (re.compile(r"\b(hold|holds|held) (\w+ )?against\b", re.I), 'write "compare with"'),
    "of its own accord": (re.compile(r"\bof (its|their|his) own accord\b", re.I), 'write "by itself"'),
    "stand for": (re.compile(r"\bstand(s|ing)? for\b|\bstood for\b", re.I), 'write "represent"'),
    "who calls": (re.compile(r"\bwho (calls|asks)\b", re.I), 'write "the caller"'),
    "whoever": (re.compile(r"\bwho(m)?(so)?ever\b", re.I), "name the person: the user, the caller, staff"),
    "be it": (re.compile(r"\bbe it\b|\bwhere nothing else\b|\bas it were\b", re.I), "write it plainly"),
    "come in": (
        re.compile(r"\bways? in\b(?! (which|the|a|an|this|that|our|its|their)\b)", re.I),
        'write "sign-in method"',
    ),
    "connective": (
        re.compile(r"\b(thereby|therein|thereof|whereby|hence|lest|heretofore|thus)\b", re.I),
        "use a plain connective",
    ),
}
"""Names of patterns to their expressions, and what to write instead."""

SKIPPED = (
    "clients/",
    "tests/style/",
    "podium/upgrade/known_",
    "podium/upgrade/settings_0_1",
    "tests/upgrade/0.1",
)
GENERATED = ("/migrations/", "/protocol.py", "/protocol_types.py")

Text = tuple[int, str]
"""A line number from 1 and the text that begins there."""


def files(folders: Iterable[str] = ()) -> list[Path]:
    """The project's Python files, pages and templates, without those that are generated."""
    command = ["git", "ls-files", "-co", "--exclude-standard", "--", *(folders or ["."])]
    names = subprocess.run(command, cwd=PACKAGES, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    return [
        PACKAGES / name
        for name in names
        if name.endswith((".py", ".md", ".html", ".ts", ".dart", ".yaml"))
        and not name.startswith(SKIPPED)
        and not any(each in f"/{name}" for each in GENERATED)
        and (PACKAGES / name).is_file()
    ]


def faults(path: Path) -> Iterator[str]:
    """The faults of one file, each as `file:line text: what to write`."""
    source = path.read_text(encoding="utf-8")
    shown = path.relative_to(PACKAGES)
    if path.suffix == ".py":
        for line, text in docstrings(source):
            if CLAUSE.match(text):
                yield f"{shown}:{line} {text.splitlines()[0][:90]!r}: begin with an imperative or a noun phrase"
    lines = (
        source if path.suffix != ".md" else re.sub(r"`[^`\n]*`", "``", source)
    )  # names in pages are not English
    for line, text in python_texts(source) if path.suffix == ".py" else enumerate(lines.splitlines(), 1):
        for expression, instead in PATTERNS.values():
            if found := expression.search(text):
                at = line + text[: found.start()].count("\n")
                yield f"{shown}:{at} {found[0]!r}: {instead}"


def docstrings(source: str) -> Iterator[Text]:
    """The docstrings of modules, classes and functions, and those of the constants above them."""
    for node in ast.walk(ast.parse(source)):
        body = getattr(node, "body", None)
        for each in body if isinstance(body, list) else ():
            value = each.value if isinstance(each, ast.Expr) else None
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.lineno, value.value


def python_texts(source: str) -> Iterator[Text]:
    """Comments, and strings that have more than one word."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT or (token.type == tokenize.STRING and " " in token.string):
            yield token.start[0], token.string


def main(folders: list[str]) -> int:
    """List all faults. Exit status 1 if there are any."""
    found = [fault for path in files(folders) for fault in faults(path)]
    sys.stdout.write("".join(f"{fault}\n" for fault in found))
    sys.stdout.write(f"{len(found)} faults\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
