"""Uses of types, as model files and signatures name them: `List<Note>?`, `Map<String, int>`, `(int, {String name})`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, NewType, TypeAlias, TypeVar

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")

RECORD = "_Record"
LIST, SET, MAP = "List", "Set", "Map"
CONTAINERS = frozenset([LIST, SET, MAP])
DYNAMIC, VOID, STREAM = "dynamic", "void", "Stream"
TEXT = "String"
"""The keys of maps that are JSON objects."""

Vector = NewType("Vector", list[float])
HalfVector = NewType("HalfVector", list[float])
SparseVector = NewType("SparseVector", list[float])
Bit = NewType("Bit", list[bool])
"""In signatures: the vectors of pgvector, of any dimension; lists in Python."""
GeographyPoint = NewType("GeographyPoint", str)
GeographyLineString = NewType("GeographyLineString", str)
GeographyPolygon = NewType("GeographyPolygon", str)
GeographyGeometryCollection = NewType("GeographyGeometryCollection", str)
"""In signatures: the shapes of PostGIS; in Python their EWKT, "SRID=4326;POINT(13.4 52.5)"."""
Uri = NewType("Uri", str)
"""In signatures: a str that is an address, `Uri` on the wire."""
BigInt = NewType("BigInt", int)
"""In signatures: an int of any size, `BigInt` on the wire."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The type of clients that a list in a signature represents: "Set" or "Map"."""

    name: str


SetAsList: TypeAlias = Annotated[list[T], Listed(SET)]
"""In signatures: a `Set` of unhashable values or bytes. A plain list; clients have a set."""
MapAsPairs: TypeAlias = Annotated[list[tuple[K, V]], Listed(MAP)]
"""In signatures: a `Map` with unhashable keys or bytes. A list of (key, value); clients have a map."""


@dataclass(frozen=True, slots=True)
class TypeRef:
    """One use of a type.

    name       "int", "List", "dynamic", "_Record", "Stream" (endpoints only), "void" (endpoints only),
               or the name of a class, exception, enum or extra class
    nullable   a "?" follows
    arguments  List<T>, Set<T>, Map<K, V>, Stream<T>; the positional fields of a record
    named      the named fields of a record: (name, type) pairs
    module     "" for the project itself; the nickname in "module:nickname:Name"; "package:..." and "project:..." whole
    dimension  the n of Vector(n) and similar types
    """

    name: str
    nullable: bool = False
    arguments: tuple[TypeRef, ...] = ()
    named: tuple[tuple[str, TypeRef], ...] = ()
    module: str = ""
    dimension: int | None = None

    def required(self) -> TypeRef:
        """The same type without its "?"."""
        return replace(self, nullable=False) if self.nullable else self

    @property
    def is_dynamic(self) -> bool:
        """True for `dynamic`, which is always nullable."""
        return self.name == DYNAMIC

    @property
    def is_void(self) -> bool:
        return self.name == VOID

    @property
    def is_stream(self) -> bool:
        return self.name == STREAM

    @property
    def is_record(self) -> bool:
        return self.name == RECORD

    @property
    def is_container(self) -> bool:
        """True for a list, a set or a map."""
        return self.name in CONTAINERS

    @property
    def is_list(self) -> bool:
        return self.name == LIST

    @property
    def is_set(self) -> bool:
        return self.name == SET

    @property
    def is_map(self) -> bool:
        return self.name == MAP

    @property
    def is_object(self) -> bool:
        """True for a map that is a JSON object: its keys are strings."""
        return self.name == MAP and self.arguments[0].is_text

    @property
    def is_text(self) -> bool:
        """True for `String`, not nullable."""
        return self.name == TEXT and not self.nullable

    def inside(self) -> tuple[TypeRef, ...]:
        """The types it is composed of: arguments, and the fields of a record."""
        return (*self.arguments, *(kind for _, kind in self.named))

    def __str__(self) -> str:
        """The type as spelled in model files."""
        if self.is_record:
            parts = [str(argument) for argument in self.arguments]
            if self.named:
                parts.append("{" + ", ".join(f"{kind} {name}" for name, kind in self.named) + "}")
            elif len(parts) == 1:
                parts.append("")  # the comma distinguishes a record of one from parentheses in Dart
            text = f"({', '.join(parts)})".replace(", )", ",)")
        else:
            text = self.name
            if self.module:
                text = f"module:{self.module}:{text}" if ":" not in self.module else f"{self.module}:{text}"
            if self.arguments:
                text += "<" + ", ".join(map(str, self.arguments)) + ">"
            if self.dimension is not None:
                text += f"({self.dimension})"
        return text + ("?" if self.nullable else "")
