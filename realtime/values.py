"""Values on streams as JSON text, `{"className","data"}`; a value that many streams send is encoded once."""

from __future__ import annotations

import enum
import weakref
from dataclasses import dataclass, field
from typing import Any

from schema import codecs
from schema.types import TypeRef

Encoded = dict[int, tuple[TypeRef, str]]
"""By the id of the declared type, and with it, so that the id stays its own; to hash the type would take longer."""


@dataclass(slots=True)
class _Shared:
    """A value that came over the bus: what it held when it came, and its encodings by declared type."""

    reference: weakref.ref[Any]
    contents: dict[str, Any]
    encoded: Encoded = field(default_factory=dict)


_shared: dict[int, _Shared] = {}
"""By the value's id; an entry goes when its value goes."""


class _Text:
    """The text that came last, with its encodings: most are sent by all their readers before the next one comes."""

    value: str | None = None
    encoded: Encoded = {}


_text = _Text()


def share(value: Any) -> None:
    """Remember that `value` is handed to many: `encode` works once for each type it is sent as."""
    if isinstance(value, str):
        _text.value, _text.encoded = value, {}
        return
    contents = getattr(value, "__dict__", None)
    if contents is None or isinstance(value, enum.Enum):
        return  # numbers, lists: nothing to hold on to
    key = id(value)
    reference = weakref.ref(value, lambda _: _shared.pop(key, None))
    _shared[key] = _Shared(reference, dict(contents))


def encode(type_ref: TypeRef, value: Any) -> str:
    """The JSON text of a value of a stream of that type. Raises WireError.

    A value that was changed since it came (one of its fields holds something else) is encoded anew.
    """
    if value is _text.value:  # it can't change
        known = _text.encoded.get(id(type_ref))
        return known[1] if known else _once(_text.encoded, type_ref, value)
    shared = _shared.get(id(value))
    if shared is None or shared.reference() is not value or vars(value) != shared.contents:
        return codecs.dumps(codecs.encode_as(type_ref, value)).decode()
    return _once(shared.encoded, type_ref, value)


def _once(encoded: Encoded, type_ref: TypeRef, value: Any) -> str:
    known = encoded.get(id(type_ref))
    if known is None:
        text = codecs.dumps(codecs.encode_as(type_ref, value)).decode()
        known = encoded[id(type_ref)] = (type_ref, text)
    return known[1]


def decode(type_ref: TypeRef, text: bytes) -> Any:
    """The value in the JSON text that a client sent on a stream of that type. Raises WireError."""
    wrapped = codecs.loads(text)
    if type_ref.name == "dynamic" or not isinstance(wrapped, dict):
        return codecs.decode_dynamic(wrapped)
    return codecs.codec(type_ref).decode(wrapped.get("data"))


def encode_exception(error: Exception) -> str:
    """The JSON text of an exception declared in a model file. Raises WireError."""
    return codecs.dumps(codecs.encode_dynamic(error)).decode()
