"""Vectors and geographies as parameters and results: encoded as in models, with the names of Dart's classes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from podium.codegen import dart
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint
from podium.endpoints.errors import InvalidArguments
from podium.endpoints.registry import Registry
from podium.endpoints.testing import acall, call, serving, stream
from podium.wire.types import (
    Bit,
    GeographyGeometryCollection,
    GeographyLineString,
    GeographyPoint,
    GeographyPolygon,
    HalfVector,
    SparseVector,
    Vector,
)
from tests.codegen import language

POINT = "SRID=4326;POINT(13.4 52.5)"


class ShapesEndpoint(Endpoint):
    async def vector(self, call: Call, value: Vector) -> Vector:
        return value

    async def half_vector(self, call: Call, value: HalfVector) -> HalfVector:
        return value

    async def sparse_vector(self, call: Call, value: SparseVector) -> SparseVector:
        return value

    async def bit(self, call: Call, value: Bit) -> Bit:
        return value

    async def point(self, call: Call, value: GeographyPoint | None) -> GeographyPoint | None:
        return value

    async def line(self, call: Call, value: GeographyLineString) -> GeographyLineString:
        return value

    async def polygons(self, call: Call, value: list[GeographyPolygon]) -> list[GeographyPolygon]:
        return value

    async def collection(self, call: Call, value: GeographyGeometryCollection) -> GeographyGeometryCollection:
        return value

    async def vectors(self, call: Call, values: AsyncIterator[Vector]) -> AsyncIterator[Vector]:
        async for value in values:
            yield value


@pytest.fixture(autouse=True)
def served(registry: Registry) -> Iterator[Registry]:
    with serving(ShapesEndpoint) as both:
        yield both


@pytest.mark.parametrize(
    ("method", "value"),
    [
        ("vector", [1.0, 2.5]),
        ("half_vector", [1.0, 2.5]),
        ("sparse_vector", [0.0, 1.5, 0.0]),
        ("bit", [True, False, True]),
        ("point", POINT),
        ("point", None),
        ("line", "SRID=4326;LINESTRING(0 0, 1 1)"),
        ("polygons", ["SRID=4326;POLYGON((0 0, 1 1, 1 0, 0 0))"]),
        ("collection", "SRID=4326;GEOMETRYCOLLECTION(POINT(0 0))"),
    ],
)
def test_vectors_and_geographies_come_back(method: str, value: Any) -> None:
    assert call(f"shapes.{method}", value=value) == value


async def test_vectors_and_geographies_come_back_in_streams() -> None:
    async def values() -> AsyncIterator[list[float]]:
        yield [1.0]
        yield [2.0, 3.0]

    assert [each async for each in stream("shapes.vectors", values=values())] == [[1.0], [2.0, 3.0]]


async def test_wrong_vectors_and_geographies_are_refused() -> None:
    with pytest.raises(InvalidArguments):
        await acall("shapes.vector", value=["a"])
    with pytest.raises(InvalidArguments):
        await acall("shapes.point", value="somewhere")


def test_the_dart_client_has_its_own_classes_for_vectors_and_geographies(served: Registry) -> None:
    shapes = [each for each in served.definitions() if each.name == "shapes"]
    text = dart.emit(language.protocol(), shapes, package="lab", version="1.0.0")[
        "lib/src/protocol/client.dart"
    ]
    for kind in ("Vector", "HalfVector", "SparseVector", "Bit", "GeographyPoint", "GeographyLineString"):
        assert f"Future<_sp.{kind}" in text and f"_sp.{kind}" in text.partition("Future<_sp." + kind)[2]
    assert "Stream<_sp.Vector> vectors(Stream<_sp.Vector> values)" in text
