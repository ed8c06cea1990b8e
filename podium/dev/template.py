"""The files of a new project and of a new app, derived from this repository's manage.py, config/ and example/.

The template of both is the app `example`: a project gets it under its own name, an app also with
another noun for "note". An installed Podium carries the three as data. No Django,
nor any other package: `upgrade` imports this before they are installed.
"""

from __future__ import annotations

import ast
import io
import keyword
import re
import tokenize
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from podium.core.project import PACKAGES
from podium.dev import names
from podium.schema.rules import RESERVED_CLASSES
from podium.schema.rules import RESERVED_NAMES as DART_WORDS
from podium.wire.names import lower_camel_case

HERE = Path(__file__).parent / "template"
CARRIED = HERE / "repository"
"""manage.py, config/ and example/ in an installed Podium; in a checkout they are next to the package."""
APP = "example"
SUFFIXES = (".py", ".yaml")
GENERATED = ("protocol.py", "protocol_types.py")
PROJECT_FILES = {
    "README.md": "README.md",
    "pyproject.toml": "pyproject.toml",
    "gitignore": ".gitignore",
    "env.example": ".env.example",
    "check.yml": ".github/workflows/check.yml",
}
"""Files below template/ -> their place in a project."""
ONLY_IN_THE_FIRST_APP = "greeting"
"""Endpoints and tests of this name are only in the first app: a project has one."""

Files = dict[str, str]


def source() -> Path:
    """The folder with manage.py, config/ and example/."""
    return CARRIED if CARRIED.is_dir() else PACKAGES


def project(name: str) -> Files:
    """The files of a project, relative path -> text, without requirements.txt and the clients."""
    found = {"manage.py": read(source() / "manage.py")}
    found |= {f"config/{path}": text for path, text in folder("config").items()}
    found = {
        path: text.replace(APP, name) if path == "config/settings.py" else text
        for path, text in found.items()
    }
    for path, text in folder(APP).items():
        found[f"{name}/{path}"] = text.replace(APP, name).replace(camel(APP), camel(name))
    for path, place in PROJECT_FILES.items():
        found[place] = (
            read(HERE / path).replace("{{ name }}", name).replace("{{ npm }}", name.replace("_", "-"))
        )
    return found


def app(name: str, noun: Noun) -> Files:
    """The files of another app, relative to its folder, without those that `generate` writes."""
    return {
        renamed(path, name, noun): renamed(without_greeting(path, text), name, noun)
        for path, text in folder(APP).items()
        if path not in GENERATED
    }


def folder(name: str) -> Files:
    """The text files of a folder of the repository, relative path -> text."""
    root = source() / name
    paths = sorted(path for path in root.rglob("*") if path.suffix in SUFFIXES and path.is_file())
    return {path.relative_to(root).as_posix(): read(path) for path in paths}


@cache
def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# The noun of an app -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Noun:
    """The noun of an app's main class, in snake_case: Noun("order", "orders")."""

    singular: str
    plural: str

    @property
    def class_name(self) -> str:
        return camel(self.singular)

    @property
    def wire(self) -> str:
        return lower_camel_case(self.singular)

    @property
    def wire_plural(self) -> str:
        return lower_camel_case(self.plural)


def nouns(name: str) -> Iterator[Noun]:
    """Possible nouns for an app's name, in order of preference: "order" for "orders", "shop" for "shop"."""
    first = singular(name)
    for each in (first, f"{first}_item"):
        yield Noun(each, name if each == first and first != name else plural(each))


def fits(noun: Noun, classes: Collection[str]) -> bool:
    """Test whether the template can use this noun next to these classes of model files and wire types."""
    words = {noun.singular, noun.plural, f"{noun.singular}_id", camel(noun.singular), camel(noun.plural)}
    if any(keyword.iskeyword(word) for word in words) or words & (DART_WORDS | words_of_template()):
        return False
    if noun.plural in names.PAGES | names.PLATFORM_APPS:  # it is the endpoint's name
        return False
    return not {noun.class_name, f"{noun.class_name}NotFoundException"} & {*classes, *RESERVED_CLASSES}


@cache
def words_of_template() -> frozenset[str]:
    """Other names in the template's Python: a parameter `user_id` can't be there twice."""
    found = set()
    for path, text in folder(APP).items():
        if path.endswith(".py") and path not in GENERATED:
            tokens = tokenize.generate_tokens(io.StringIO(text).readline)
            found |= {token.string for token in tokens if token.type == tokenize.NAME}
    return frozenset(word for word in found if "note" not in word.lower())


def singular(name: str) -> str:
    if name.endswith(("ss", "us", "is", "news")) or not name.endswith("s") or len(name) < 3:
        return name
    if name.endswith("ies") and len(name) > 4:
        return name.removesuffix("ies") + "y"
    return name.removesuffix("es" if name.endswith(("sses", "xes", "ches", "shes")) else "s")


def plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun.removesuffix("y") + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def camel(name: str) -> str:
    """order_item -> OrderItem."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


# Writing the template with other words ----------------------------------------------------------------------------

PROSE = re.compile(r'^\s*(###|"""|#)|\s#\s')
"""Lines with prose."""
ARTICLE = re.compile(r"\b([Aa]) (?=note\b)")
SPOKEN = re.compile(r"\b(notes|note|Notes)\b(?!\.\w|\()")
"""The noun in a sentence, not as a name in code."""
WIRE = re.compile(r'(?<=")notes(?=\.)')
"""The endpoint's name in a test's call."""
WORDS = re.compile(f"{WIRE.pattern}|{SPOKEN.pattern}|noteId|Notes|Note|notes|note")


def renamed(text: str, name: str, noun: Noun) -> str:
    """A text or path of the template with another app's name and noun."""
    text = text.replace(APP, name).replace(camel(APP), camel(name))
    return "".join(_renamed_line(line, noun) for line in text.splitlines(keepends=True))


def _renamed_line(line: str, noun: Noun) -> str:
    in_code = {"noteId": f"{noun.wire}Id", "Notes": camel(noun.plural), "Note": noun.class_name}
    in_code |= {"notes": noun.plural, "note": noun.singular}
    spoken, spoken_plural = noun.singular.replace("_", " "), noun.plural.replace("_", " ")
    in_prose = {"Notes": spoken_plural.capitalize(), "notes": spoken_plural, "note": spoken}

    def instead(found: re.Match[str]) -> str:
        if is_prose and SPOKEN.match(line, found.start()):
            return in_prose[found[0]]
        return noun.wire_plural if WIRE.match(line, found.start()) else in_code[found[0]]

    is_prose = PROSE.match(line) is not None
    if is_prose and noun.singular[0] in "aeiou":
        line = ARTICLE.sub(r"\1n ", line)
    return WORDS.sub(instead, line)


def without_greeting(path: str, text: str) -> str:
    """Leave out the classes and functions that only the first app has."""
    if not path.endswith(".py"):
        return text
    lines = text.splitlines(keepends=True)
    for node in reversed(ast.parse(text).body):
        named = getattr(node, "name", "")
        if ONLY_IN_THE_FIRST_APP in named.lower():
            start = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))])
            del lines[start - 1 : _start_of_next(lines, node.end_lineno or node.lineno)]
    return "".join(lines)


def _start_of_next(lines: list[str], line: int) -> int:
    while line < len(lines) and not lines[line].strip():
        line += 1
    return line


def write(root: Path, files: Mapping[str, str]) -> None:
    """Write the files below a folder, making folders as needed."""
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
