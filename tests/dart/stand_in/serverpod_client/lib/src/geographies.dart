// Places on the globe, written as EWKT: SRID=4326;POINT(9.99 53.55).

abstract class Geography {
  static const int defaultSrid = 4326;

  int get srid;

  String toEwkt();
}

class GeographyPoint implements Geography {
  const GeographyPoint({required this.longitude, required this.latitude, this.srid = Geography.defaultSrid});

  final double longitude;
  final double latitude;

  @override
  final int srid;

  @override
  String toEwkt() => 'SRID=$srid;POINT($longitude $latitude)';

  @override
  bool operator ==(Object other) => other is GeographyPoint && other.toEwkt() == toEwkt();

  @override
  int get hashCode => toEwkt().hashCode;
}

class GeographyLineString implements Geography {
  const GeographyLineString({required this.points, this.srid = Geography.defaultSrid});

  final List<GeographyPoint> points;

  @override
  final int srid;

  @override
  String toEwkt() => 'SRID=$srid;LINESTRING${_line(points)}';

  @override
  bool operator ==(Object other) => other is GeographyLineString && other.toEwkt() == toEwkt();

  @override
  int get hashCode => toEwkt().hashCode;
}

class GeographyPolygon implements Geography {
  const GeographyPolygon({required this.exteriorRing, this.holes = const [], this.srid = Geography.defaultSrid});

  final List<GeographyPoint> exteriorRing;
  final List<List<GeographyPoint>> holes;

  @override
  final int srid;

  @override
  String toEwkt() => 'SRID=$srid;POLYGON(${[exteriorRing, ...holes].map(_line).join(', ')})';

  @override
  bool operator ==(Object other) => other is GeographyPolygon && other.toEwkt() == toEwkt();

  @override
  int get hashCode => toEwkt().hashCode;
}

class GeographyGeometryCollection implements Geography {
  const GeographyGeometryCollection({required this.geometries, this.srid = Geography.defaultSrid});

  final List<Geography> geometries;

  @override
  final int srid;

  @override
  String toEwkt() {
    final parts = geometries.map((one) => one.toEwkt().split(';').last);
    return 'SRID=$srid;GEOMETRYCOLLECTION(${parts.join(', ')})';
  }

  @override
  bool operator ==(Object other) => other is GeographyGeometryCollection && other.toEwkt() == toEwkt();

  @override
  int get hashCode => toEwkt().hashCode;
}

String _line(List<GeographyPoint> points) => '(${points.map((one) => '${one.longitude} ${one.latitude}').join(', ')})';

/// Read EWKT. Throws a FormatException for any other text.
Geography geographyFromEwkt(String text) {
  final written = RegExp(r'^(?:SRID=(\d+);)?\s*([A-Z]+)\s*\((.*)\)$').firstMatch(text.trim());
  if (written == null) throw FormatException('The text is not valid EWKT.', text);
  final srid = int.parse(written[1] ?? '${Geography.defaultSrid}');
  final inside = written[3]!;
  return switch (written[2]) {
    'POINT' => _points(inside, srid).single,
    'LINESTRING' => GeographyLineString(points: _points(inside, srid), srid: srid),
    'POLYGON' => _polygon(inside, srid),
    'GEOMETRYCOLLECTION' => GeographyGeometryCollection(
      geometries: [for (final one in _parts(inside)) geographyFromEwkt('SRID=$srid;$one')],
      srid: srid,
    ),
    _ => throw FormatException('The text is not EWKT of a known type.', text),
  };
}

GeographyPolygon _polygon(String text, int srid) {
  final rings = [for (final ring in _parts(text)) _points(ring.substring(1, ring.length - 1), srid)];
  return GeographyPolygon(exteriorRing: rings.first, holes: rings.skip(1).toList(), srid: srid);
}

List<GeographyPoint> _points(String text, int srid) => [
  for (final pair in text.split(',').map((pair) => pair.trim().split(RegExp(r'\s+'))))
    if (pair case [final longitude, final latitude])
      GeographyPoint(longitude: double.parse(longitude), latitude: double.parse(latitude), srid: srid),
];

/// Split at the commas outside of brackets.
List<String> _parts(String text) {
  final parts = <String>[];
  var depth = 0, start = 0;
  for (final (at, letter) in text.split('').indexed) {
    depth += switch (letter) {
      '(' => 1,
      ')' => -1,
      _ => 0,
    };
    if (letter == ',' && depth == 0) {
      parts.add(text.substring(start, at).trim());
      start = at + 1;
    }
  }
  return [...parts, text.substring(start).trim()];
}
