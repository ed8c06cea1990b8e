"""Types of the wire: their names, and one definition of each.

    ref.py          a use of a type, `List<Note>?`; annotations for types that Python does not have
    definition.py   the parts of one type's definition
    registry.py     the definitions by name; apps add theirs
    numbers.py, strings.py, times.py, ...   Podium's own, a module for each family; registry.py finds them

This module exports the names for signatures and for apps' types.
"""

from podium.wire.default import Default, unquote
from podium.wire.errors import SchemaError
from podium.wire.mismatch import Mismatch, Pair, mismatch
from podium.wire.types.definition import Column, Dart, Python, PythonClient, TypeScript, WireType
from podium.wire.types.ref import (
    RECORD,
    BigInt,
    Bit,
    GeographyGeometryCollection,
    GeographyLineString,
    GeographyPoint,
    GeographyPolygon,
    HalfVector,
    Listed,
    MapAsPairs,
    SetAsList,
    SparseVector,
    TypeRef,
    Uri,
    Vector,
)

__all__ = [
    "BigInt",
    "Bit",
    "Column",
    "Dart",
    "Default",
    "GeographyGeometryCollection",
    "GeographyLineString",
    "GeographyPoint",
    "GeographyPolygon",
    "HalfVector",
    "Listed",
    "MapAsPairs",
    "Mismatch",
    "Pair",
    "Python",
    "PythonClient",
    "RECORD",
    "SchemaError",
    "SetAsList",
    "SparseVector",
    "TypeRef",
    "TypeScript",
    "Uri",
    "Vector",
    "WireType",
    "mismatch",
    "unquote",
]
