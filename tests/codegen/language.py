"""A project that uses the whole model language and every shape of method, for the emitters' tests."""

from __future__ import annotations

from typing import Literal

from podium.endpoints.definitions import EndpointDefinition, MethodDefinition, ParameterDefinition
from podium.schema.definitions import Protocol
from podium.wire.names import snake_case
from podium.wire.parse import parse_type
from podium.wire.types import TypeRef
from tests.schema.texts import load_texts

MODULE = {
    "badge.spy.yaml": """
class: Badge
fields:
  label: String
""",
}

MODELS = {
    "color.spy.yaml": """
### A paint.
enum: Color
serialized: byIndex
default: gray
properties:
  hex: String
  rank: int, default=0
values:
  - gray:
      hex: '#888'
  ### Also a stop light.
  - red:
      hex: '#f00'
      rank: 2
""",
    "mood.spy.yaml": """
enum: Mood
values:
  - calm
  - delete
""",
    "shape.spy.yaml": """
### Something drawn.
class: Shape
sealed: true
fields:
  ### Its name. */ does not end this, nor does \"\"\".
  label: String
  color: Color, default=red
""",
    "circle.spy.yaml": """
class: Circle
extends: Shape
fields:
  radius: double
""",
    "polygon.spy.yaml": """
class: Polygon
extends: Shape
fields:
  corners: List<(double, double)>
""",
    "square.spy.yaml": """
class: Square
extends: Polygon
immutable: true
fields:
  side: double, default=1
""",
    "point.spy.yaml": """
class: Point
immutable: true
fields:
  x: int
  y: int, default=7
""",
    "everything.spy.yaml": """
class: Everything
fields:
  anInt: int
  aDouble: double
  aBool: bool
  aString: String
  aDateTime: DateTime
  aDuration: Duration
  aUuid: UuidValue
  aUri: Uri
  aBigInt: BigInt
  someBytes: ByteData
  color: Color
  mood: Mood
  vector: Vector(3)
  sparse: SparseVector(4)
  bits: Bit(4)
  place: GeographyPoint
  names: List<String?>
  numbers: Set<int>
  byName: Map<String, int>
  byMood: Map<Mood, List<int>>
  byPoint: Map<Point, String>
  points: Set<Point>
  pair: (int, String)
  one: (int,)
  named: ({int count, Mood? mood})
  mixed: (int, {Point at})?
  shapes: List<Shape>
  badge: module:lab_module:Badge?
  payload: dynamic
  nothing: String?
  mustBeSaid: String?, required
  renamed: int, jsonKey=other_name
  quoted: String, default='a "quoted" \\\\ word'
  constructor: int, default=1
  list: List<int>?
  moment: DateTime, default=2024-05-06T07:08:09.000Z
  pause: Duration, default=1h
  key: UuidValue, default='550e8400-e29b-41d4-a716-446655440000'
  big: BigInt, default=12345678901234567890
  secret: String?, scope=serverOnly
""",
    "record.spy.yaml": """
### A name that TypeScript uses itself.
class: Record
fields:
  made: DateTime, default=now
  id: UuidValue, default=random
  order: UuidValue, default=random_v7
""",
    "hidden.spy.yaml": """
class: Hidden
serverOnly: true
fields:
  password: String
""",
    "auth_success.spy.yaml": """
### The result of a sign-in.
class: AuthSuccess
fields:
  token: String
  tokenExpiresAt: DateTime?
  refreshToken: String?
""",
    "lab_exception.spy.yaml": """
### Something went wrong in the lab.
exception: LabException
fields:
  message: String
  name: String?
""",
    "fire_exception.spy.yaml": """
exception: FireException
extends: LabException
fields:
  degrees: int, default=451
""",
}


def protocol() -> Protocol:
    module, faults = load_texts(MODULE)
    assert not [fault for fault in faults if fault.severity == "error"], faults
    module.name = "lab_module"
    for definition in module.definitions:
        definition.module = "lab_module"
    found, faults = load_texts(MODELS, modules={"lab_module": module})
    assert not [fault for fault in faults if fault.severity == "error"], [str(fault) for fault in faults]
    return found


