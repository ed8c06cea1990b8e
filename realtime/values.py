"""Values on streams as JSON text, `{"className","data"}`; a value that many streams send is encoded once."""

from __future__ import annotations

import enum
import weakref
from dataclasses import dataclass, field
from typing import Any

from podium.wire import codecs
from podium.wire.types import TypeRef

Encoded = dict[tuple[int, str], tuple[TypeRef, str]]
"""By the id of the declared type and the endpoint's module. The type is kept with it, so that its id is not reused;
hashing the type would take longer."""


@dataclass(slots=True)
class _Shared:
    """A value from the bus: its contents at its arrival, and its encodings by declared type."""

    reference: weakref.ref[Any]
    contents: dict[str, Any]
    encoded: Encoded = field(default_factory=dict)


_shared: dict[int, _Shared] = {}
"""By the value's id; an entry is removed with its value."""


class _Text:
    """The latest text with its encodings: usually all its readers have sent it before the next one arrives."""

    value: str | None = None
    encoded: Encoded = {}


_text = _Text()


def share(value: Any) -> None:
    """Register a `value` with many readers: `encode` runs once for each type that it is sent as."""
    if isinstance(value, str):
        _text.value, _text.encoded = value, {}
        return
    contents = getattr(value, "__dict__", None)
    if contents is None or isinstance(value, enum.Enum):
        return  # numbers, lists: they can't be referenced weakly
    key = id(value)
    reference = weakref.ref(value, lambda _: _shared.pop(key, None))
    _shared[key] = _Shared(reference, dict(contents))


def encode(type_ref: TypeRef, value: Any, module: str = "") -> str:
    """The JSON text of a value for a stream of this type, of an endpoint of this module. Raises WireError.

    A value that was changed since its arrival (one of its fields is another object) is encoded again.
    """
    if value is _text.value:  # immutable
        return _once(_text.encoded, type_ref, value, module)
    shared = _shared.get(id(value))
    if shared is None or shared.reference() is not value or vars(value) != shared.contents:
        return codecs.dumps(codecs.encode_as(type_ref, value, module)).decode()
    return _once(shared.encoded, type_ref, value, module)


def _once(encoded: Encoded, type_ref: TypeRef, value: Any, module: str) -> str:
    known = encoded.get((id(type_ref), module))
    if known is None:
        text = codecs.dumps(codecs.encode_as(type_ref, value, module)).decode()
        known = encoded[id(type_ref), module] = (type_ref, text)
    return known[1]


def decode(type_ref: TypeRef, text: bytes) -> Any:
    """The value in the JSON text that a client sent on a stream of this type. Raises WireError."""
    wrapped = codecs.loads(text)
    if type_ref.is_dynamic or not isinstance(wrapped, dict):
        return codecs.decode_dynamic(wrapped)
    return codecs.codec(type_ref).decode(wrapped.get("data"))


def encode_exception(error: Exception) -> str:
    """The JSON text of an exception declared in a model file. Raises WireError."""
    return codecs.dumps(codecs.encode_dynamic(error)).decode()
