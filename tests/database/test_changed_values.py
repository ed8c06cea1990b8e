"""Changed fields whose columns keep their rows: changes are named, and rows converted both ways, on a real table."""

from __future__ import annotations

import contextlib

import pytest
from django.db import OperationalError, connection, models
from psycopg import errors

from podium.database import conversion, fields, row_queries
from podium.database.conversion import AlterValues, UnknownValues
from tests.database.one_field import COLORS, SHAPE, Change, enum, jsonb, stored

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("before", "rows", "after", "maps", "becomes", "back"),
    [
        pytest.param(
            enum(*COLORS, by_index=True), [0, 1, 2, 1], enum("blue", "red", "green", by_index=True), [],
            [1, 2, 0, 2], None, id="another order",
        ),
        pytest.param(
            enum(*COLORS, by_index=True), [0, 1, 2], enum("red", "pink", "green", "blue", by_index=True), [],
            [0, 2, 3], None, id="a value in the middle",
        ),
        pytest.param(
            enum(*COLORS, by_index=True), [0, 1, 2], enum("crimson", "green", "blue", by_index=True),
            ["Color.red=crimson"], [0, 1, 2], None, id="renamed by index",
        ),
        pytest.param(
            enum(*COLORS), ["red", "green"], enum("crimson", "green", "blue"), ["Color.red=crimson"],
            ["crimson", "green"], None, id="renamed by name",
        ),
        pytest.param(
            enum(*COLORS, by_index=True, null=True), [0, 1, 2, None],
            enum("green", "blue", by_index=True, null=True), ["Color.red=null"],
            [None, 0, 1, None], [None, 1, 2, None], id="removed, for null",
        ),
        pytest.param(
            enum(*COLORS), ["red", "green", "blue"], enum("red", name="Hue"),
            ["Hue.green=red", "Color.blue=red"],
            ["red", "red", "red"], ["red", "red", "red"], id="many become one, of a renamed enum",
        ),
        pytest.param(
            enum(*COLORS, by_index=True, db_default=1, default=1), [0, 1, 2],
            enum("blue", "green", "red", db_default="red", default="red"), [],
            ["red", "green", "blue"], None, id="by index to by name, with defaults",
        ),
        pytest.param(
            enum(*COLORS, db_default="red"), ["red", "green", "blue"],
            enum(*COLORS, by_index=True, null=True), [], [0, 1, 2], None, id="by name to by index",
        ),
        pytest.param(
            enum(*COLORS, by_index=True), [2, 0], fields.TextField(), [],
            ["blue", "red"], None, id="by index to String",
        ),
        pytest.param(
            enum(*COLORS), ["green"], fields.IntegerField(), [], [1], None, id="by name to int",
        ),
        pytest.param(
            fields.TextField(), ["green", "rot"], enum(*COLORS, by_index=True), ["Color.rot=red"],
            [1, 0], ["green", "red"], id="String to by index",
        ),
        pytest.param(
            fields.IntegerField(), [2, 7], enum(*COLORS), ["Color.7=red"],
            ["blue", "red"], [2, 0], id="int to by name",
        ),
        pytest.param(
            jsonb("List<Color>", {"Color": {"values": COLORS, "by_index": True}}), [[0, 2], []],
            jsonb("Set<Color>", {"Color": {"values": ["blue", "crimson", "green"]}}), ["Color.red=crimson"],
            [["crimson", "blue"], []], None, id="in JSON",
        ),
        pytest.param(
            jsonb("List<Shape>", SHAPE | {"Circle": {"fields": {"name": "String"}, "parent": "Shape"}}),
            [[{"__className__": "Circle", "name": "a"}, {"__className__": "Shape"}]],
            jsonb("List<Shape>", SHAPE | {"Disc": {"fields": {"title": "String"}, "parent": "Shape"}}),
            ["Circle=Disc", "Circle.name=title"],
            [[{"__className__": "Disc", "title": "a"}, {"__className__": "Shape"}]], None, id="classes in JSON",
        ),
        pytest.param(
            jsonb("Page", {"Page": {"fields": {"name": "String", "tag": "String?"}}}),
            [{"name": "a", "tag": "b"}, {"name": "c"}],
            jsonb("Page", {"Page": {"fields": {"name": "String?", "tag": "String"}}}),
            ["Page.name=tag", "Page.tag=name"], [{"tag": "a", "name": "b"}, {"tag": "c"}], None,
            id="fields in JSON that trade their names",
        ),
        pytest.param(
            jsonb("Set<Color>", {"Color": {"values": COLORS}}), [["blue", "red", "green"]],
            jsonb("Set<Color>", {"Color": {"values": ["red", "green"]}}), ["Color.blue=green"],
            [["green", "red"]], [["green", "red"]], id="many become one in a set",
        ),
        pytest.param(
            fields.TextField(), ["", "a.b", "x=y", "red"], enum(*COLORS),
            ["Color.=red", "Color.a.b=green", "Color.x=y=blue"],
            ["red", "green", "blue", "red"], ["red", "green", "blue", "red"], id="any texts to an enum",
        ),
        pytest.param(
            fields.IntegerField(), [-1, 7], enum(*COLORS, by_index=True), ["Color.-1=red", "Color.7=green"],
            [0, 1], [0, 1], id="negative numbers to an enum",
        ),
    ],
)  # fmt: skip
def test_rows_keep_their_meaning_forwards_and_backwards(table, before, rows, after, maps, becomes, back):
    table(before, *rows)
    change = Change(before, after, *maps)
    assert isinstance(change.migration.operations[0], AlterValues)
    change.apply()
    assert stored() == becomes
    change.unapply()
    assert stored() == (rows if back is None else back)


