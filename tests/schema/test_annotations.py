"""Annotations as wire types: records, whose fields may have names; sets and maps of unhashable values."""

from __future__ import annotations

from collections import namedtuple
from typing import Any, NamedTuple

import pytest

from podium.wire.annotations import NotOnTheWire, value_type
from podium.wire.codecs import codec
from podium.wire.parse import parse_type
from podium.wire.types import MapAsPairs, SetAsList


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
        (set[Counted], "Set<({int wordCount, String? text})>"),
        (SetAsList[list[str]], "Set<List<String>>"),
        (SetAsList[Any], "Set<dynamic>"),
        (list[SetAsList[tuple[int, set[int]]] | None], "List<Set<(int, Set<int>)>?>"),
        (MapAsPairs[list[int], SetAsList[dict[str, int]]], "Map<List<int>, Set<Map<String, int>>>"),
    ],
)
def test_an_annotation_is_a_wire_type(annotation: object, spelt: str) -> None:
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
        (
            set[list[int]],
            "set[list[int]] can't hold a list[int], which has no hash in Python; write SetAsList[list[int]] "
            "(from podium.wire.types), a list here and a Set to clients",
        ),
        (
            dict[tuple[int, set[Counted]] | None, MapAsPairs[Any, str]],
            "dict[tuple[int, set[Counted]] | None, MapAsPairs[Any, str]] can't hold a tuple[int, set[Counted]] | None, "
            "which has no hash in Python; write MapAsPairs[tuple[int, set[Counted]] | None, MapAsPairs[Any, str]] "
            "(from podium.wire.types), a list here and a Map to clients",
        ),
        (
            set[bytes | None],
            "set[bytes | None] keeps one of several equal bytes, and a Set in Dart keeps all; write "
            "SetAsList[bytes | None] (from podium.wire.types), a list here and a Set to clients",
        ),
        (
            dict[tuple[int, bytes], str],
            "dict[tuple[int, bytes], str] keeps one of several equal bytes, and a Map in Dart keeps all; write "
            "MapAsPairs[tuple[int, bytes], str] (from podium.wire.types), a list here and a Map to clients",
        ),
        (
            MapAsPairs[int, str],
            "MapAsPairs[int, str] is for what has no hash in Python; write dict[int, str]",
        ),
        (SetAsList, "SetAsList is not a wire type; write for example SetAsList[list[str]]"),
        (set, "set is not a wire type; write for example set[str]"),
    ],
)
def test_an_invalid_annotation_is_refused_with_a_fix(annotation: object, said: str) -> None:
    with pytest.raises(NotOnTheWire) as refused:
        value_type(annotation)
    assert str(refused.value) == said
