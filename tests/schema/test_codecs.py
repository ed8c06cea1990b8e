"""Values on the wire, without a database: each type in both directions, classes, dynamic values, errors."""

from __future__ import annotations

import datetime
import enum
import json
import uuid
from dataclasses import dataclass
from typing import Any

import pytest

from podium.wire.classes import SerializableException, WireClass, WireEnum, WireExtra, WireField, register
from podium.wire.codecs import (
    codec,
    decode_dynamic,
    dumps,
    encode_as,
    encode_dynamic,
    loads,
    storable,
    stored,
)
from podium.wire.errors import WireError


class Color(enum.Enum):
    RED = "red"
    DARK_BLUE = "darkBlue"


class Size(enum.Enum):
    SMALL = "small"
    LARGE = "large"


@dataclass(kw_only=True)
class Leaf:
    name: str
    color: Color = Color.RED
    secret: str | None = None
    leaves: list[Leaf] | None = None


@dataclass(kw_only=True)
class OakLeaf(Leaf):
    teeth: int


@dataclass(kw_only=True)
class HiddenLeaf(Leaf):
    pass


@dataclass(kw_only=True)
class Animal:
    name: str


@dataclass(kw_only=True)
class Cat(Animal):
    lives: int = 9


@dataclass(kw_only=True)
class Stone:
    weight: float


@dataclass(kw_only=True, frozen=True)
class Frozen:
    weight: float


@dataclass(kw_only=True, eq=False)
class LeafFell(SerializableException):
    when: datetime.datetime | None = None


class Plain:
    def __init__(self, data: Any) -> None:
        self.data = data

    def to_json(self) -> Any:
        return self.data

    @classmethod
    def from_json(cls, data: Any) -> Plain:
        return cls(data)


LEAF = [
    WireField("name", "name", "String"),
    WireField("color", "color", "CtColor", has_default=True),
    WireField("secret", "secret", "String?", scope="serverOnly"),
    WireField("leaves", "leaves", "List<CtLeaf>?"),
]
register(
    [
        WireEnum("CtColor", Color, "byName"),
        WireEnum("CtSize", Size, "byIndex", default=Size.SMALL),
        WireClass("CtLeaf", Leaf, LEAF),
        WireClass("CtOakLeaf", OakLeaf, [*LEAF, WireField("teeth", "teeth", "int")], parent="CtLeaf"),
        WireClass("CtHiddenLeaf", HiddenLeaf, LEAF, parent="CtLeaf", server_only=True),
        WireClass("CtAnimal", Animal, [WireField("name", "name", "String")], sealed=True),
        WireClass(
            "CtCat",
            Cat,
            [WireField("name", "name", "String"), WireField("lives", "lives", "int", has_default=True)],
            parent="CtAnimal",
        ),
        WireClass("ct.Stone", Stone, [WireField("weight", "weight", "double")]),
        WireClass("CtFrozen", Frozen, [WireField("weight", "weight", "double")]),
        WireExtra("CtPlain", Plain),
        WireClass("CtLeafFell", LeafFell, [WireField("when", "when", "DateTime?")]),
    ]
)

UTC = datetime.UTC
KEY = uuid.UUID("3f2504e0-4f89-11d3-9a0c-0305e82c3301")

