"""Types as model files and signatures name them: `List<Note>?`, `Map<String, int>`, `(int, {String name})`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, NewType, TypeAlias, TypeVar

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")

SCALARS = frozenset(
    ["int", "double", "bool", "String", "DateTime", "Duration", "UuidValue", "Uri", "BigInt", "ByteData"]
)
VECTORS = frozenset(["Vector", "HalfVector", "SparseVector", "Bit"])
GEOGRAPHIES = frozenset(
    ["GeographyPoint", "GeographyLineString", "GeographyPolygon", "GeographyGeometryCollection"]
)
CONTAINERS = frozenset(["List", "Set", "Map"])
RECORD = "_Record"

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
    """What a list in a signature stands for: "Set" or "Map"."""

    name: str


SetAsList: TypeAlias = Annotated[list[T], Listed("Set")]
"""In signatures: a `Set` of what has no hash in Python. A plain list; clients have a set."""
MapAsPairs: TypeAlias = Annotated[list[tuple[K, V]], Listed("Map")]
"""In signatures: a `Map` whose keys have no hash in Python. A plain list of (key, value); clients have a map."""
BUILT_IN = SCALARS | VECTORS | GEOGRAPHIES | CONTAINERS | {"dynamic", RECORD}
"""Types that no model file defines."""


@dataclass(frozen=True, slots=True)
class TypeRef:
    """One use of a type.

    name       "int", "List", "dynamic", "_Record", "Stream" (endpoints only), "void" (endpoints only),
               or the name of a class, exception, enum or extra class
    nullable   a "?" follows
    arguments  List<T>, Set<T>, Map<K, V>, Stream<T>; the positional fields of a record
    named      the named fields of a record: (name, type) pairs
    module     "" for the own project; the nickname in "module:nickname:Name"; "package:..." and "project:..." whole
    dimension  the n of Vector(n) and its kin
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

    def __str__(self) -> str:
        """As a model file spells it."""
        if self.name == RECORD:
            parts = [str(argument) for argument in self.arguments]
            if self.named:
                parts.append("{" + ", ".join(f"{kind} {name}" for name, kind in self.named) + "}")
            elif len(parts) == 1:
                parts.append("")  # Dart tells a record of one from parentheses by the comma
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


def has_hash(ref: TypeRef, is_enum: Callable[[TypeRef], bool]) -> bool:
    """Whether values of the type can be in a Python set, or keys of a dict. What can't, is listed instead.

    The type alone decides, so that it is the same in every place. No class can, not even one that is immutable: a list
    in a new field, or in a subclass, would take the hash away, and with it change the types of all that name the class.
    """
    if ref.name == RECORD:
        return all(has_hash(each, is_enum) for each in (*ref.arguments, *(kind for _, kind in ref.named)))
    return ref.name in SCALARS or ref.name in GEOGRAPHIES or is_enum(ref)
