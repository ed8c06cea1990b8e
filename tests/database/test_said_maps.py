"""Mappings of stored names: `--map`, and `becomes` in the migration."""

from __future__ import annotations

import pytest
from django.core.management.base import CommandError

from podium.database.conversion import UnknownValues
from tests.database.one_field import COLORS, Change, enum, jsonb, stored

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("Color.red", "--map Color.red is not valid"),
        ("Color.red=grean", 'Color has no grean; did you mean "green"?'),
        ("Color.gren=green", 'Color had no gren; did you mean "green"?'),
        ("Colour.red=green", "--map Colour.red: no change affects it"),
        ("Color.red=green=blue", "Color had no red=green"),
    ],
)
def test_an_invalid_map_option_is_refused(said, wrong):
    with pytest.raises(CommandError) as refused:
        Change(enum(*COLORS), enum("green", "blue"), said)
    assert wrong in str(refused.value)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("Page.tag=null", "--map Page.tag=null: only a value of an enum can become null"),
        ("Page=null", "--map Page=null: a class cannot become null"),
    ],
)
def test_only_values_of_an_enum_become_null(said, wrong):
    before = jsonb("Page", {"Page": {"fields": {"name": "String", "tag": "String?"}}})
    after = jsonb("Sheet", {"Sheet": {"fields": {"name": "String"}}})
    with pytest.raises(CommandError) as refused:
        Change(before, after, said)
    assert wrong in str(refused.value)


@pytest.mark.parametrize(
    ("before", "rows", "after", "becomes"),
    [
        (enum(*COLORS, by_index=True), [0, -1, 7], enum("green", "red", by_index=True), [1, 0, 1]),
        (
            jsonb("List<Color>", {"Color": {"values": COLORS, "by_index": True}}), [[0, -1], [7]],
            jsonb("List<Color>", {"Color": {"values": ["green", "red"]}}), [["red", "green"], ["red"]],
        ),
    ],
)  # fmt: skip
def test_the_mapping_that_migrate_asks_for_can_be_given_in_becomes(table, before, rows, after, becomes):
    table(before, *rows)
    change = Change(before, after)
    with pytest.raises(UnknownValues) as refused:
        change.apply()
    for key, target in (("Color.-1", "green"), ("Color.7", "red")):
        assert f"{key!r}: ..." in str(refused.value)
        change.migration.operations[0].becomes[key] = target
    change.apply()
    assert stored() == becomes
