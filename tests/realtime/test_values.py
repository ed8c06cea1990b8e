"""Values on streams: their JSON; a shared value is encoded once and never stale."""

from __future__ import annotations

import gc
import json

import pytest

from podium.wire import codecs
from podium.wire.errors import WireError
from podium.wire.parse import parse_type
from realtime import values
from tests.notes.models import NoteStatistics

STATISTICS = parse_type("NoteStatistics")


@pytest.fixture
def encodings(monkeypatch) -> list[object]:
    """The values that were actually encoded, in order."""
    done: list[object] = []
    encode = codecs.encode_as

    def counted(kind, value, module):
        done.append(value)
        return encode(kind, value, module)

    monkeypatch.setattr(codecs, "encode_as", counted)
    return done


def test_a_shared_value_is_encoded_once(encodings):
    value = NoteStatistics(total=3, by_color={})
    values.share(value)
    texts = {values.encode(STATISTICS, value) for _ in range(100)}
    assert [json.loads(text)["data"]["total"] for text in texts] == [3]
    assert len(encodings) == 1


def test_a_changed_shared_value_is_encoded_again(encodings):
    value = NoteStatistics(total=3, by_color={})
    values.share(value)
    values.encode(STATISTICS, value)
    value.total = 4
    assert json.loads(values.encode(STATISTICS, value))["data"]["total"] == 4


def test_a_shared_value_is_named_for_the_module_of_each_endpoint():
    class Numbers(list[int]):
        """A list that can be shared."""

    kind, value = parse_type("List<int>"), Numbers([1])
    values.share(value)
    texts = [values.encode(kind, value, module) for module in ("", "shop", "")]
    names = [json.loads(text)["className"] for text in texts]
    assert names == ["List<int>", "shop.List<int>", "List<int>"]


def test_nothing_is_kept_of_a_collected_shared_value():
    before = len(values._shared)
    value = NoteStatistics(total=3, by_color={})
    values.share(value)
    values.encode(STATISTICS, value)
    assert len(values._shared) == before + 1
    del value
    gc.collect()
    assert len(values._shared) == before


@pytest.mark.parametrize(
    ("kind", "data", "back"),
    [
        ("Set<int>", [70, 3, 1_000_000, -1], [70, 3, 1_000_000, -1]),
        ("Set<ByteData>", ["decode('AQ==', 'base64')"] * 2, ["decode('AQ==', 'base64')"] * 2),
        ("Map<int,String>", {}, []),
        ("List<Map<int,String>>", [{}], [[]]),
    ],
)
def test_sets_and_empty_maps_come_back_unchanged(kind: str, data: object, back: object):
    declared = parse_type(kind)
    read = values.decode(declared, json.dumps({"className": kind, "data": data}).encode())
    assert json.loads(values.encode(declared, read)) == {"className": kind, "data": back}


def test_a_value_is_read_as_the_declared_type():
    assert values.decode(parse_type("int"), b'{"className":"int","data":5}') == 5
    with pytest.raises(WireError):
        values.decode(parse_type("int"), b'{"className":"String","data":"5"}')
    with pytest.raises(WireError):
        values.decode(parse_type("int"), b"5")
