"""The definition of a type, for parsing, codecs, columns, clients and descriptions.

Texts are source code in the language they are for. In a text, `{}` is the expression of a value. In a text for a
default value, `{}` is the literal of that language, and `{raw}` the value itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from podium.wire.default import Default
from podium.wire.mismatch import Pair
from podium.wire.types.ref import TypeRef

Text = str | Callable[[Any], str]
"""An expression of a default value: a text with `{}`, or a function of the value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Python:
    """The type on the server.

    annotation  the type in signatures of endpoints
    text        the annotation in generated modules: "datetime.timedelta"
    module      the import for that; "" for builtins, and for modules that generated modules always import
    value       a default value
    """

    annotation: Any
    text: str
    module: str = ""
    value: Text = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorIndex:
    """Indexes of a column of pgvector.

    prefix     of the operator classes: `<prefix>_l2_ops`
    distances  type of index -> its distances; the first one is the default
    """

    prefix: str
    distances: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """The meaning of existing rows after a change of type to or from another one with the same column type.

    of         earlier type -> the effect on its rows; "enum" and "JSON" are types here
    of_others  the same for all other types, except those in `kept`
    as_enum    the effect on its rows if the new type is an enum
    enum       the form of enums that are converted to this type, and back
    """

    of: Mapping[str, str] = field(default_factory=dict)
    of_others: str = ""
    kept: frozenset[str] = frozenset()
    as_enum: str = ""
    enum: Literal["", "name", "index"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The type in a table.

    field      dotted path of the Django field
    arguments  its first arguments, as source
    lookups    lookups besides equality: "order" (the column sorts like the values), "text", "date"
    accepts    other types that lookups accept, as source
    key        "" if it cannot be the id of a table; "serial": the database counts; "made": a default creates it
    vectors    the indexes of a vector
    place      True for a place on the globe
    meaning    of existing rows, if other types share the column type, or convert to it without a loss
    read_from  Postgres types with columns that can be read as this type
    rest       dotted path of the serializer field in REST, if the form differs from the wire
    """

    field: str
    arguments: Callable[[TypeRef], list[str]] = lambda ref: []
    lookups: frozenset[Literal["order", "text", "date"]] = frozenset()
    accepts: str = ""
    key: Literal["", "serial", "made"] = ""
    vectors: VectorIndex | None = None
    place: bool = False
    meaning: Meaning | None = None
    read_from: tuple[str, ...] = ()
    rest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dart:
    """The type in Dart clients.

    type       its name; Podium's own types have the prefix of serverpod_client or dart:typed_data
    library    its library, for a type that an app adds: "dart:ui", a package, or "package:acme/color.dart"
    pubspec    the version of that package
    read       expression that reads JSON; `{type}` is the type with the prefix of its library
    read_null  the same if it may be null; default: null for null
    write      suffix that turns a value into JSON; "" if it is JSON already. In streams and
               `dynamic`, the client library only calls toJson()
    value      a default value; `{type}` as above
    """

    type: str
    library: str = ""
    pubspec: str = "any"
    read: str = "{type}.fromJson({})"
    read_null: str = ""
    write: str = "toJson()"
    value: str = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeScript:
    """The type in TypeScript clients.

    codec    expression of its codec; `wire` is runtime/wire.ts
    exported runtime/wire.ts exports the type's name
    imports  import lines for files with this type
    value    a default value
    """

    type: str
    codec: str
    exported: bool = False
    imports: tuple[str, ...] = ()
    value: str = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonClient:
    """The type in Python clients.

    codec    expression of its codec; `wire` is runtime/wire.py
    imports  import lines for modules with this type
    value    a default value
    """

    type: str
    codec: str
    imports: tuple[str, ...] = ()
    value: Text = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WireType:
    """A simple type: not composed of others.

    name         in model files and on the wire
    other_names  names in other languages, for hints; in lower case
    codec        the pair for Python and plain data; a function if it depends on the dimension
    openapi      the JSON schema of its plain data
    samples      values in Python, for tests: usual ones and edge cases
    default      parses a default in a model file; raises SchemaError; None: no defaults
    sized        a dimension follows: `Vector(3)`
    plain        a JSON type, so allowed for properties of enums
    as_is        Python type whose values are plain data without any check
    collides     senders can construct many values with one hash
    equality     "value": sets hold one of equal values; "identity": in Dart they hold all; "none": no hash
    named_by     function for the name inside `dynamic`, if values of one Python type have different names
    read_as      types that read its plain data as the same value
    """

    name: str
    python: Python
    codec: Pair | Callable[[TypeRef], Pair]
    column: Column
    dart: Dart
    typescript: TypeScript
    python_client: PythonClient
    openapi: Mapping[str, Any]
    samples: tuple[Any, ...]
    default: Callable[[str], Default] | None = None
    other_names: tuple[str, ...] = ()
    sized: bool = False
    plain: bool = False
    as_is: type[Any] | None = None
    collides: bool = True
    equality: Literal["value", "identity", "none"] = "value"
    named_by: Callable[[Any], str] | None = None
    read_as: frozenset[str] = field(default_factory=frozenset)

    def pair(self, ref: TypeRef) -> Pair:
        """The pair for one use of the type."""
        return self.codec if isinstance(self.codec, Pair) else self.codec(ref)


def filled(text: Text, literal: str, raw: Any, type: str = "") -> str:
    """The expression of a default value."""
    return text.format(literal, raw=raw, type=type) if isinstance(text, str) else text(raw)
