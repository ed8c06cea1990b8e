"""The pages about model files: their entries, their examples, and the parts that are made from the code.

A wrong example is a model file with this line before it, and its messages in the next block:

    <!-- fragment: wrong on purpose; its messages are below -->

`python3 -m tests.docs` writes the messages, and the tables after `<!-- made: NAME -->`, up to the next empty line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from django.db import connection
from django.utils.module_loading import import_string

from podium.codegen import folders
from podium.schema import emit_columns, extra, indexes, modules, pyproject, rules
from podium.wire.default import Kind
from podium.wire.types import TypeRef, WireType, registry
from podium.wire.types.ref import CONTAINERS, DYNAMIC
from podium.wire.validation import RULES
from tests.docs.blocks import Block, blocks, model_files
from tests.docs.pages import DOCS, prose
from tests.docs.reference import argument, table
from tests.schema.texts import load_texts

REFERENCE = DOCS / "reference"
MODELS, FIELDS, TYPES = "model-files.md", "fields.md", "types.md"
RELATIONS, INDEXES, GENERATOR = "relations.md", "indexes.md", "generator.md"
WRONG = "wrong on purpose; its messages are below"
WRONG_EXAMPLE = re.compile(
    rf"(<!-- fragment: {WRONG} -->\n```yaml\n(.*?)```\n\n```text\n)(.*?)(?=```)", re.DOTALL
)
MADE = re.compile(r"(<!-- made: ([\w ]+) -->\n\n)((?:\|.*\n)*)")
NAME = re.compile(r"^(?:class|exception|enum): (\w+)$", re.MULTILINE)
HEADING = re.compile(r"^(##+) (.+)$", re.MULTILINE)
FOR = re.compile(r"^For (\*\*.+\*\*)\.$", re.MULTILINE)


def own_types() -> list[WireType]:
    """Podium's own, without those that apps of tests add."""
    return [each for each in registry.definitions() if each.column.field.startswith("podium.")]


WORDS: Mapping[tuple[str, str], frozenset[str]] = {
    (MODELS, "Keys"): frozenset().union(*rules.KEYS.values()),
    (FIELDS, "Options of a field"): frozenset().union(*rules.FIELD_OPTIONS.values()),
    (FIELDS, "Rules for values"): frozenset(RULES),
    (FIELDS, "Words for default values"): frozenset(get_args(Kind)) - {"literal"},
    (FIELDS, "Options of earlier versions"): frozenset(rules.REMOVED_OPTIONS),
    (TYPES, "Types"): frozenset([*CONTAINERS, DYNAMIC, *(each.name for each in own_types())]),
    (RELATIONS, "Options of `relation`"): rules.RELATION_OPTIONS,
    (RELATIONS, "Actions"): frozenset(rules.ACTIONS),
    (INDEXES, "Keys of an index"): rules.INDEX_KEYS,
    (INDEXES, "Types of an index"): frozenset([*indexes.GENERAL_TYPES, *indexes.VECTOR_TYPES]),
    (INDEXES, "Operator classes"): frozenset(indexes.OPERATOR_CLASSES),
    (INDEXES, "Distance functions"): frozenset(emit_columns.DISTANCES),
    (INDEXES, "Parameters"): frozenset().union(*indexes.PARAMETERS.values()),
    (GENERATOR, "Keys of `[tool.podium]`"): frozenset(pyproject.KEYS),
}
"""The words that the compiler knows, by the page and the section that lists them."""
INSIDE: Mapping[tuple[str, str, str], frozenset[str]] = {
    **{(MODELS, "Keys", key): frozenset(rules.VALUES[key]) for key in ("database", "serialized")},
    (MODELS, "Keys", "serializationDataType"): frozenset(rules.VALUES["serializationDataType"]),
    (MODELS, "Keys", "properties"): rules.PROPERTY_OPTIONS,
    (FIELDS, "Options of a field", "scope"): frozenset(rules.VALUES["scope"]),
    (FIELDS, "Options of a field", "unique"): rules.UNIQUE_OPTIONS,
    (GENERATOR, "Keys of `[tool.podium]`", pyproject.MODULES): modules.KEYS,
    (GENERATOR, "Keys of `[tool.podium]`", pyproject.EXTRA_CLASSES): extra.KEYS,
}
"""The words that belong to one entry: the values of a key, what may be in parentheses, the keys of a table."""


