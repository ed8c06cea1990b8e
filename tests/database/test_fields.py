"""Columns, values, lookups and forms of the fields that generated models use."""

from __future__ import annotations

import ast
import datetime
import decimal
import uuid
from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Max, Q
from django.forms import modelform_factory

from podium.wire import codecs
from podium.wire.errors import WireError
from tests.database.library.models import (
    Author,
    Book,
    Circle,
    Genre,
    LargePage,
    Mood,
    Page,
    Specimen,
    Square,
)

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2030, 1, 31, 12, 0, 0, 123456, tzinfo=datetime.UTC)
FULL: dict[str, Any] = {
    "number": 2**62,
    "ratio": 0.1,
    "flag": True,
    "words": "naïve \N{SNOWMAN}",
    "moment": NOON,
    "span": datetime.timedelta(days=-3, milliseconds=5),
    "key": uuid.UUID("3f2504e0-4f89-11d3-9a0c-0305e82c3301"),
    "address": "https://example.org/?q=1#x",
    "large": -(10**40),
    "bytes_field": b"\x00\xff",
    "mood": Mood.DARK_AND_STORMY,
    "genre": Genre.REFERENCE,
    "bits": [True, False, True, False, False],
    "texts": ["a", ""],
    "texts2": ["a", None],
    "moments": {NOON},
    "counts": {"a": 1, "b c": 2},
    "by_genre": {Genre.NOVEL: datetime.timedelta(seconds=1)},
    "pair": (1, "one"),
    "page": LargePage(number=1, words=["w"], next=Page(number=2, words=[])),
    "shapes": [Circle(name="c", radius=1.5), Square(name="s", side=2.0, secret="kept")],
    "anything": {"list": [1, 2.5, NOON, None, {Mood.CALM: b"x"}]},
}


def columns(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type, is_nullable = 'YES' FROM information_schema.columns"
            " WHERE table_name = %s AND table_schema = 'public'",
            [table],
        )
        return {name: (kind, null) for name, kind, null in cursor.fetchall()}


def test_columns_are_those_of_the_layout():
    assert columns("specimen") == {
        "id": ("bigint", False),
        "number": ("bigint", True),
        "ratio": ("double precision", True),
        "flag": ("boolean", True),
        "words": ("text", True),
        "moment": ("timestamp without time zone", True),
        "span": ("bigint", True),
        "key": ("uuid", True),
        "address": ("text", True),
        "large": ("text", True),
        "bytes": ("bytea", True),
        "mood": ("text", True),
        "genre": ("bigint", True),
        "bits": ("bit", True),
        "texts": ("json", True),
        "texts2": ("jsonb", True),
        "moments": ("json", True),
        "counts": ("jsonb", True),
        "byGenre": ("json", True),
        "pair": ("json", True),
        "page": ("jsonb", True),
        "shapes": ("json", True),
        "anything": ("json", False),
        "made": ("timestamp without time zone", True),
        "agreed": ("timestamp without time zone", False),
        "pause": ("bigint", False),
        "home": ("text", False),
        "huge": ("text", False),
        "ticket": ("uuid", False),
        "other": ("uuid", False),
        "quote": ("text", False),
    }


@pytest.mark.parametrize("how", ["save", "bulk_create", "update"])
def test_every_value_comes_back_unchanged(how):
    if how == "save":
        Specimen(**FULL).save()
    elif how == "bulk_create":
        Specimen.objects.bulk_create([Specimen(**FULL), Specimen(**FULL), Specimen(anything=None)])
    else:
        Specimen.objects.create(anything=None)
        Specimen.objects.update(**FULL)
    found = Specimen.objects.earliest("id")
    assert {name: getattr(found, name) for name in FULL} == FULL
    assert type(found.page) is LargePage
    assert found.pair.name == "one"  # type: ignore[union-attr]


def test_none_is_null_and_a_dynamic_none_is_a_value():
    Specimen.objects.create(anything=None)
    found = Specimen.objects.get(texts=None, page__isnull=True, mood=None, span=None)
    assert found.anything is None
    assert found.shapes is None