VALUES = [
    ("int", -(2**63), -(2**63)),
    ("double", 1.0, 1.0),
    ("bool", True, True),
    ("String", "é", "é"),
    ("DateTime", datetime.datetime(2030, 1, 1, tzinfo=UTC), "2030-01-01T00:00:00.000Z"),
    ("DateTime", datetime.datetime(2030, 1, 1, 0, 0, 0, 1, tzinfo=UTC), "2030-01-01T00:00:00.000001Z"),
    ("Duration", datetime.timedelta(milliseconds=-1), -1),
    ("UuidValue", KEY, str(KEY)),
    ("Uri", "https://example.org/a?b#c", "https://example.org/a?b#c"),
    ("BigInt", 2**100, str(2**100)),
    ("ByteData", b"\x00\xff", "decode('AP8=', 'base64')"),
    ("ByteData", b"", "decode('', 'base64')"),
    ("Vector(2)", [1.0, 2.5], [1.0, 2.5]),
    ("HalfVector(2)", [1.0, 2.5], [1.0, 2.5]),
    ("SparseVector(4)", [0.0, 1.5, 0.0, 2.0], "{2:1.5,4:2.0}/4"),
    ("Bit(3)", [True, False, True], "101"),
    ("GeographyPoint", "SRID=4326;POINT(13.4 52.5)", "SRID=4326;POINT(13.4 52.5)"),
    (
        "GeographyPolygon",
        "SRID=4326;POLYGON((0 0, 1 1, 1 0, 0 0))",
        "SRID=4326;POLYGON((0 0, 1 1, 1 0, 0 0))",
    ),
    ("List<int?>", [1, None], [1, None]),
    ("Set<String>", {"a"}, ["a"]),
    ("Set<List<int>>", [[1], [1]], [[1], [1]]),
    ("Set<CtColor>", {Color.RED}, ["red"]),
    ("Set<Set<int>?>", [{1}, None], [[1], None]),
    ("Set<(int, CtLeaf?)>", [(1, None)], [{"p": [1, None]}]),
    ("Map<String, int>", {"a": 1}, {"a": 1}),
    ("Map<List<int>, String>", [([1], "a"), ([1], "b")], [{"k": [1], "v": "a"}, {"k": [1], "v": "b"}]),
    ("Map<int, String>", {1: "a"}, [{"k": 1, "v": "a"}]),
    ("Map<CtColor, int?>", {Color.DARK_BLUE: None}, [{"k": "darkBlue", "v": None}]),
    ("(int, String)", (1, "a"), {"p": [1, "a"]}),
    ("({int count})", (1,), {"n": {"count": 1}}),
    ("(int?, {String? fullName})?", (None, "a"), {"p": [None], "n": {"fullName": "a"}}),
    ("CtColor", Color.DARK_BLUE, "darkBlue"),
    ("CtSize", Size.LARGE, 1),
    ("CtLeaf?", None, None),
    ("CtLeaf", Leaf(name="a"), {"__className__": "CtLeaf", "name": "a", "color": "red"}),
    ("module:ct:Stone", Stone(weight=1.5), {"__className__": "ct.Stone", "weight": 1.5}),
    (
        "CtLeaf",
        Leaf(name="a", leaves=[OakLeaf(name="b", teeth=3)]),
        {
            "__className__": "CtLeaf",
            "name": "a",
            "color": "red",
            "leaves": [{"__className__": "CtOakLeaf", "name": "b", "color": "red", "teeth": 3}],
        },
    ),
    ("CtAnimal", Cat(name="Tom"), {"__className__": "CtCat", "name": "Tom", "lives": 9}),
    ("dynamic", None, {"className": "null", "data": None}),
    (
        "dynamic",
        {"a": [1, 2.5, 2**70, {Color.RED}]},
        {
            "className": "Map",
            "data": {
                "a": {
                    "className": "List",
                    "data": [
                        {"className": "int", "data": 1},
                        {"className": "double", "data": 2.5},
                        {"className": "BigInt", "data": str(2**70)},
                        {"className": "Set", "data": [{"className": "CtColor", "data": "red"}]},
                    ],
                }
            },
        },
    ),
    (
        "dynamic",
        {1: Stone(weight=1.0)},
        {
            "className": "Map",
            "data": [
                {
                    "k": {"className": "int", "data": 1},
                    "v": {"className": "ct.Stone", "data": {"__className__": "ct.Stone", "weight": 1.0}},
                }
            ],
        },
    ),
]


@pytest.mark.parametrize(
    ("kind", "value", "wire"), VALUES, ids=[f"{kind}-{wire}"[:60] for kind, _, wire in VALUES]
)
def test_each_type_goes_both_ways(kind: str, value: Any, wire: Any) -> None:
    written = codec(kind).encode(value)
    assert written == wire
    assert json.loads(dumps(written)) == wire
    assert codec(kind).decode(loads(dumps(written))) == value


