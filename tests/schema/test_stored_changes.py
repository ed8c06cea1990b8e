"""The meaning and conversion of stored JSON after a change of enums and classes."""

from __future__ import annotations

import pytest

from podium.schema.stored_changes import compare, inverse
from podium.schema.stored_values import conversion

COLOR = {"Color": {"values": ["red", "green"]}}
BY_INDEX = {"Color": {"values": ["red", "green"], "by_index": True}}


def color(*values, **options):
    return {"Color": {"values": list(values), **options}}


def page(**fields):
    return {"Page": {"fields": fields}}


def shapes(*names, **of_shape):
    found = {"Shape": {"fields": {"name": "String"}, **of_shape}}
    return found | {name: {"fields": {"name": "String"}, "parent": "Shape"} for name in names}


def effects(old, before, new, after, **becomes):
    return [change.text for change in compare(old, before, new, after, becomes).changes]


@pytest.mark.parametrize(
    ("old", "before", "new", "after"),
    [
        ("List<Color>", COLOR, "List<Color>", color("green", "blue", "red")),
        ("List<Color>", BY_INDEX, "Set<Color>", color("red", "green", "blue", by_index=True)),
        ("List<Color>", COLOR, "List<Color?>", color("red", "green", fallback="red")),
        ("List<Color>", COLOR, "List<Hue>", {"Hue": COLOR["Color"]}),
        ("List<Color>", COLOR, "List<String>", {}),
        ("Page", page(a="String"), "Page", page(b="int?", a="String?", c="int, default", d="dynamic")),
        ("Page", page(a="int"), "Sheet", {"Sheet": {"fields": {"a": "double"}}}),
        ("Page", page(a="DateTime", next="Page?"), "Page", page(a="String", next="Page?")),
        ("Shape", shapes("Circle"), "Shape", shapes("Circle", "Square")),
        ("Shape", shapes("Circle", sealed=True), "Shape", shapes("Circle")),
        ("Map<String, int>", {}, "Map<String, double>", {}),
        ("(int, {String name})", {}, "(int, {String name, int? size})", {}),
        ("dynamic", {}, "dynamic", {}),
    ],
)
def test_a_change_that_keeps_the_meaning_is_not_named(old, before, new, after):
    assert effects(old, before, new, after) == []


@pytest.mark.parametrize(
    ("old", "before", "new", "after", "named"),
    [
        ("List<Color>", COLOR, "List<Color>", color("red"), "Color no longer has green: map it with --map"),
        ("Map<Color, int>", BY_INDEX, "Map<Color, int>", color("green", "red", by_index=True), "moves red from 0 to 1"),
        ("Map<String, Color>", BY_INDEX, "Map<String, Color>", COLOR, "Color is stored by name, was by index"),
        ("(Color, int)", COLOR, "(Color, int)", BY_INDEX, "Color is stored by index, was by name"),
        ("Color", color("a", fallback="a"), "Color", color("a"), "unknown values of Color cannot be read"),
        ("Color", color("a", "b", fallback="a"), "Color", color("a", "b", fallback="b"), "are read as b, were a"),
        ("List<Color?>", COLOR, "List<Color>", COLOR, "may no longer be null"),
        ("List<Color>", BY_INDEX, "List<String>", {}, "is read as String, was stored as Color"),
        ("List<String>", {}, "List<Color>", COLOR, "is read as Color, was stored as String"),
        ("Page", page(a="String"), "Page", page(b="String?"), "Page no longer has a: it is lost"),
        ("Page", page(a="String"), "Page", page(a="String", b="int"), "Page.b is required"),
        ("Page", page(a="String?"), "Page", page(a="String"), "Page.a may no longer be null"),
        ("Page", page(a="double"), "Page", page(a="int"), "Page.a is read as int, was stored as double"),
        ("Page", page(a="int"), "Page", page(a="Duration"), "Page.a is read as Duration, was stored as int"),
        ("Page", page(next="Page?", a="int"), "Page", page(next="Page?"), "Page no longer has a"),
        ("List<Page>", page(c="Color") | COLOR, "List<Page>", page(c="Color") | color("red"), "no longer has green"),
        ("Shape", shapes("Circle"), "Shape", shapes(), "Circle is no longer a Shape: stored values of it are read as"),
        ("Shape", shapes("Circle", sealed=True), "Shape", shapes("Disc", sealed=True), "cannot be read"),
        ("Shape", shapes("Circle"), "Shape", shapes("Circle", sealed=True), "Shape becomes sealed"),
        ("Map<String, int>", {}, "Map<int, int>", {}, "is read as Map<int, int>, was stored as Map<String, int>"),
        ("List<int>", {}, "Map<String, int>", {}, "is read as Map"),
        ("(int, int)", {}, "(int, int, int)", {}, "may not fit"),
        ("(int, {String a})", {}, "(int, {String b})", {}, "may not fit"),
        ("List<int>", {}, "dynamic", {}, "is read as dynamic"),
        ("dynamic", {}, "List<int>", {}, "was stored as dynamic"),
        ("List<Vector(3)>", {}, "List<Vector(4)>", {}, "is read as Vector(4)"),
        (
            "Page", {"Page": {"fields": {"b": "int", "c": "int"}, "attributes": {"b": "a"}}},
            "Page", page(a="int, default", b="int?", c="int, default"),
            "what is stored as b is read as another field, whose jsonKey was another (--map Page.b=a)",
        ),
    ],
)  # fmt: skip
def test_a_change_of_meaning_is_named(old, before, new, after, named):
    found = effects(old, before, new, after)
    assert len(found) == 1 and named in found[0], found


