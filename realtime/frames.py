"""Frames: the messages on the socket, read from and written to text. Independent of sockets and methods.

Source of the format: "Streams" in docs/reference/wire.md. Values (`o`, `ex`) and arguments stay JSON here.
"""

from __future__ import annotations

import json
from typing import Literal
from uuid import UUID

import msgspec

from podium.endpoints.errors import NAME_SHOWN
from podium.wire import texts
from realtime.errors import BadFrame

CloseReason = Literal["done", "error"]
OpenResult = Literal[
    "success", "endpointNotFound", "authenticationFailed", "authorizationDeclined", "invalidArguments"
]

PING = '{"type":"ping"}'
PONG = '{"type":"pong"}'


class Head(msgspec.Struct, frozen=True):
    """The stream of a frame: the endpoint, the method, and the UUID that the client chose."""

    endpoint: str = msgspec.field(name="en")
    method: str = msgspec.field(name="m")
    id: UUID = msgspec.field(name="cid")


class Open(Head, frozen=True):
    """`omsc`: run this method. `arguments`: a JSON object as text. `inputs`: the streams the client will send."""

    arguments: str = msgspec.field(name="args")
    inputs: list[str] = msgspec.field(name="is")
    authorization: str | None = msgspec.field(name="auth", default=None)


class Value(Head, frozen=True):
    """`msm`: a value for the input stream `parameter`."""

    parameter: str = msgspec.field(name="p")
    value: msgspec.Raw = msgspec.field(name="o")


class Failure(Head, frozen=True):
    """`msse`: the input stream failed with a declared exception."""

    parameter: str = msgspec.field(name="p")
    exception: msgspec.Raw = msgspec.field(name="ex")


class Close(Head, frozen=True):
    """`cmsc`: the client ended an input stream or, without `parameter`, closed the returned stream."""

    reason: CloseReason = msgspec.field(name="cr")
    parameter: str | None = msgspec.field(name="p", default=None)


class Ping(msgspec.Struct, frozen=True):
    """`ping`: answer with a pong."""


class Pong(msgspec.Struct, frozen=True):
    """`pong`: the answer to a ping of the server."""


class NotUnderstood(msgspec.Struct, frozen=True):
    """`brm`: the client could not read a frame of the server."""


Frame = Open | Value | Failure | Close | Ping | Pong | NotUnderstood


class _Envelope(msgspec.Struct):
    type: str
    data: msgspec.Raw = msgspec.Raw(b"{}")


_envelopes = msgspec.json.Decoder(_Envelope)
_decoders: dict[
    str,
    msgspec.json.Decoder[Open]
    | msgspec.json.Decoder[Value]
    | msgspec.json.Decoder[Failure]
    | msgspec.json.Decoder[Close],
] = {
    "omsc": msgspec.json.Decoder(Open),
    "msm": msgspec.json.Decoder(Value),
    "msse": msgspec.json.Decoder(Failure),
    "cmsc": msgspec.json.Decoder(Close),
}
_signals: dict[str, Frame] = {"ping": Ping(), "pong": Pong(), "brm": NotUnderstood()}
_encode = msgspec.json.Encoder().encode


def parse(text: str | bytes) -> Frame:
    """Read a client's frame. Raises BadFrame (details: reason) for any fault."""
    try:
        envelope = _envelopes.decode(text)
        if signal := _signals.get(envelope.type):
            return signal
        if decoder := _decoders.get(envelope.type):
            return decoder.decode(envelope.data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if found := texts.surrogate_in_json(text):
            return _value_with_surrogate(text, ": ".join(filter(None, found)))
        raise BadFrame(reason=str(error)) from error
    raise BadFrame(reason=f"unknown type {envelope.type[:NAME_SHOWN]!r}")


def _value_with_surrogate(text: str | bytes, problem: str) -> Frame:
    """Read a frame with a lone surrogate in its value: only that stream fails, when its method reads the value.

    Raises BadFrame for any other frame, and if there is one elsewhere in the frame, too.
    """
    envelope = json.loads(text)
    try:
        kind, data = envelope["type"], envelope["data"]
        name, field = {"msm": ("o", "value"), "msse": ("ex", "exception")}[kind]
        value = msgspec.Raw(json.dumps(data[name]).encode())
        frame = _decoders[kind].decode(json.dumps({**data, name: None}, ensure_ascii=False))
        return msgspec.structs.replace(frame, **{field: value})
    except (LookupError, TypeError, UnicodeEncodeError, msgspec.DecodeError):
        raise BadFrame(reason=problem) from None


class Writer:
    """Builds the frames of one stream; common parts are encoded once. Values and exceptions are JSON text."""

    __slots__ = ("_head",)

    def __init__(self, head: Head) -> None:
        self._head = _text({"en": head.endpoint, "m": head.method, "cid": str(head.id)})[:-1]

    def opened(self, result: OpenResult) -> str:
        """`omsr`: the result of the opening: the method runs, or the reason why not."""
        return f'{{"type":"omsr","data":{self._head},"res":"{result}"}}}}'

    def value(self, value: str) -> str:
        """`msm`: a value of the returned stream."""
        return f'{{"type":"msm","data":{self._head},"o":{value}}}}}'

    def failure(self, exception: str) -> str:
        """`msse`: the method raised a declared exception. A `closed("error")` follows."""
        return f'{{"type":"msse","data":{self._head},"ex":{exception}}}}}'

    def closed(self, reason: CloseReason, parameter: str | None = None, error: object = None) -> str:
        """`cmsc`: the returned stream has ended; with `parameter`: that input stream is no longer read.

        error  in development: the failure that ended it, as JSON. Clients ignore it.
        """
        named = "" if parameter is None else f',"p":{_text(parameter)}'
        failure = "" if error is None else f',"error":{_text(error)}'
        return f'{{"type":"cmsc","data":{self._head}{named},"cr":"{reason}"{failure}}}}}'


def not_understood(text: str) -> str:
    """`brm`: the frame `text` could not be read. The socket closes after it."""
    return _text({"type": "brm", "data": {"req": text}})


def _text(value: object) -> str:
    return _encode(value).decode()