def test_a_class_starts_with_its_name_and_omits_null_and_hidden_fields() -> None:
    text = dumps(codec("CtLeaf").encode(Leaf(name="a", secret="s")))
    assert text == b'{"__className__":"CtLeaf","name":"a","color":"red"}'
    assert stored("CtLeaf").encode(Leaf(name="a", secret="s"))["secret"] == "s"


def test_hidden_fields_are_not_accepted_from_a_client() -> None:
    data = {"__className__": "CtLeaf", "name": "a", "secret": "s"}
    assert codec("CtLeaf").decode(data).secret is None
    assert stored("CtLeaf").decode(data).secret == "s"


def test_doubles_are_written_with_a_point() -> None:
    assert dumps(codec("List<double>").encode([1, 2.0])) == b"[1.0,2.0]"
    assert dumps(codec("Vector(1)").encode([1])) == b"[1.0]"


@pytest.mark.parametrize(
    ("kind", "data", "value"),
    [
        ("bool", 1, True),
        ("bool", 0, False),
        ("double", 1, 1.0),
        ("DateTime", 1_000, datetime.datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)),
        ("DateTime", "2030-01-01T02:00:00+02:00", datetime.datetime(2030, 1, 1, tzinfo=UTC)),
        ("DateTime", "2030-01-01 00:00:00.5", datetime.datetime(2030, 1, 1, 0, 0, 0, 500000, tzinfo=UTC)),
        ("SparseVector(2)", [0, 1], [0.0, 1.0]),
        ("Bit(2)", [True, 0], [True, False]),
        ("GeographyPoint", {"longitude": 1, "latitude": 2}, "SRID=4326;POINT(1.0 2.0)"),
        ("CtSize", 7, Size.SMALL),
        ("CtLeaf", {"name": "a", "color": None, "new": 1}, Leaf(name="a")),
        ("CtLeaf", {"__className__": "CtPine", "name": "a"}, Leaf(name="a")),
        ("CtLeaf", {"__className__": "ct.Stone", "name": "a"}, Leaf(name="a")),
        ("List<CtAnimal>", [{"__className__": "CtCat", "name": "Tom"}], [Cat(name="Tom")]),
    ],
)
def test_forms_of_other_writers_are_read_too(kind: str, data: Any, value: Any) -> None:
    assert codec(kind).decode(data) == value


@pytest.mark.parametrize(
    ("kind", "data", "message"),
    [
        ("int", "1", "the value: expected int, got a string"),
        ("int", True, "the value: expected int, got a boolean"),
        ("int", 2**63, "the value: expected int (64 bits), got a larger number"),
        ("double", "x", "the value: expected double, got a string"),
        ("bool", 2, "the value: expected bool, got a whole number"),
        ("String", None, "the value: expected String, got null"),
        ("String", "a\x00b", "the value: expected String, got text with a NUL character"),
        (
            "DateTime",
            "soon",
            "the value: expected DateTime as 2030-01-31T23:59:00.000Z, got another text or time",
        ),
        (
            "DateTime",
            10**18,
            "the value: expected DateTime as 2030-01-31T23:59:00.000Z, got another text or time",
        ),
        ("Duration", 10**18, "the value: expected Duration of at most 999999999 days"),
        ("UuidValue", "3f2504e04f8911d39a0c0305e82c3301", "the value: expected UuidValue, got a string"),
        ("BigInt", "1e5", "the value: expected BigInt as a string of digits, got a string"),
        ("ByteData", "AP8=", "the value: expected ByteData as decode('<base64>', 'base64'), got a string"),
        ("Vector(2)", [1.0], "the value: expected Vector(2), got 1 entries"),
        ("SparseVector(2)", "{1:1}/99999999999", "the value: expected SparseVector(2), got another string"),
        (
            "GeographyPoint",
            "POINT; DROP",
            "the value: expected GeographyPoint as SRID=4326;POINT(...), got a string",
        ),
        ("List<int>", [1, "a"], "[1]: expected int, got a string"),
        ("Map<String, List<int>>", {"a": [1.5]}, "['a'][0]: expected int, got a number"),
        ("Map<int, int>", [{"v": 1}], '[0]: expected an entry {"k": ..., "v": ...}, got an object'),
        ("(int, {String name})", {"p": [1], "n": {}}, "name: expected String, got null"),
        ("CtColor", "green", "the value: expected CtColor: one of red, darkBlue, got another value"),
        ("CtColor", 0, "the value: expected CtColor by its name, got a whole number"),
        ("CtLeaf", {}, "name: expected String, got nothing"),
        (
            "CtLeaf",
            {"name": "a", "leaves": [{"name": 1}]},
            "leaves[0].name: expected String, got a whole number",
        ),
        (
            "CtAnimal",
            {"name": "?"},
            "the value: expected a subclass of CtAnimal, which is sealed, got CtAnimal",
        ),
        (
            "CtAnimal",
            {"__className__": "CtLeaf", "name": "?"},
            "the value: expected a subclass of CtAnimal, which is sealed, got another class",
        ),
        (
            "CtHiddenLeaf",
            {"name": "?"},
            "the value: expected a class that clients may see, and CtHiddenLeaf is serverOnly",
        ),
        (
            "CtNowhere",
            {},
            "the value: expected a known class, but CtNowhere is not registered (is its module imported?)",
        ),
        ("dynamic", [1], 'the value: expected {"className": ..., "data": ...}, got a list'),
        ("dynamic", {"className": "CtNowhere", "data": 1}, None),
        (
            "dynamic",
            {"className": "List<", "data": 1},
            "the value: expected a className that names a type, got another string",
        ),
        ("dynamic", {"className": "CtHiddenLeaf", "data": {"name": "?"}}, None),
        ("Set<List<int>>", [[1], ["a"]], "[1][0]: expected int, got a string"),
        (
            "Map<List<int>, int>",
            {"a": 1},
            'the value: expected Map<List<int>, int> as a list of {"k": ..., "v": ...}, got an object',
        ),
    ],
)
def test_a_wrong_value_is_refused_with_its_place(kind: str, data: Any, message: str | None) -> None:
    with pytest.raises(WireError) as refused:
        codec(kind).decode(data)
    if message is not None:
        assert str(refused.value) == message