def test_defaults_of_the_column_follow(table):
    before = enum(*COLORS, by_index=True, db_default=1, default=1)
    table(before, 0)
    change = Change(before, enum("blue", "green", "red", db_default="red", default="red"))
    change.apply()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO trial_thing DEFAULT VALUES")
    assert stored() == ["red", "red"]
    change.unapply()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO trial_thing DEFAULT VALUES")
    assert stored() == [0, 0, 1]


def test_a_unique_column_may_be_renumbered(table):
    before = enum(*COLORS, by_index=True)
    table(before, 0, 1, 2)
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX trial_value ON trial_thing (value)")
    Change(before, enum("blue", "green", "red", by_index=True)).apply()
    assert stored() == [2, 1, 0]


@pytest.mark.parametrize(
    ("before", "rows", "after", "said"),
    [
        (
            enum(*COLORS), ["red", "blue", "red", "pink"], enum("green", "blue"),
            "'red' in 2 rows (id 1, 3); 'pink' in 1 row (id 4). Add the mapping to the migration's AlterValues, "
            "becomes={'Color.red': ..., 'Color.pink': ...}",
        ),
        (
            enum(*COLORS, by_index=True), [0, 1, 9], enum("green", by_index=True),
            "0 in 1 row (id 1); 9 in 1 row (id 3). Add the mapping to the migration's AlterValues, "
            "becomes={'Color.red': ..., 'Color.9': ...}",
        ),
        (
            fields.TextField(), ["red", "rot"], enum(*COLORS),
            "'rot' in 1 row (id 2). Add the mapping to the migration's AlterValues, becomes={'Color.rot': ...}",
        ),
        (
            jsonb("List<Color>", {"Color": {"values": COLORS}}), [["red"], ["blue"]],
            jsonb("List<Color>", {"Color": {"values": ["red"]}}),
            "Color 'blue' in 1 row (id 2). Add the mapping to the migration's AlterValues, "
            "becomes={'Color.blue': ...}",
        ),
    ],
)  # fmt: skip
def test_a_value_without_a_mapping_stops_the_migration(table, before, rows, after, said):
    table(before, *rows)
    change = Change(before, after)
    with pytest.raises(UnknownValues) as refused:
        change.apply()
    assert str(refused.value).startswith("column trial_thing.value holds values without a mapping: ")
    assert said in str(refused.value)
    assert stored() == rows


def test_a_migration_with_an_invalid_mapping_is_refused(table):
    before = enum(*COLORS)
    table(before, "red")
    change = Change(before, enum("green", "blue"), "Color.red=green")
    change.migration.operations[0].becomes["Color.red"] = "gren"
    with pytest.raises(UnknownValues, match="becomes 'gren', which is not one of green, blue"):
        change.apply()
    assert stored() == ["red"]


def test_a_new_value_prevents_the_reversal(table):
    before = enum("red", by_index=True)
    table(before, 0)
    change = Change(before, enum("green", "red", by_index=True))
    change.apply()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO trial_thing (value) VALUES (0)")
    with pytest.raises(UnknownValues, match=r"0 in 1 row \(id 2\)"):
        change.unapply()
    assert stored() == [1, 0]


# Reported changes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (enum(*COLORS, by_index=True), enum(*COLORS, "pink", by_index=True)),
        (enum(*COLORS), enum("blue", "pink", "green", "red")),
        (enum(*COLORS), enum(*COLORS, name="Hue")),
        (enum(*COLORS), enum(*COLORS, fallback="red")),
        (enum(*COLORS), fields.TextField()),
        (fields.EnumField(by_index=True), enum(*COLORS, by_index=True)),
        (
            fields.JSONField("List<Color>"),
            fields.JSONField("List<Color>", holds={"Color": {"values": COLORS}}),
        ),
        (fields.UriField(), fields.TextField()),
        (fields.BigIntField(), fields.TextField()),
        (fields.IntegerField(), fields.BigIntField()),
        (fields.UUIDField(), fields.TextField()),
        (fields.TextField(), fields.TextField(default="a", db_default="a")),
        (fields.UUIDField(), fields.UUIDField(db_default=fields.Random())),
    ],
)
def test_a_change_that_keeps_the_meaning_is_written_at_once(table, before, after):
    table(before)
    change = Change(before, after)
    assert change.texts() == []
    if (
        change.migration
        and before.db_type(connection) == after.db_type(connection)
        and not after.has_db_default()
    ):
        with connection.schema_editor(collect_sql=True) as editor:
            change.written().apply(change.before.clone(), editor)
        assert [line for line in editor.collected_sql if not line.startswith("--")] == []