def test_a_set_in_a_json_column_keeps_its_order():
    moments = [NOON + datetime.timedelta(microseconds=number) for number in (9, 1, 500_000, 3)]
    data = [codecs.codec("DateTime").encode(moment) for moment in moments]
    Specimen.objects.create(anything=1, moments=codecs.codec("Set<DateTime>").decode(data))
    with connection.cursor() as cursor:
        cursor.execute("SELECT moments FROM specimen")
        assert cursor.fetchall() == [(data,)]
    assert list(Specimen.objects.get().moments or ()) == moments
    assert [list(found) for found in Specimen.objects.values_list("moments", flat=True)] == [moments]


@pytest.mark.parametrize("odd", ["\x00", "\ud83d"])
@pytest.mark.parametrize("values", [{"texts": ["a", "{}"]}, {"counts": {"{}": 1}}, {"anything": {"a": "{}"}}])
def test_a_json_column_refuses_text_that_postgres_cannot_store(odd, values):
    placed = ast.literal_eval(repr(values).replace("{}", repr(odd)[1:-1]))
    with pytest.raises(WireError, match=r"NUL|lone surrogate"), transaction.atomic():
        Specimen.objects.create(**{"anything": 1, **placed})
    with pytest.raises(ValidationError, match=r"NUL|lone surrogate"):
        Specimen(**{"anything": 1, **placed}).full_clean()
    assert not Specimen.objects.exists()


