"""The vectors of pgvector: `Vector`, `HalfVector`, `SparseVector`, `Bit`, each with its number of dimensions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from podium.wire import bounds
from podium.wire.mismatch import Mismatch, Pair, mismatch
from podium.wire.types.definition import (
    Column,
    Dart,
    Python,
    PythonClient,
    TypeScript,
    VectorIndex,
    WireType,
)
from podium.wire.types.numbers import decode_bool, to_double
from podium.wire.types.ref import Bit, HalfVector, SparseVector, TypeRef, Vector

# Source of the operator classes, and of the distances that each index has: the README of pgvector.
_DISTANCES: Final = ("l2", "innerProduct", "cosine", "l1")
_BIT_DISTANCES: Final = ("hamming", "jaccard")


def sparse_text(values: list[float]) -> str:
    """pgvector's text of a sparse vector: positions count from 1, zeros are left out. `{1:1.5,3:2.0}/4`"""
    inside = ",".join(f"{place}:{value!r}" for place, value in enumerate(values, 1) if value)
    return "{" + inside + "}/" + str(len(values))


def _numbers(value: Any, what: str) -> list[float]:
    if isinstance(value, str):  # as from the database
        parts = value.strip("[]").split(",") if value.startswith("[") and value.endswith("]") else ["?"]
        try:
            value = [float(part) for part in parts if part.strip()]
        except ValueError:
            raise Mismatch(what, "another string") from None
    if not isinstance(value, list):
        raise mismatch(what, value)
    return [to_double(item) for item in value]


def _sparse(value: Any, what: str) -> list[float]:
    if not (isinstance(value, str) and value.startswith("{")):
        return _numbers(value, what)
    inside, _, length = value[1:].partition("}/")
    try:
        if not bounds.may_claim(int(length)):
            raise ValueError
        values = [0.0] * int(length)
        for entry in filter(None, inside.split(",")):
            place, _, number = entry.partition(":")
            if int(place) < 1:
                raise ValueError
            values[int(place) - 1] = to_double(float(number))
    except (ValueError, IndexError):
        raise Mismatch(what, "another string") from None
    return values


def _bits(value: Any, what: str) -> list[bool]:
    if isinstance(value, str) and re.fullmatch("[01]*", value):
        return [bit == "1" for bit in value]
    if isinstance(value, list):
        return [decode_bool(item) for item in value]
    raise mismatch(what, value)


def numbers_text(values: list[float]) -> str:
    """pgvector's text for numbers: `[1.0,2.5]`."""
    return "[" + ",".join(map(repr, values)) + "]"


def bit_text(values: list[bool]) -> str:
    """Bits as digits: `101`."""
    return "".join("1" if bit else "0" for bit in values)


def _as_list(values: list[float]) -> list[float]:
    return values


def _pair(
    read: Callable[[Any, str], list[Any]], write: Callable[[list[Any]], Any]
) -> Callable[[TypeRef], Pair]:
    """Make the pair for a dimension, or for any. Every type also reads a list.

    Source: `toJson` and `fromJson` of the Dart client's classes.
    """

    def pair(ref: TypeRef) -> Pair:
        what, dimension = str(ref.required()), ref.dimension

        def decode(value: Any) -> list[Any]:
            values = read(value, what)
            if dimension is not None and len(values) != dimension:
                raise Mismatch(what, f"{len(values)} entries")
            return values

        def encode(value: Any) -> Any:
            return write(decode(list(value) if isinstance(value, tuple) else value))

        return Pair(encode, decode)

    return pair


def _dimension(ref: TypeRef) -> list[str]:
    return [str(ref.dimension)]


VECTOR = WireType(
    name="Vector",
    python=Python(annotation=Vector, text="list[float]"),
    codec=_pair(_numbers, _as_list),
    column=Column(
        field="podium.database.fields.VectorField",
        arguments=_dimension,
        vectors=VectorIndex(prefix="vector", distances={"hnsw": _DISTANCES, "ivfflat": _DISTANCES}),
        read_from=("vector",),
    ),
    dart=Dart(type="_sp.Vector", read="_sp.VectorJsonExtension.fromJson({})"),
    typescript=TypeScript(type="number[]", codec='wire.vector("Vector")'),
    python_client=PythonClient(type="list[float]", codec='wire.vector("Vector")'),
    openapi={"type": "array", "items": {"type": "number"}},
    samples=([1.0, -2.5, 0.0],),
    sized=True,
    equality="none",
)
HALF_VECTOR = WireType(
    name="HalfVector",
    python=Python(annotation=HalfVector, text="list[float]"),
    codec=_pair(_numbers, _as_list),
    column=Column(
        field="podium.database.fields.HalfVectorField",
        arguments=_dimension,
        vectors=VectorIndex(prefix="halfvec", distances={"hnsw": _DISTANCES, "ivfflat": _DISTANCES[:3]}),
        read_from=("halfvec",),
    ),
    dart=Dart(type="_sp.HalfVector", read="_sp.HalfVectorJsonExtension.fromJson({})"),
    typescript=TypeScript(type="number[]", codec='wire.vector("HalfVector")'),
    python_client=PythonClient(type="list[float]", codec='wire.vector("HalfVector")'),
    openapi={"type": "array", "items": {"type": "number"}},
    samples=([1.0, -2.5, 0.0],),
    sized=True,
    equality="none",
)
SPARSE_VECTOR = WireType(
    name="SparseVector",
    python=Python(annotation=SparseVector, text="list[float]"),
    codec=_pair(_sparse, sparse_text),
    column=Column(
        field="podium.database.fields.SparseVectorField",
        arguments=_dimension,
        vectors=VectorIndex(prefix="sparsevec", distances={"hnsw": _DISTANCES}),
        read_from=("sparsevec",),
    ),
    dart=Dart(type="_sp.SparseVector", read="_sp.SparseVectorJsonExtension.fromJson({})"),
    typescript=TypeScript(type="number[]", codec='wire.vector("SparseVector")'),
    python_client=PythonClient(type="list[float]", codec='wire.vector("SparseVector")'),
    openapi={"type": "string", "example": "{1:1.5}/4"},
    samples=([0.0, 1.5, 0.0], [0.0, 0.0, 0.0]),
    sized=True,
    equality="none",
)
BIT = WireType(
    name="Bit",
    python=Python(annotation=Bit, text="list[bool]"),
    codec=_pair(_bits, bit_text),
    column=Column(
        field="podium.database.fields.BitField",
        arguments=_dimension,
        vectors=VectorIndex(prefix="bit", distances={"hnsw": _BIT_DISTANCES, "ivfflat": _BIT_DISTANCES}),
        read_from=("bit",),
    ),
    dart=Dart(type="_sp.Bit", read="_sp.BitJsonExtension.fromJson({})"),
    typescript=TypeScript(type="boolean[]", codec="wire.bit"),
    python_client=PythonClient(type="list[bool]", codec="wire.BIT"),
    openapi={"type": "string", "pattern": "^[01]*$"},
    samples=([True, False, True],),
    sized=True,
    equality="none",
)
TYPES = (VECTOR, HALF_VECTOR, SPARSE_VECTOR, BIT)