@pytest.mark.parametrize(
    "wrapped",
    [
        {"className": "Set", "data": [{"className": "List", "data": [{"className": "int", "data": 1}]}]},
        {
            "className": "Map",
            "data": [{"k": {"className": "List", "data": []}, "v": {"className": "bool", "data": True}}],
        },
        {
            "className": "Set",
            "data": [{"className": "ct.Stone", "data": {"__className__": "ct.Stone", "weight": 1.0}}],
        },
    ],
)
def test_a_dynamic_set_or_map_with_unhashable_entries_is_written_as_it_was_read(wrapped: Any) -> None:
    value = decode_dynamic(wrapped)
    assert isinstance(value, list)
    assert encode_dynamic(value) == wrapped
    named = decode_dynamic({"className": "Set<List<int>>", "data": [[1], [2]]})
    assert named == [[1], [2]]
    assert encode_dynamic(named)["className"] == "Set"


def test_hashable_values_may_be_a_set_or_dict_instead_of_a_list() -> None:
    stone = Frozen(weight=1.0)
    assert codec("Set<CtFrozen>").encode({stone}) == [{"__className__": "CtFrozen", "weight": 1.0}]
    assert codec("Map<(CtFrozen,), int>").encode({(stone,): 1})[0]["v"] == 1
    assert codec("Set<CtFrozen>").decode([{"weight": 1.0}, {"weight": 1.0}]) == [stone, stone]


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("double", float("nan"), "finite"),
        ("int", 2**63, "64 bits"),
        ("DateTime", datetime.datetime(2030, 1, 1), "naive"),  # noqa: DTZ001
        ("String", 1, "expected String, got a whole number"),
        ("CtLeaf", Stone(weight=1.0), "expected CtLeaf, got Stone"),
        ("CtLeaf", HiddenLeaf(name="a"), "serverOnly"),
        ("CtLeaf", Leaf(name=None), "name: expected String, got null"),  # type: ignore[arg-type]
        ("CtAnimal", Animal(name="?"), "a subclass of CtAnimal, which is sealed"),
        ("dynamic", HiddenLeaf(name="a"), "serverOnly"),
        ("dynamic", object(), "expected a value that the wire knows"),
        ("(int, int)", (1,), "a tuple of 2"),
        ("Set<int>", [1], "expected Set<int>, got a list"),
        ("Map<int, int>", [(1, 2)], "expected Map<int, int>, got a list"),
        ("Map<List<int>, int>", [([1], 2, 3)], r"\[0\]: expected a pair \(key, value\), got tuple"),
    ],
)
def test_a_wrong_result_is_refused_too(kind: str, value: Any, message: str) -> None:
    with pytest.raises(WireError, match=message):
        codec(kind).encode(value)


