"""Frames: those that clients may send, and the text of those that they receive."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from realtime import frames
from realtime.errors import BadFrame

ID = "0190163d-8694-739b-aea5-966c26f8ad91"
HEAD = {"en": "chat", "m": "listen", "cid": ID}


def text(kind: str, **data: object) -> str:
    return json.dumps({"type": kind, "data": data})


def test_a_frame_of_each_type_is_read():
    opened = frames.parse(
        text("omsc", **HEAD, args='{"room":"a"}', **{"is": ["texts"]}, auth="Bearer x", am="no")
    )
    assert opened == frames.Open("chat", "listen", UUID(ID), '{"room":"a"}', ["texts"], "Bearer x")
    value = frames.parse(text("msm", **HEAD, p="texts", o={"className": "int", "data": 1}))
    assert isinstance(value, frames.Value)
    assert json.loads(bytes(value.value)) == {"className": "int", "data": 1}
    failure = frames.parse(text("msse", **HEAD, p="texts", ex={"className": "X", "data": {}}))
    assert isinstance(failure, frames.Failure)
    assert frames.parse(text("cmsc", **HEAD, cr="done")) == frames.Close("chat", "listen", UUID(ID), "done")
    assert frames.parse(b'{"type":"ping"}') == frames.Ping()
    assert frames.parse('{"type":"pong","data":null}') == frames.Pong()


@pytest.mark.parametrize("odd", [r"\ud83d", r"a\ud83d\ud83d\ude00", r"\udc00b"])
def test_a_lone_surrogate_in_a_value_is_left_to_the_stream_that_reads_it(odd: str) -> None:
    whole = text("msm", **HEAD, p="texts", o={"className": "String", "data": "?"}).replace("?", odd)
    value = frames.parse(whole)
    assert isinstance(value, frames.Value) and (value.id, value.parameter) == (UUID(ID), "texts")
    assert json.loads(bytes(value.value)) == {"className": "String", "data": json.loads(f'"{odd}"')}
    failure = frames.parse(text("msse", **HEAD, p="texts", ex="?").replace("?", odd).encode())
    assert isinstance(failure, frames.Failure)
    for broken in (
        whole.replace("listen", odd),
        whole.replace("texts", odd),
        text(odd, **HEAD).replace("\\\\", "\\"),
    ):
        with pytest.raises(BadFrame) as refused:
            frames.parse(broken)
        assert "a lone surrogate (\\u" in refused.value.details["reason"]


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "no JSON",
        "[]",
        '{"data":{}}',
        '{"type":"nothing"}',
        '{"type":"omsr","data":{}}',
        '{"type":"omsc"}',
        text("omsc", **HEAD, args={"room": "a"}, **{"is": []}),
        text("omsc", **{**HEAD, "cid": "no UUID"}, args="{}", **{"is": []}),
        text("msm", **HEAD, o={"className": "int", "data": 1}),
        text("msse", **HEAD, ex={}),
        text("cmsc", **HEAD, cr="bored"),
        b"\xff\xfe",
        "[" * 100_000,
    ],
    ids=lambda broken: repr(broken[:40]),
)
def test_a_broken_frame_is_refused(broken):
    with pytest.raises(BadFrame) as refused:
        frames.parse(broken)
    assert refused.value.details["reason"]


def test_frames_are_written_as_the_wire_says():
    writer = frames.Writer(frames.Close('ch"at', "listen", UUID(ID), "done"))
    head = {**HEAD, "en": 'ch"at'}
    assert json.loads(writer.opened("success")) == {"type": "omsr", "data": {**head, "res": "success"}}
    assert json.loads(writer.value('{"className":"int","data":1}')) == {
        "type": "msm",
        "data": {**head, "o": {"className": "int", "data": 1}},
    }
    assert json.loads(writer.failure('{"className":"X","data":{}}')) == {
        "type": "msse",
        "data": {**head, "ex": {"className": "X", "data": {}}},
    }
    assert json.loads(writer.closed("done")) == {"type": "cmsc", "data": {**head, "cr": "done"}}
    assert json.loads(writer.closed("error", "p")) == {
        "type": "cmsc",
        "data": {**head, "p": "p", "cr": "error"},
    }
    assert json.loads(frames.not_understood("{")) == {"type": "brm", "data": {"req": "{"}}