def test_an_empty_map_in_a_json_column_is_read_as_dart_writes_it():
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO specimen (anything, "byGenre") VALUES ('{"className":"int","data":1}', '{}')"""
        )
    found = Specimen.objects.get()
    assert found.by_genre == {}
    found.save()
    with connection.cursor() as cursor:
        cursor.execute('SELECT "byGenre"::text FROM specimen')
        assert cursor.fetchall() == [("[]",)]


def test_json_columns_hold_the_form_of_the_wire():
    Specimen.objects.create(**FULL)
    with connection.cursor() as cursor:
        cursor.execute('SELECT shapes::text, "byGenre"::text, anything::text FROM specimen')
        [row] = cursor.fetchall()
    assert row[0] == (
        '[{"__className__":"Circle","name":"c","radius":1.5},'
        '{"__className__":"Square","name":"s","side":2.0,"secret":"kept"}]'
    )
    assert row[1] == '[{"k":0,"v":1000}]'
    assert row[2].startswith('{"className":"Map","data":{"list":{"className":"List","data":[')


def test_defaults_of_python_and_of_the_database_are_the_same():
    with connection.cursor() as cursor:
        cursor.execute("""INSERT INTO specimen (anything) VALUES ('{"className":"null","data":null}')""")
    from_database, from_python = Specimen.objects.get(), Specimen(anything=None)
    for name in ("agreed", "pause", "home", "huge", "ticket", "quote"):
        assert getattr(from_database, name) == getattr(from_python, name)
    assert from_database.other.version == from_python.other.version == 7
    assert from_database.made
    assert abs(from_database.made - datetime.datetime.now(datetime.UTC)) < datetime.timedelta(minutes=1)


def test_now_is_utc_in_any_zone():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'Asia/Tokyo'")
        made = Specimen.objects.create(anything=None).made
    assert made and abs(made - datetime.datetime.now(datetime.UTC)) < datetime.timedelta(minutes=1)


def test_times_in_any_zone_are_stored_as_utc():
    tokyo = datetime.timezone(datetime.timedelta(hours=9))
    Specimen.objects.create(anything=1, moment=NOON.astimezone(tokyo))
    with connection.cursor() as cursor:
        cursor.execute("SELECT moment::text FROM specimen")
        assert cursor.fetchone() == ("2030-01-31 12:00:00.123456",)
    assert Specimen.objects.filter(moment=NOON, moment__date=NOON.date(), moment__hour=12).exists()
    assert Specimen.objects.aggregate(latest=Max("moment")) == {"latest": NOON}
    assert list(Specimen.objects.values_list("moment", flat=True)) == [NOON]


def test_lookups_work_on_json_and_on_jsonb():
    found = Specimen.objects.create(**FULL)
    lookups: list[dict[str, Any]] = [
        {"texts": ["a", ""]},
        {"texts2": ["a", None]},
        {"texts__contains": ["a"]},
        {"texts2__contains": ["a"]},
        {"texts__0": "a"},
        {"counts__contains": {"a": 1}},
        {"counts__a": 1},
        {"counts__a__gte": 1},
        {"counts__has_key": "b c"},
        {"texts__has_any_keys": ["a", "z"]},
        {"page__next__number": 2},
        {"shapes__0__radius__gt": 1},
        {"shapes__1__name": "s"},
        {"mood": Mood.DARK_AND_STORMY},
        {"mood__in": ["darkAndStormy"]},
        {"genre__gt": Genre.NOVEL},
        {"span__lt": datetime.timedelta()},
        {"large": -(10**40)},
    ]
    for lookup in lookups:
        assert list(Specimen.objects.filter(**lookup)) == [found], lookup
        assert not Specimen.objects.exclude(**lookup).exists(), lookup
    assert not Specimen.objects.filter(texts=["b"]).exists()
    assert not Specimen.objects.filter(Q(counts__a=2)).exists()


def test_a_value_of_another_type_is_refused_before_the_database():
    with pytest.raises(WireError, match=r"\[1\]: expected String, got a whole number"):
        Specimen.objects.create(anything=1, texts=["a", 1])  # type: ignore[list-item]
    with pytest.raises(Exception, match="not a valid Mood; write one of: calm, darkAndStormy"):
        Specimen.objects.create(anything=1, mood="angry")  # type: ignore[arg-type]


def test_a_field_without_a_column_is_an_attribute():
    book = Book(title="Dune", hint="sand")
    assert book.hint == "sand"
    assert Book(title="Dune").hint is None
    assert "hint" not in columns("book")


def test_fixtures_carry_every_value():
    values = FULL | {"moment": NOON.replace(microsecond=123000)}  # Django's fixtures have milliseconds
    made = Specimen.objects.create(**values)
    text = serializers.serialize("json", [made])
    [again] = serializers.deserialize("json", text)
    assert {name: getattr(again.object, name) for name in FULL} == values


# Forms, as the admin makes them


def form_data(**changed):
    form = modelform_factory(Specimen, fields="__all__")(instance=Specimen.objects.create(**FULL))
    data = {}
    for name, bound in form.fields.items():
        value = bound.prepare_value(form.get_initial_for_field(bound, name))
        data[name] = "" if value is None else bound.widget.format_value(value)
        if isinstance(data[name], list):
            data[name] = data[name][0]
    return data | changed


def test_a_form_shows_every_value_and_reads_it_back():
    form = modelform_factory(Specimen, fields="__all__")(form_data(), instance=Specimen())
    assert form.is_valid(), form.errors
    made = form.save()
    made.refresh_from_db()
    for name in FULL:
        if name not in ("bytes_field", "moment"):  # bytes have no widget; a form's time has no fraction
            assert getattr(made, name) == FULL[name], name
    assert made.moment == NOON.replace(microsecond=0)


def test_a_form_reports_faults():
    data = form_data(
        texts='["a", 1]', shapes="[", mood="angry", address="a b", large="1.5", page="[]", bits="1"
    )
    form = modelform_factory(Specimen, fields="__all__")(data)
    assert not form.is_valid()
    assert form.errors["texts"] == ["[1]: expected String, got a whole number"]
    assert "not JSON" in form.errors["shapes"][0]
    assert set(form.errors) == {"texts", "shapes", "mood", "address", "large", "page", "bits"}


def test_an_empty_form_field_is_null_if_allowed():
    empty = {name: "" for name in form_data()} | {
        name: form_data()[name] for name in ("agreed", "pause", "home", "huge", "ticket", "other", "quote")
    }
    form = modelform_factory(Specimen, fields="__all__")(empty | {"anything": '{"className":"int","data":1}'})
    assert form.is_valid(), form.errors
    made = form.save()
    assert (made.words, made.texts, made.mood, made.large, made.bits) == (None, None, None, None, None)


def test_choices_are_shown_by_their_names():
    book: Any = Book(
        title="", author=Author(), genre=Genre.REFERENCE
    )  # the plugin does not know get_genre_display
    assert book.get_genre_display() == "reference"
    form = modelform_factory(Book, fields=["genre"])(instance=book)
    assert '<option value="Genre.REFERENCE" selected>reference</option>' in str(form["genre"])


def test_a_whole_number_is_valid_for_a_double():
    assert Specimen.objects.create(anything=1, ratio=decimal.Decimal(2)).ratio == 2  # type: ignore[arg-type]
    assert codecs.codec("double").encode(2) == 2.0