def test_unlimited_nesting_is_refused() -> None:
    deep: dict[str, Any] = {"name": "a"}
    for _ in range(3000):
        deep = {"name": "a", "leaves": [deep]}
    with pytest.raises(WireError, match="less nesting"):
        codec("CtLeaf").decode(deep)
    with pytest.raises(WireError, match="not JSON"):
        loads("[" * 100_000)


def test_broken_json_is_refused() -> None:
    for text in (b"{", b'"\xff"', b"nan", ""):
        with pytest.raises(WireError, match="not JSON"):
            loads(text)


def test_values_of_a_declared_type_carry_its_name() -> None:
    assert encode_as("int", 1) == {"className": "int", "data": 1}
    assert encode_as("CtColor", Color.RED) == {"className": "CtColor", "data": "red"}
    assert encode_as("CtLeaf", OakLeaf(name="a", teeth=1))["className"] == "CtOakLeaf"
    assert encode_as("List<module:ct:Stone?>?", [None]) == {"className": "List<ct.Stone?>?", "data": [None]}
    assert encode_as("(int,{CtColor color})", (1, Color.RED)) == {
        "className": "(int,{CtColor color})",
        "data": {"p": [1], "n": {"color": "red"}},
    }
    assert encode_as("Map<String, int>", {"a": 1})["className"] == "Map<String,int>"
    assert encode_as("Vector(2)", [1.0, 2.0])["className"] == "Vector"
    assert encode_as("int?", None) == {"className": "null", "data": None}
    assert encode_as("dynamic", [1]) == {"className": "List", "data": [{"className": "int", "data": 1}]}


@pytest.mark.parametrize(
    ("kind", "value", "name"),
    [
        ("List<module:ct:Stone?>", [Stone(weight=1.0), None], "ct.List<Stone?>"),
        ("Map<String, Set<module:ct:Stone>>?", {"a": []}, "ct.Map<String,Set<Stone>>?"),
        ("(int?, module:ct:Stone?)", (1, Stone(weight=1.0)), "ct.(int?,Stone?)"),
        ("(int,)", (1,), "ct.(int,)"),
        ("List<int>", [1], "ct.List<int>"),
        ("List<CtColor>", [Color.RED], "ct.List<CtColor>"),
        ("module:ct:Stone", Stone(weight=1.0), "ct.Stone"),
        ("int", 1, "int"),
    ],
)
def test_a_module_names_containers_without_its_prefix_on_its_streams(
    kind: str, value: Any, name: str
) -> None:
    """So that its own client knows them, and the project's client finds the module."""
    sent = encode_as(kind, value, "ct")
    assert sent["className"] == name
    assert decode_dynamic(sent) == value


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("List<module:ct:Stone?>?", [Stone(weight=1.0), None]),
        ("Map<String, List<int>>", {"a": [1]}),
        ("(int, {CtColor color})", (1, Color.RED)),
        ("Set<DateTime>", {datetime.datetime(2030, 1, 1, tzinfo=UTC)}),
        ("CtLeaf", Leaf(name="a")),
        ("Vector(2)", [1.0, 2.0]),
    ],
)
def test_a_named_value_is_read_by_its_name(kind: str, value: Any) -> None:
    assert decode_dynamic(encode_as(kind, value)) == value


def test_an_exception_is_sent_with_its_class() -> None:
    moment = datetime.datetime(2030, 1, 1, tzinfo=UTC)
    sent = encode_dynamic(LeafFell(when=moment))
    assert sent == {
        "className": "CtLeafFell",
        "data": {"__className__": "CtLeafFell", "when": "2030-01-01T00:00:00.000Z"},
    }
    received = decode_dynamic(sent)
    assert isinstance(received, LeafFell)
    assert received.when == moment