def endpoints() -> list[EndpointDefinition]:
    """The endpoints that wire_server.py serves."""
    base = [_method("ping", "String", doc="Say pong.")]
    lab = [
        *base,
        _method("echo", "Everything", "Everything value", doc="Return the argument.\n\nIn more than one line."),
        _method("echoShapes", "List<Shape>", "List<Shape> value"),
        _method("echoDynamic", "dynamic", "dynamic value"),
        _method("echoRecord", "({int count, String word})", "({int count, String word}) value"),
        _method(
            "arguments", "String", "String name @Say who. */", "[String? greeting]",
            "[int times=2] @Call it more often.", "{Color? color}", "{bool loud=false} @Write it in 'capitals'.",
        ),
        _method("awkward", "String", "String class", "[String default]", "{required String in}", "{int? options}"),
        _method("authorization", "String", deprecated="Ask whoAmI."),
        _method("openAuthorization", "String", unauthenticated=True),
        _method("signIn", "AuthSuccess", "int seconds"),
        _method("revoke", "void"),
        _method("refreshAccessToken", "AuthSuccess", "{required String refreshToken}", unauthenticated=True),
        _method("fail", "void", "int status"),
        _method("burn", "void", "bool fire"),
        _method("slow", "void"),
        _method("notes", "List<String>"),
        _method("count", "Stream<int>", "int upTo"),
        _method("forever", "Stream<int>"),
        _method("flood", "Stream<int>"),
        _method("flaky", "Stream<String>"),
        _method("shapes", "Stream<Shape>"),
        _method("anything", "Stream<dynamic>"),
        _method("burnStream", "Stream<int>", "bool fire"),
        _method("breakStream", "Stream<int>"),
        _method("authorizedStream", "Stream<String>"),
        _method("doubled", "Stream<int>", "Stream<int> values"),
        _method("total", "int", "Stream<int> values"),
        _method("lists", "Stream<List<Point>>", "Stream<List<Point>> values", "int count"),
    ]  # fmt: skip
    return [
        EndpointDefinition("base", "BaseEndpoint", abstract=True, methods=base),
        EndpointDefinition(
            "close",
            "CloseEndpoint",
            methods=[_method("ping", "String", doc="Say pong, in other words.")],
            parent="BaseEndpoint",
        ),
        EndpointDefinition(
            "lab", "LabEndpoint", doc="Where */ is tried.", methods=lab, parent="BaseEndpoint"
        ),
        EndpointDefinition("status", "StatusEndpoint", module="lab_module", methods=base),
        EndpointDefinition("lab", "LabEndpoint", module="lab_module", methods=base),
    ]


def _method(
    name: str,
    returns: str,
    *parameters: str,
    doc: str = "",
    deprecated: str = "",
    unauthenticated: bool = False,
) -> MethodDefinition:
    taken = tuple(map(_parameter, parameters))
    kind = _type(returns)
    streams = kind.name == "Stream" or any(one.type.name == "Stream" for one in taken)
    return MethodDefinition(
        snake_case(name),
        name,
        kind,
        taken,
        doc,
        streams,
        deprecated=deprecated,
        unauthenticated=unauthenticated,
    )


KINDS: dict[str, Literal["positional", "optional", "named"]] = {"[": "optional", "{": "named"}
"""The kind of a parameter by the bracket in front of it; without one it is positional."""


def _parameter(text: str) -> ParameterDefinition:
    """`int a`, `[int a=2]`, `{int a}`, `{required int a}`; after " @" the reason of its deprecation."""
    text, _, deprecated = text.partition(" @")
    kind = KINDS.get(text[0], "positional")
    text = text.strip("[]{}") if kind != "positional" and " required" not in text else text
    required = kind == "positional" or text.startswith("required ")
    text, _, default = text.removeprefix("required ").partition("=")
    type_text, _, name = text.rpartition(" ")
    value = {"": None, "false": False, "2": 2}[default]
    return ParameterDefinition(
        snake_case(name),
        name,
        _type(type_text),
        kind,
        required,
        value,
        deprecated,
    )


def _type(text: str) -> TypeRef:
    if text == "void":
        return TypeRef("void")
    if text.startswith("Stream<"):
        return TypeRef("Stream", arguments=(parse_type(text[7:-1]),))
    return parse_type(text)