@dataclass(frozen=True)
class Section:
    """The text below a heading: `title` of the second level, `entry` of the third, "" above the first entry."""

    page: str
    title: str
    entry: str
    text: str
    lines: range

    def __str__(self) -> str:
        return f"{self.page}, {self.title}" + (f", {self.entry}" if self.entry else "")

    def examples(self) -> str:
        """Its valid examples, one after another."""
        return "\n".join(
            block.text
            for block in blocks(REFERENCE / self.page)
            if block.line in self.lines and not block.fragment and block.language in ("yaml", "toml")
        )


def sections(page: str) -> Iterator[Section]:
    text = prose(REFERENCE / page)
    title = ""
    heads = list(HEADING.finditer(text))
    for match, after in zip(heads, [*heads[1:], None], strict=True):
        end = after.start() if after else len(text)
        title = match[2] if match[1] == "##" else title
        lines = range(text[: match.start()].count("\n") + 1, text[:end].count("\n") + 1)
        entry = match[2].strip("`") if match[1] == "###" else ""
        yield Section(page, title, entry, text[match.end() : end], lines)


def entries(page: str, title: str) -> dict[str, Section]:
    """The words that a section lists: headings of the third level, or else the first cells of its tables."""
    found = [each for each in sections(page) if each.title == title]
    headings = {each.entry: each for each in found if each.entry}
    cells = {word: each for each in found for word in re.findall(r"^\| `(\w+)` \|", each.text, re.MULTILINE)}
    return headings or cells


def wrong_examples(page: str) -> list[Block]:
    return [each for each in blocks(REFERENCE / page) if each.fragment == WRONG]


def messages(page: str, text: str) -> str:
    """The messages of the compiler for a wrong model file, beside the valid ones of the page."""
    match = NAME.search(text)
    name = match[1] if match else "wrong"
    beside = [each for each in model_files(REFERENCE / page) if name not in NAME.findall(each.text)]
    file = f"shop/{re.sub(r'(?<=[a-z])(?=[A-Z])', '_', name).lower()}.spy.yaml"
    texts = {f"shop/line_{each.line}.spy.yaml": each.text for each in beside}
    _, faults = load_texts({**texts, file: text})
    return "".join(f"{fault}\n" for fault in faults if fault.position.file == file)


def pages() -> dict[str, str]:
    """The text of each page with the messages and tables of today."""
    return {page: _made(page) for page in (MODELS, FIELDS, TYPES, RELATIONS, INDEXES, GENERATOR)}


def _made(page: str) -> str:
    text = (REFERENCE / page).read_text("utf-8")
    text = WRONG_EXAMPLE.sub(lambda found: found[1] + messages(page, found[2]), text)
    return MADE.sub(lambda found: f"{found[1]}{TABLES[found[2]]()}\n", text)


# Tables


def types_table() -> str:
    head = ["type", "Python", "column", "Dart", "TypeScript"]
    return table(head, [_type_row(each) for each in own_types()])


def _type_row(kind: WireType) -> list[str]:
    ref = TypeRef(kind.name, dimension=3 if kind.sized else None)
    name = str(ref).replace("(3)", "(n)")
    dart = re.sub(r"^_\w+\.", "", kind.dart.type)
    return [f"`{each}`" for each in (name, kind.python.text, column(kind), dart, kind.typescript.type)]


def column(kind: WireType) -> str:
    """The Postgres type of a column."""
    ref = TypeRef(kind.name, dimension=3 if kind.sized else None)
    arguments = [int(each) if each.isdecimal() else each.strip('"') for each in kind.column.arguments(ref)]
    found: str = import_string(kind.column.field)(*arguments).db_type(connection)
    return found.replace("(3)", "(n)")


def options_table() -> str:
    parser = folders.parser("generate", folders.DESCRIPTION)
    rows = [row for action in parser._actions if (row := argument(action))]
    return table(["argument", "default", "meaning"], rows)


TABLES: Mapping[str, Callable[[], str]] = {"types": types_table, "options": options_table}