def test_keys_of_a_map_that_become_one_are_named():
    found = effects("Map<Color, int>", COLOR, "Map<Color, int>", color("red"), **{"Color.green": "red"})
    assert found == [
        "Color.red and Color.green become one key of Map<Color, int>: where a map has both, one entry is lost"
    ]


def test_a_field_that_gets_another_json_key_is_named_with_it():
    after = {"Page": {"fields": {"b": "int, default"}, "attributes": {"b": "a"}}}
    assert effects("Page", page(a="int"), "Page", after) == [
        "Page no longer has a: it is lost when a row is saved (renamed? --map Page.a=b)"
    ]
    assert effects("Page", page(a="int"), "Page", after, **{"Page.a": "b"}) == []


def test_values_are_converted_at_any_depth_and_back():
    before = BY_INDEX | page(title="String", color="Color?", sub="List<Page>?") | shapes("Circle")
    after = (
        color("green", "crimson") | page(heading="String", color="Color?", sub="List<Page>?") | shapes("Disc")
    )
    becomes = {"Color.red": "crimson", "Page.title": "heading", "Circle": "Disc"}
    kind = "Map<Color, (List<Shape>, {Page page})>"
    found = compare(kind, before, kind, after, becomes)
    assert [change.text.partition(":")[0] for change in found.changes] == [
        "Color is stored by name, was by index"
    ]
    stored = [
        {
            "k": 0,
            "v": {
                "p": [[{"__className__": "Circle", "name": "Circle"}, {"name": "Color"}]],
                "n": {"page": {"title": "red", "color": 1, "sub": [{"title": "x", "color": 0}, None]}},
            },
        }
    ]
    converted = [
        {
            "k": "crimson",
            "v": {
                "p": [[{"__className__": "Disc", "name": "Circle"}, {"name": "Color"}]],
                "n": {
                    "page": {
                        "heading": "red",
                        "color": "green",
                        "sub": [{"heading": "x", "color": "crimson"}, None],
                    }
                },
            },
        }
    ]
    there = conversion(kind, found, becomes)
    assert there is not None and there(stored) == converted and there.unknown == set()
    back_becomes = inverse(found, becomes)
    back = conversion(kind, compare(kind, after, kind, before, back_becomes), back_becomes)
    assert back is not None and back(converted) == stored


def test_unknown_values_are_collected_and_other_forms_stay():
    found = compare("List<Color>", BY_INDEX, "List<Color>", color("green"), {})
    convert = conversion("List<Color>", found, {})
    assert convert is not None
    assert convert([1, 0, 7, "x", None, {"a": 1}]) == ["green", 0, 7, "x", None, {"a": 1}]
    assert convert.unknown == {("Color", 0), ("Color", 7), ("Color", "x")}
    assert convert("not a list") == "not a list"


def test_no_conversion_if_not_needed():
    found = compare("List<Color>", COLOR, "List<Color>", color("red", "green", "blue"), {})
    assert conversion("List<Color>", found, {}) is None


def test_a_value_that_becomes_null_is_named_where_null_is_not_allowed():
    assert effects("List<Color?>", COLOR, "List<Color?>", color("red"), **{"Color.green": None}) == []
    [named] = effects("List<Color>", COLOR, "List<Color>", color("red"), **{"Color.green": None})
    assert "Color.green becomes null" in named