def test_between_servers_nothing_is_hidden() -> None:
    sent = encode_dynamic(HiddenLeaf(name="a", secret="s"), stored=True)
    assert decode_dynamic(sent, stored=True) == HiddenLeaf(name="a", secret="s")


def test_a_class_registered_again_replaces_the_old_one() -> None:
    codec("CtStone").type  # noqa: B018  requested before it is registered
    register([WireClass("CtStone", Stone, [WireField("weight", "weight", "double")])])
    assert codec("CtStone").decode({"weight": 1}) == Stone(weight=1.0)
    register([WireClass("CtStone", Stone, [WireField("heft", "weight", "double")])])
    assert codec("CtStone").decode({"heft": 1}) == Stone(weight=1.0)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ((1, "a"), "(int,String)"),
        ((2**70,), "(BigInt,)"),
        ((1.5, (True, b"x")), "(double,(bool,ByteData))"),
        (([1], None, {"a": 1}), "(dynamic,dynamic,dynamic)"),
    ],
)
def test_a_record_in_a_dynamic_value_comes_back(value: Any, name: str) -> None:
    written = encode_dynamic(value)
    assert written["className"] == name
    assert decode_dynamic(loads(dumps(written))) == value


def test_a_record_with_names_keeps_them_in_a_dynamic_value() -> None:
    given = {"className": "(int,{String lastName})", "data": {"p": [1], "n": {"lastName": "b"}}}
    read = decode_dynamic(given)
    assert read.last_name == "b"
    assert encode_dynamic(read) == given
    with pytest.raises(WireError, match="a value that the wire knows"):
        encode_dynamic((1, object()))


SURROGATE = r"text with a lone surrogate (\ud83d), which is half of a character"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (rb'"\ud83d"', f"expected String, got {SURROGATE}"),
        (rb'{"note":{"tags":["a","b\ud83dc"]}}', f"note.tags[1]: expected String, got {SURROGATE}"),
        (rb'{"note":{"\ud83d":1}}', f"note: expected String, got a key that is {SURROGATE}"),
        (rb'["\ud83d\ud83d\ude00"]', f"[0]: expected String, got {SURROGATE}"),
        (b'"\xed\xa0\xbd"', f"expected String, got {SURROGATE}"),
        ('"\ud83d"', f"expected String, got {SURROGATE}"),
    ],
)
def test_half_of_a_character_has_its_own_message(text: bytes | str, message: str) -> None:
    with pytest.raises(WireError) as refused:
        loads(text)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("String", "a{}"),
        ("List<String>", ["a", "{}"]),
        ("Map<String, int>", {"{}": 1}),
        ("Uri", "https://a.example/{}"),
        ("dynamic", {"className": "Map", "data": {"{}": {"className": "int", "data": 1}}}),
        ("dynamic", {"className": "String", "data": "{}"}),
        ("CtLeaf", {"name": "{}"}),
        ("(int, {String name})", {"p": [1], "n": {"name": "{}"}}),
        ("CtPlain", {"deep": [{"{}": 1}]}),
    ],
)
@pytest.mark.parametrize("of", [codec, stored])
@pytest.mark.parametrize("odd", ["\x00", "\ud83d", "\udc00"])
def test_text_that_postgres_cannot_store_is_refused_everywhere(
    kind: str, data: Any, of: Any, odd: str
) -> None:
    placed = json.loads(json.dumps(data).replace("{}", json.dumps(odd)[1:-1]))
    with pytest.raises(WireError, match=r"NUL|surrogate|control characters"):
        of(kind).decode(placed)
    of(kind).decode(json.loads(json.dumps(data).replace("{}", "fine")))


def test_stored_text_has_neither_nul_nor_half_of_a_character() -> None:
    assert storable({"a": r"\u0000 is spelt"}) == rb'{"a":"\\u0000 is spelt"}'
    for odd, reason in (("\x00", "NUL"), ("\ud83d", "lone surrogate")):
        with pytest.raises(WireError, match=rf"^a\[1\]: expected String, got text with a {reason}"):
            storable({"a": ["b", odd]})
