"""The words of the model language: keys, options, reserved names, patterns of names, suggestions."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterable
from typing import Final

KINDS: Final = ("class", "exception", "enum")
PLURALS: Final = {"class": "classes", "exception": "exceptions", "enum": "enums"}
ARTICLES: Final = {"class": "a class", "exception": "an exception", "enum": "an enum"}

KEYS: Final[dict[str, frozenset[str]]] = {
    "class": frozenset(
        [
            "class",
            "table",
            "database",
            "managedMigration",
            "serverOnly",
            "sealed",
            "extends",
            "immutable",
            "serializationDataType",
            "fields",
            "indexes",
        ]
    ),
    "exception": frozenset(["exception", "serverOnly", "sealed", "extends", "fields"]),
    "enum": frozenset(["enum", "serverOnly", "serialized", "default", "properties", "values"]),
}

FIELD_OPTIONS: Final[dict[str, frozenset[str]]] = {
    "exception": frozenset(["type", "required", "default", "defaultModel", "tail"]),
    "class": frozenset(
        [
            "type",
            "required",
            "default",
            "defaultModel",
            "defaultPersist",
            "scope",
            "persist",
            "relation",
            "unique",
            "column",
            "jsonKey",
            "serializationDataType",
            "tail",
        ]
    ),
}
REMOVED_OPTIONS: Final = {
    "parent": '"parent" is written inside relation now: relation(parent=...)',
    "database": '"database" is written scope=serverOnly now',
    "api": '"api" is written !persist now',
}
RELATION_OPTIONS: Final = frozenset(
    ["parent", "name", "field", "optional", "onDelete", "onUpdate", "deferrable", "deferred"]
)
INDEX_KEYS: Final = frozenset(
    ["fields", "type", "unique", "nulls_distinct", "operatorClass", "distanceFunction", "parameters"]
)
ACTIONS: Final = ("NoAction", "Restrict", "SetDefault", "Cascade", "SetNull")
UNIQUE_OPTIONS: Final = frozenset(["per"])
PROPERTY_OPTIONS: Final = frozenset(["default"])
"""Of the properties of an enum."""
VALUES: Final[dict[str, tuple[str, ...]]] = {
    "database": ("server", "client", "all"),
    "scope": ("all", "serverOnly", "none"),
    "serializationDataType": ("json", "jsonb"),
    "serialized": ("byName", "byIndex"),
}
"""Keys and options that have one of a few words."""

MAX_IDENTIFIER = 63
"""Characters that Postgres keeps of a name."""
MAX_TABLE = MAX_IDENTIFIER - 7
MAX_FIELD = MAX_IDENTIFIER - 2


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


RESERVED_CLASSES: Final = _words(
    "List Set Map String DateTime Client Endpoints Protocol Vector HalfVector SparseVector Bit _Record"
)
RESERVED_NAMES: Final = _words("""
    toJson toJsonForProtocol fromJson toString hashCode runtimeType noSuchMethod
    abstract as assert async await break case catch class const continue covariant default deferred do dynamic
    else enum export extend extension external factory false final finally for function get hide if implements
    in interface is library mixin new null on operator part rethrow return set show static super switch sync
    this throw true try typedef var void while with yield
""")
"""Words of Dart, and members that every generated class has."""
RESERVED_IN_TABLES: Final = _words("""
    count insert update deleteRow delete findById findSingleRow find setColumn toJsonForDatabase tableName
    include db table
""")

PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*")
CAMEL = re.compile(r"[a-z][A-Za-z0-9]*")
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
TABLE = re.compile(r"[a-z][a-z0-9_]*")
INDEX_NAME = re.compile(r"[a-z][a-z0-9_]*(?:[A-Z][a-z0-9_]+)*[A-Z]?")


def near(word: str, known: Iterable[str]) -> str:
    """`; did you mean "x"?` if one of `known` is similar to `word`, else ""."""
    by_lower = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.7)
    return f'; did you mean "{by_lower[found[0]]}"?' if found else ""


def listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))


def cut(identifier: str, length: int, digest: int = 4) -> str:
    """A name of at most `length` characters: a longer one is cut and ends in the start of its SHA-256.

    Part of the database layout: tables made by Serverpod have these names.
    """
    if len(identifier) <= length:
        return identifier
    return identifier[: length - digest] + hashlib.sha256(identifier.encode()).hexdigest()[:digest]


def key_name(field_name: str) -> str:
    """The field that holds the key of an object relation: "notebook" -> "notebookId"."""
    return cut(field_name, MAX_FIELD) + "Id"


def hidden_key_name(table: str, field_name: str) -> str:
    """The key column of a list relation without a name, in the other table: "_bookChaptersBookId"."""
    owner = "".join(word[:1].upper() + word[1:].lower() for word in table.split("_"))
    words = "".join(word[:1].upper() + word[1:].lower() for word in field_name.split("_"))
    return key_name(f"_{owner[:1].lower()}{owner[1:]}{words}{owner}")


def unique_index_name(table: str, columns: Iterable[str]) -> str:
    """The name of the index that the option `unique` of a field makes."""
    return _named([table, *columns], "__unique_idx")


def check_name(table: str, column: str, rule: str) -> str:
    """The name of the CHECK constraint of a rule for a field's values."""
    return _named([table, column], f"__{rule}_check")


def _named(parts: Iterable[str], suffix: str) -> str:
    return cut("__".join(parts), MAX_IDENTIFIER - len(suffix), digest=10) + suffix
