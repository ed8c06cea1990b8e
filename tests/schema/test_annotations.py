"""Annotations as wire types: records, whose fields may have names."""

from __future__ import annotations

from collections import namedtuple
from typing import NamedTuple

import pytest

from schema.annotations import NotOnTheWire, value_type
from schema.codecs import codec
from schema.parse import parse_type


class Counted(NamedTuple):
    word_count: int
    text: str | None


class Mixed(NamedTuple):
    item1: int
    item2: tuple[str, bool]
    counted: Counted


class OutOfOrder(NamedTuple):
    text: str
    item1: int


@pytest.mark.parametrize(
    ("annotation", "spelt"),
    [
        (tuple[int], "(int,)"),
        (tuple[int, str | None], "(int, String?)"),
        (Counted, "({int wordCount, String? text})"),
        (Mixed, "(int, (String, bool), {({int wordCount, String? text}) counted})"),
        (dict[str, Counted | None], "Map<String, ({int wordCount, String? text})?>"),
    ],
)
def test_a_tuple_is_a_record_and_a_named_tuple_one_with_names(annotation: object, spelt: str) -> None:
    assert value_type(annotation) == parse_type(spelt)


def test_a_named_tuple_goes_over_the_wire_and_comes_back_with_its_names() -> None:
    sent = codec(value_type(Mixed)).encode(Mixed(1, ("a", True), Counted(2, None)))
    assert sent == {"p": [1, {"p": ["a", True]}], "n": {"counted": {"n": {"wordCount": 2, "text": None}}}}
    read = codec(value_type(Mixed)).decode(sent)
    assert (read.item1, read.counted.word_count) == (1, 2)
    assert read == (1, ("a", True), (2, None))


@pytest.mark.parametrize(
    ("annotation", "said"),
    [
        (OutOfOrder, "OutOfOrder.item1 is out of order; positional fields come first: item1, item2, ..."),
        (namedtuple("Bare", ["a"]), "Bare.a has no type; write `class Bare(NamedTuple):`"),
    ],
)
def test_a_named_tuple_that_is_no_record_is_told_what_to_write(annotation: object, said: str) -> None:
    with pytest.raises(NotOnTheWire) as refused:
        value_type(annotation)
    assert str(refused.value) == said
