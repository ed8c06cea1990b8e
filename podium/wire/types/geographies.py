"""The shapes of PostGIS: `GeographyPoint` and others."""

from __future__ import annotations

import re
from typing import Any

from podium.wire.mismatch import Pair, mismatch
from podium.wire.types import ref
from podium.wire.types.definition import Column, Dart, Python, PythonClient, TypeScript, WireType
from podium.wire.types.numbers import to_double, to_int


def _pair(name: str, shape: str) -> Pair:
    """The pair for EWKT, "SRID=4326;POINT(13.4 52.5)". A point is also read from a map."""
    pattern = re.compile(rf"(SRID=\d{{1,6}};)?\s*{shape}\s*(\([-+\d.eE,\s()A-Z]*\)|EMPTY)", re.IGNORECASE)

    def convert(value: Any) -> str:
        if shape == "POINT" and isinstance(value, dict):
            longitude, latitude = to_double(value.get("longitude")), to_double(value.get("latitude"))
            return f"SRID={to_int(value.get('srid') or 4326)};POINT({longitude} {latitude})"
        if isinstance(value, str) and (found := pattern.fullmatch(value)):
            return value if found[1] else f"SRID=4326;{value}"
        raise mismatch(f"{name} as SRID=4326;{shape}(...)", value)

    return Pair(convert, convert)


def _shape(annotation: Any, sample: str) -> WireType:
    """The definition of one shape; shapes differ only in their name."""
    name: str = annotation.__name__
    shape = name.removeprefix("Geography")
    return WireType(
        name=name,
        python=Python(annotation=annotation, text="str"),
        codec=_pair(name, shape.upper()),
        column=Column(
            field="podium.database.fields.GeographyField", arguments=lambda ref: [f'"{shape}"'], place=True
        ),
        dart=Dart(type=f"_sp.{name}", read=f"_sp.{name}JsonExtension.fromJson({{}})"),
        typescript=TypeScript(type="string", codec=f'wire.geography("{name}")'),
        python_client=PythonClient(type="str", codec=f'wire.geography("{name}")'),
        openapi={"type": "string", "description": "EWKT."},
        samples=(sample,),
        collides=False,
    )


TYPES = (
    _shape(ref.GeographyPoint, "SRID=4326;POINT(13.4 52.5)"),
    _shape(ref.GeographyLineString, "SRID=4326;LINESTRING(0 0,1 1)"),
    _shape(ref.GeographyPolygon, "SRID=4326;POLYGON((0 0,1 0,1 1,0 0))"),
    _shape(ref.GeographyGeometryCollection, "SRID=4326;GEOMETRYCOLLECTION(POINT(1 2))"),
)
