"""Values on streams: their JSON, and that a shared one is encoded once and never stale."""

from __future__ import annotations

import gc
import json

import pytest

from example.models import NoteStatistics
from realtime import values
from schema.errors import WireError
from schema.parse import parse_type

STATISTICS = parse_type("NoteStatistics")


@pytest.fixture
def encodings(monkeypatch) -> list[object]:
    """What was really encoded, in order."""
    done: list[object] = []
    encode = values.codecs.encode_as

    def counted(kind, value):
        done.append(value)
        return encode(kind, value)

    monkeypatch.setattr(values.codecs, "encode_as", counted)
    return done


def test_a_shared_value_is_encoded_once(encodings):
    value = NoteStatistics(total=3, by_color={})
    values.share(value)
    texts = {values.encode(STATISTICS, value) for _ in range(100)}
    assert [json.loads(text)["data"]["total"] for text in texts] == [3]
    assert len(encodings) == 1


def test_a_shared_value_that_was_changed_is_encoded_as_it_is_now(encodings):
    value = NoteStatistics(total=3, by_color={})
    values.share(value)
    values.encode(STATISTICS, value)
    value.total = 4
    assert json.loads(values.encode(STATISTICS, value))["data"]["total"] == 4


def test_nothing_is_kept_of_a_shared_value_that_is_gone():
    before = len(values._shared)
    value = NoteStatistics(total=3, by_color={})
    values.share(value)
    values.encode(STATISTICS, value)
    assert len(values._shared) == before + 1
    del value
    gc.collect()
    assert len(values._shared) == before


def test_a_value_is_read_as_the_declared_type():
    assert values.decode(parse_type("int"), b'{"className":"int","data":5}') == 5
    with pytest.raises(WireError):
        values.decode(parse_type("int"), b'{"className":"String","data":"5"}')
    with pytest.raises(WireError):
        values.decode(parse_type("int"), b"5")