@pytest.mark.parametrize(
    ("before", "rows", "after", "named"),
    [
        (fields.TextField(), ["a"], fields.UriField(), ("is read as Uri, was String: values that are not addr", "")),
        (fields.TextField(), ["1", "x"], fields.BigIntField(), ("is read as BigInt, was String", "1 row: id 2")),
        (fields.IntegerField(), ["1"], fields.DurationField(), ("now counts milliseconds", "")),
        (fields.DurationField(), ["1"], fields.IntegerField(), ("counted milliseconds before", "")),
        (enum(*COLORS, by_index=True), ["0"], fields.IntegerField(), ("is read as int, was Color", "")),
        (fields.IntegerField(), ["1", "7"], enum(*COLORS, by_index=True), ("is now the index of a", "1 row: id 2")),
        (fields.TextField(), ["red", "x"], enum(*COLORS), ("only texts that are the name", "1 row: id 2")),
        (enum(*COLORS), ["red"], fields.UriField(), ("is read as Uri, was Color: values that are not addresses", "")),
        (jsonb("List<int>", {}), [[1]], fields.TextField(), ("is read as String, was List<int>: rows keep", "")),
        (fields.DurationField(), [5], fields.TextField(), ("rows keep a number of milliseconds as text", "")),
        (fields.EnumField(by_index=True), [1], fields.TextField(), ("rows have the index of the value as text", "")),
        (enum(*COLORS), ["red", "green"], enum("green", "blue"), ("Color no longer has red", "1 row: id 1")),
        (enum("a", fallback="a"), ["a", "x"], enum("a"), ("unknown values of Color cannot be read", "1 row: id 2")),
        (
            jsonb("List<Color>", {"Color": {"values": COLORS}}), [["red"], ["blue"]],
            jsonb("List<Color>", {"Color": {"values": ["red", "green"]}}), ("no longer has blue", "1 row: id 2"),
        ),
        (jsonb("List<int>", {}), [[1], []], jsonb("List<String>", {}), ("an entry of List<String>", "1 row: id 1")),
        (
            fields.ForeignKey("trial.trial_one", db_column="value"), [],
            fields.ForeignKey("trial.trial_two", db_column="value"), ("refers to trial_two, was to trial_one", ""),
        ),
    ],
)  # fmt: skip
def test_a_change_of_meaning_is_named_with_its_rows(table, before, rows, after, named):
    table(before, *rows)
    [(text, where)] = Change(before, after).named()
    assert named[0] in text and where == named[1]


def test_a_count_of_only_the_first_rows_says_so(table, monkeypatch):
    monkeypatch.setattr(row_queries, "MOST_ROWS", 2)
    before = jsonb("List<int>", {})
    table(before, [1], [2], [3])
    [(_, rows)] = Change(before, jsonb("List<String>", {})).named()
    assert rows == "at least 2 rows: id 1, 2"


def test_without_the_table_there_are_no_counts():
    [(text, rows)] = Change(enum(*COLORS), enum("red", "green")).named()
    assert "no longer has blue" in text and rows == ""


def test_a_required_column_takes_no_null():
    [(text, _)] = Change(enum(*COLORS), enum("green", "blue"), "Color.red=null").named()
    assert text == "Color.red becomes null, and the column may not be null"


@pytest.mark.django_db(transaction=True)
def test_nobody_writes_while_json_is_converted(table, monkeypatch):
    """The rows were read earlier: changes by another session in the meantime would be overwritten."""
    before = jsonb("List<Color>", {"Color": {"values": COLORS}})
    after = jsonb("List<Color>", {"Color": {"values": ["crimson", "green", "blue"]}})
    next_rows, refused = conversion._next_rows, []

    def with_another_session(*of_table):
        monkeypatch.setattr(conversion, "_next_rows", next_rows)
        rows = next_rows(*of_table)
        with contextlib.closing(connection.copy()) as other, other.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
            try:
                cursor.execute("""UPDATE trial_thing SET value = '["blue"]'""")
            except OperationalError as error:
                refused.append(type(error.__cause__))
            cursor.execute("RESET lock_timeout")  # the connection goes back to the pool
        return rows

    table(before, ["red"])
    try:
        monkeypatch.setattr(conversion, "_next_rows", with_another_session)
        Change(before, after, "Color.red=crimson").apply()
        assert refused == [errors.LockNotAvailable]
        assert stored() == [["crimson"]]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE trial_thing, trial_one, trial_two")


def test_a_column_that_becomes_unique_is_not_unique_while_its_values_are_converted():
    old, new = models.TextField(), models.TextField(unique=True)
    for field in (old, new):
        field.set_attributes_from_name("value")
    assert new.unique  # Django caches the answer
    assert not conversion._between(old, new).unique
