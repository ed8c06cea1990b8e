"""Values to the wire and back: one codec per type, built once, resolved when first used. No HTTP, no Django.

    codec("List<Note>").encode(notes)      plain data for `dumps`
    codec("Note?").decode(loads(body))     a value, or WireError with path and expectation

Instances of Django models are known by their shape alone (`_state`, `__dict__`): what was not loaded is left out, and
encoding never asks the database.
"""

from __future__ import annotations

import enum
import re
import threading
from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from schema import scalars, wire
from schema.errors import SchemaError, WireError
from schema.names import snake_case
from schema.parse import parse_type
from schema.scalars import Convert, Mismatch, Pair, mismatch
from schema.types import GEOGRAPHIES, RECORD, VECTORS, TypeRef
from schema.wire import WireClass, WireEntry, WireEnum, WireExtra, WireField

milliseconds = scalars.milliseconds
sparse_text = scalars.sparse_text


@dataclass(frozen=True, slots=True)
class Codec:
    """Both directions of one type. Raises WireError where a value does not fit."""

    type: TypeRef
    pair: Pair

    def encode(self, value: Any) -> Any:
        """Plain data (None, bool, int, float, str, list, dict) for a value."""
        try:
            return self.pair.encode(value)
        except Mismatch as error:
            raise WireError(str(error)) from None
        except RecursionError:
            raise WireError("the value: expected less nesting") from None

    def decode(self, data: Any) -> Any:
        """The value that plain data stands for."""
        try:
            return self.pair.decode(data)
        except Mismatch as error:
            raise WireError(str(error)) from None
        except RecursionError:
            raise WireError("the value: expected less nesting") from None


@cache
def codec(type: TypeRef | str) -> Codec:
    """The codec of a type, for clients: what they may not see is neither written nor read."""
    ref = parse_type(type) if isinstance(type, str) else type
    return Codec(ref, _pair(ref, stored=False))


@cache
def stored(type: TypeRef | str) -> Codec:
    """The codec of a type, for a JSON column: fields and classes of the server are kept."""
    ref = parse_type(type) if isinstance(type, str) else type
    return Codec(ref, _pair(ref, stored=True))


def encode_dynamic(value: Any, *, stored: bool = False) -> dict[str, Any]:
    """`{"className", "data"}` of any value, by its Python class. Raises WireError.

    The entries of lists, sets and maps are wrapped in the same way. A tuple is a record of its values' types.
    stored: for other servers or the database, so fields of the server are kept.
    """
    return _dynamic_codec(stored).encode(value)  # type: ignore[no-any-return]


def decode_dynamic(data: Any, *, stored: bool = False) -> Any:
    """The value of `{"className", "data"}`. Raises WireError, also for names that are not known."""
    return _dynamic_codec(stored).decode(data)


def encode_as(type: TypeRef | str, value: Any) -> dict[str, Any]:
    """`{"className", "data"}` of a value whose type was declared, e.g. an item of `Stream<List<Note>>`.

    Lists, sets, maps and records carry the declared type's name ("List<Note>"), as a client's generated code knows it;
    anything else is named after the value, so that a subclass arrives as itself.
    """
    it = codec(type)
    data = it.encode(value)
    if value is None:
        return {"className": "null", "data": None}
    if isinstance(data, dict) and "__className__" in data:
        return {"className": data["__className__"], "data": data}
    if it.type.name == "dynamic":
        return data  # type: ignore[no-any-return]
    shown = it.type if it.type.name in ("List", "Set", "Map", RECORD) else it.type.required()
    return {"className": class_name(shown), "data": data}


def class_name(ref: TypeRef) -> str:
    """A type's name in `className`: no spaces after commas, no dimension, classes of modules as `module.Name`."""
    if ref.name == RECORD:
        named = ",".join(f"{class_name(kind)} {name}" for name, kind in ref.named)
        parts = [class_name(argument) for argument in ref.arguments] + ([f"{{{named}}}"] if named else [])
        text = f"({','.join(parts)}{',' if len(parts) == 1 and not named else ''})"
    else:
        text = _wire_name(ref)
        if ref.arguments:
            text += f"<{','.join(map(class_name, ref.arguments))}>"
    return text + ("?" if ref.nullable else "")


def dumps(plain: Any) -> bytes:
    """JSON of plain data."""
    return msgspec.json.encode(plain)


def loads(text: bytes | str) -> Any:
    """Plain data of JSON. Raises WireError."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise WireError(f"this is not JSON: {error}") from None


def unknown_member(enum_class: type[enum.Enum], value: Any) -> enum.Enum:
    """What an enum's column gives for a value that the enum does not have. Raises WireError without a default."""
    entry = wire.by_python.get(enum_class)
    if isinstance(entry, WireEnum) and entry.default is not None:
        return entry.default
    raise WireError(f"the value: expected {enum_class.__name__}, got {value!r}")


# Building a pair for a type ------------------------------------------------------------------------------------------


MAX_PAIRS = 4096
"""Types that are remembered; a sender can name new ones without end (`List<List<...>>`)."""


@lru_cache(MAX_PAIRS)
def _pair(ref: TypeRef, stored: bool) -> Pair:
    """The pair of a type. Classes are looked up at first use: generated modules may name each other in circles."""
    pair = _required(ref.required(), stored)
    if not ref.nullable or ref.name in ("dynamic", "void"):
        return pair
    encode, decode = pair
    return Pair(
        lambda value: None if value is None else encode(value),
        lambda data: None if data is None else decode(data),
    )


def _required(ref: TypeRef, stored: bool) -> Pair:
    if ref.name in scalars.SCALARS:
        return scalars.SCALARS[ref.name]
    if ref.name in VECTORS:
        return scalars.vector(ref.name, ref.dimension)
    if ref.name in GEOGRAPHIES:
        return scalars.geography(ref.name)
    if ref.name in _CONTAINERS:
        return _CONTAINERS[ref.name](ref, stored)
    if ref.name == "dynamic":
        return _dynamic(stored)
    return _late(ref, stored)


def _late(ref: TypeRef, stored: bool) -> Pair:
    """A class or an enum, found when a first value comes by."""
    name = _wire_name(ref)

    @cache
    def found() -> Pair:
        entry = wire.registered.get(name)
        if entry is None:
            raise Mismatch(f"a known class, and {name} is none (is its module imported?)")
        if entry.server_only and not stored:
            raise Mismatch(f"a class that clients may see, and {name} is serverOnly")
        if isinstance(entry, WireExtra):
            return _extra(entry, stored)
        return _enum(entry) if isinstance(entry, WireEnum) else _class(entry, stored)

    return Pair(lambda value: found().encode(value), lambda data: found().decode(data))


def _wire_name(ref: TypeRef) -> str:
    return f"{ref.module}.{ref.name}" if ref.module and ":" not in ref.module else ref.name


# Containers ----------------------------------------------------------------------------------------------------------


def _items(values: Any, convert: Convert) -> list[Any]:
    """Each value converted; an error says at which index."""
    result: list[Any] = []
    try:
        for value in values:
            result.append(convert(value))
    except Mismatch as error:
        raise error.inside(f"[{len(result)}]") from None
    return result


def _list(ref: TypeRef, stored: bool) -> Pair:
    encode_item, decode_item = _pair(ref.arguments[0], stored)
    as_is = {scalars.AS_IS.get(ref.arguments[0].name)}

    def encode(value: Any) -> list[Any]:
        if isinstance(value, list | tuple) or hasattr(value, "_result_cache"):
            if {*map(type, value)} == as_is:
                return list(value)
            return _items(value, encode_item)
        raise mismatch(str(ref), value)

    is_of_texts = as_is == {str}

    def decode(data: Any) -> list[Any]:
        if isinstance(data, list):
            if is_of_texts and {*map(type, data)} == as_is and "\x00" not in "".join(data):
                return list(data)
            return _items(data, decode_item)
        raise mismatch(str(ref), data)

    return Pair(encode, decode)


def _set(ref: TypeRef, stored: bool) -> Pair:
    encode_item, decode_item = _pair(ref.arguments[0], stored)

    def encode(value: Any) -> list[Any]:
        if isinstance(value, set | frozenset):
            return _items(value, encode_item)
        raise mismatch(str(ref), value)

    def decode(data: Any) -> set[Any]:
        if not isinstance(data, list):
            raise mismatch(str(ref), data)
        try:
            return set(_items(data, decode_item))
        except TypeError:
            raise Mismatch(f"{ref} whose entries Python can hash") from None

    return Pair(encode, decode)


def _map(ref: TypeRef, stored: bool) -> Pair:
    key, value = ref.arguments
    if key == TypeRef("String"):
        return _string_map(ref, _pair(value, stored))
    return _entry_map(ref, _pair(key, stored), _pair(value, stored))


def _string_map(ref: TypeRef, values: Pair) -> Pair:
    def convert(entries: Any, convert_value: Convert) -> dict[str, Any]:
        if not isinstance(entries, dict):
            raise mismatch(str(ref), entries)
        result = {}
        for key, value in entries.items():
            if not isinstance(key, str):
                raise mismatch("a String as key", key)
            try:
                result[key] = convert_value(value)
            except Mismatch as error:
                raise error.inside(f"[{key!r}]") from None
        return result

    return Pair(lambda value: convert(value, values.encode), lambda data: convert(data, values.decode))


def _entry_map(ref: TypeRef, keys: Pair, values: Pair) -> Pair:
    def encode(value: Any) -> list[dict[str, Any]]:
        if not isinstance(value, dict):
            raise mismatch(str(ref), value)
        return _items(value.items(), lambda entry: {"k": keys.encode(entry[0]), "v": values.encode(entry[1])})

    def decode_entry(entry: Any) -> tuple[Any, Any]:
        if not isinstance(entry, dict) or "k" not in entry:
            raise mismatch('an entry {"k": ..., "v": ...}', entry)
        return keys.decode(entry["k"]), values.decode(entry.get("v"))

    def decode(data: Any) -> dict[Any, Any]:
        if not isinstance(data, list):
            raise mismatch(f'{ref} as a list of {{"k": ..., "v": ...}}', data)
        try:
            return dict(_items(data, decode_entry))
        except TypeError:
            raise Mismatch(f"{ref} whose keys Python can hash") from None

    return Pair(encode, decode)


def _record(ref: TypeRef, stored: bool) -> Pair:
    """A tuple: positional fields, then named ones as declared; what is read also has the names as attributes."""
    positional = [_pair(argument, stored) for argument in ref.arguments]
    named = [(name, _pair(kind, stored)) for name, kind in ref.named]
    attributes = [f"item{number}" for number in range(1, len(positional) + 1)]
    attributes += [snake_case(name) for name, _ in named]
    record: Any = namedtuple("Record", attributes, rename=True) if named else None
    if record:
        record.wire_type = ref.required()  # inside `dynamic` it is written as what it was read as

    def encode(value: Any) -> dict[str, Any]:
        if not isinstance(value, tuple) or len(value) != len(attributes):
            raise mismatch(f"{ref}, a tuple of {len(attributes)}", value)
        result: dict[str, Any] = {}
        if positional:
            pairs = zip(positional, value, strict=False)
            result["p"] = _items(pairs, lambda both: both[0].encode(both[1]))
        if named:
            rest = zip(named, value[len(positional) :], strict=True)
            result["n"] = {name: _at(f".{name}", pair.encode, item) for (name, pair), item in rest}
        return result

    def decode(data: Any) -> Any:
        if not isinstance(data, dict):
            raise mismatch(f'{ref} as {{"p": [...], "n": {{...}}}}', data)
        given, extra = data.get("p") or [], data.get("n") or {}
        if not isinstance(given, list) or len(given) != len(positional) or not isinstance(extra, dict):
            raise Mismatch(f"{ref} with {len(positional)} positional fields in p and the others in n")
        values = _items(zip(positional, given, strict=True), lambda both: both[0].decode(both[1]))
        values += [_at(f".{name}", pair.decode, extra.get(name)) for name, pair in named]
        return record._make(values) if record else tuple(values)

    return Pair(encode, decode)


def _at(step: str, convert: Convert, value: Any) -> Any:
    try:
        return convert(value)
    except Mismatch as error:
        raise error.inside(step) from None


_CONTAINERS: dict[str, Callable[[TypeRef, bool], Pair]] = {
    "List": _list,
    "Set": _set,
    "Map": _map,
    RECORD: _record,
}


# Enums and classes ---------------------------------------------------------------------------------------------------


def _enum(entry: WireEnum) -> Pair:
    by_index = entry.serialized == "byIndex"
    members = {(index if by_index else member.value): member for index, member in enumerate(entry.python)}
    written = {member: value for value, member in members.items()}
    by_name = {member.name: value for value, member in members.items()}
    python, kind = entry.python, int if by_index else str

    def encode(value: Any) -> Any:
        if type(value) is python:
            return by_name[value._name_]  # an enum's own hash is Python code
        try:
            return written[value]
        except (KeyError, TypeError):
            raise mismatch(entry.name, value) from None

    def decode(data: Any) -> enum.Enum:
        if type(data) is not kind:
            raise mismatch(f"{entry.name} by its {'index' if by_index else 'name'}", data)
        if (member := members.get(data, entry.default)) is None:
            raise Mismatch(f"{entry.name}: one of {', '.join(map(str, members))}", "another value")
        return member

    return Pair(encode, decode)


class _Step(NamedTuple):
    """One field of a class, ready to use. `optional`: null is left out when written, and read where it is missing."""

    field: WireField
    pair: Pair
    optional: bool


_MISSING: Any = object()
_NOTHING: dict[str, Any] = {}
_open = threading.local()
"""`_open.ids`: the objects with relations that are being encoded right now, so that a circle ends."""


def _extra(entry: WireExtra, stored: bool) -> Pair:
    """The pair of a class written by hand. What its from_json can't read is the sender's mistake."""
    python = entry.python
    write = python.to_json if stored else getattr(python, "to_json_for_clients", python.to_json)

    def encode(value: Any) -> Any:
        if not isinstance(value, python):
            raise mismatch(entry.name, value)
        return write(value)

    def decode(data: Any) -> Any:
        try:
            return python.from_json(data)
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise Mismatch(f"{entry.name} ({type(error).__name__}: {error})") from error

    return Pair(encode, decode)


def _class(entry: WireClass, stored: bool) -> Pair:
    """The pair of a declared class: it also takes and gives its subclasses, each as itself."""
    writers: dict[type[Any], Convert] = {}
    readers: dict[str, Convert] = {}

    def encode(value: Any) -> Any:
        write = writers.get(type(value))
        if write is None:
            write = writers[type(value)] = _writer(_entry_for(value, entry, stored), stored)
        return write(value)

    def decode(data: Any) -> Any:
        if not isinstance(data, dict):
            raise mismatch(entry.name, data)
        name = data.get("__className__", entry.name)
        read = readers.get(name) if isinstance(name, str) else None
        if read is None:
            actual = _subclass(name, entry, stored)
            read = _reader(actual, stored)
            if actual.name == name:  # names that nobody registered must not fill the memory
                readers[name] = read
        return read(data)

    return Pair(encode, decode)


def _descends(entry: WireEntry | None, parent: WireClass) -> bool:
    while isinstance(entry, WireClass):
        if entry.name == parent.name:
            return True
        entry = wire.registered.get(entry.parent)
    return False


def _entry_for(value: Any, declared: WireClass, stored: bool) -> WireClass:
    """What a value is registered as: its own class, or the nearest above it. Raises Mismatch."""
    for python in type(value).__mro__:
        entry = wire.by_python.get(python)
        if isinstance(entry, WireClass) and _descends(entry, declared):
            if entry.server_only and not stored:
                raise Mismatch(f"a class that clients may see, and {entry.name} is serverOnly")
            if entry.sealed:
                raise Mismatch(f"a subclass of {entry.name}, which is sealed", entry.name)
            return entry
    raise mismatch(declared.name, value)


def _subclass(name: Any, declared: WireClass, stored: bool) -> WireClass:
    """The class that `__className__` names; the declared one for a name that is not known. Raises Mismatch."""
    entry = wire.registered.get(name) if isinstance(name, str) else None
    if isinstance(entry, WireClass) and _descends(entry, declared) and (stored or not entry.server_only):
        if entry.sealed:
            raise Mismatch(f"a subclass of {entry.name}, which is sealed", entry.name)
        return entry
    if declared.sealed:
        raise Mismatch(f"a subclass of {declared.name}, which is sealed", "another class")
    return declared


def _steps(entry: WireClass, stored: bool) -> list[_Step]:
    """The fields that may pass, in order."""
    steps = []
    for field in entry.fields:
        if stored or field.scope == "all":
            ref = parse_type(field.type)
            steps.append(_Step(field, _pair(ref.required(), stored), ref.nullable))
    return steps


def _is_model(python: type[Any]) -> bool:
    return hasattr(python, "_meta") and hasattr(python, "_base_manager")


def _writer(entry: WireClass, stored: bool) -> Convert:
    """How one concrete class is written."""
    steps = _steps(entry, stored)
    write = _fields_writer(entry, steps)
    if not any(step.field.relation for step in steps):
        return write
    without = _fields_writer(entry, [step for step in steps if not step.field.relation])
    return _once(write, without)


def _fields_writer(entry: WireClass, steps: list[_Step]) -> Convert:
    plan = [
        (
            step.field.key,
            step.field.attribute,
            _getter(entry.python, step.field),
            _AS_IS.get(step.field.type),
            step.pair.encode,
            step.optional,
        )
        for step in steps
    ]
    name = entry.name
    is_model = _is_model(entry.python)

    def write(value: Any) -> dict[str, Any]:
        result: dict[str, Any] = {"__className__": name}
        values = value.__dict__ if is_model else _NOTHING
        for key, attribute, get, as_is, encode, optional in plan:
            item = values.get(attribute, _MISSING) if get is None else get(value)
            if type(item) is as_is:
                result[key] = item
            elif item is not None or not optional:
                try:
                    result[key] = encode(item)
                except Mismatch as error:
                    _explain(item, key, error, optional)
        return result

    return write


_AS_IS: dict[str, type[Any]] = {
    name + mark: kind for name, kind in scalars.AS_IS.items() for mark in ("", "?")
}
"""Types whose values of exactly this Python type are written as they are: most of what there is."""


def _explain(item: Any, key: str, error: Mismatch, optional: bool) -> None:
    """Raise what is wrong with a field's value, unless it is only not known yet."""
    if item is _MISSING:  # to ask for it would be a query
        error = Mismatch("a field that was loaded; only() or defer() left it out")
    elif optional and type(item).__name__ == "DatabaseDefault":  # not saved yet
        return
    raise error.inside(f".{key}") from None


def _once(write: Convert, without_relations: Convert) -> Convert:
    """A writer that notes what is being written: a loaded parent and its loaded children name each other."""

    def noted(value: Any) -> Any:
        # Not `_state.fields_cache`: to ask for that makes one.
        if (
            not value._state.__dict__.get("fields_cache")
            and "_prefetched_objects_cache" not in value.__dict__
        ):
            return without_relations(value)
        ids = _open.__dict__.setdefault("ids", set())
        if id(value) in ids:
            raise Mismatch("a value that does not contain itself")
        ids.add(id(value))
        try:
            return write(value)
        finally:
            ids.discard(id(value))

    return noted


def _getter(python: type[Any], field: WireField) -> Convert | None:
    """How to get a field's value without a query: None where it stands in the object, or a relation was not loaded."""
    attribute = field.attribute
    if field.relation == "one":
        return lambda value: _loaded_one(value._state.fields_cache.get(attribute))
    if field.relation == "many":
        return lambda value: _loaded_many(value.__dict__.get("_prefetched_objects_cache", {}).get(attribute))
    if not _is_model(python) or isinstance(getattr(python, attribute, None), property):
        return attrgetter(attribute)
    return None


def _loaded_one(value: Any) -> Any:
    return None if value is None or id(value) in _open.ids else value


def _loaded_many(values: Any) -> Any:
    loaded = getattr(values, "_result_cache", values)  # a QuerySet that was prefetched has its rows here
    if loaded is None or any(id(value) in _open.ids for value in loaded):
        return None
    return list(loaded)


def _reader(entry: WireClass, stored: bool) -> Convert:
    """How one concrete class is read. Null and absent are the same: the default, else null."""
    is_model = _is_model(entry.python)
    steps = _steps(entry, stored)
    columns = [step for step in steps if not step.field.relation]
    relations = [step for step in steps if step.field.relation]
    passing = {step.field.attribute for step in steps}
    blank = {
        field.attribute: None
        for field in entry.fields
        if field.attribute not in passing and not field.has_default
    }
    plan = [
        (step.field.key, step.field.attribute, step.pair.decode, step.optional, step.field)
        for step in columns
    ]

    def read(data: dict[str, Any]) -> Any:
        values: dict[str, Any] = {} if is_model else dict(blank)
        for key, attribute, decode, optional, field in plan:
            item = data.get(key)
            if item is not None:
                try:
                    values[attribute] = decode(item)
                except Mismatch as error:
                    raise error.inside(f".{key}") from None
            elif field.has_default:
                continue
            elif not optional and field.type != "dynamic":
                raise Mismatch(f"{field.type}", "nothing").inside(f".{key}")
            elif not is_model:  # a model knows itself whether that is NULL or the database's default
                values[attribute] = None
        made = entry.python(**values)
        for step in relations:
            _set_relation(made, step, data.get(step.field.key))
        return made

    return read


def _set_relation(made: Any, step: _Step, data: Any) -> None:
    """Put a relation that the sender had loaded where Django keeps loaded ones."""
    if data is None:
        return
    value = _at(f".{step.field.key}", step.pair.decode, data)
    if step.field.relation == "one":
        if _is_referred_to(made, step.field.attribute, value):
            made._state.fields_cache[step.field.attribute] = value
    else:
        made.__dict__.setdefault("_prefetched_objects_cache", {})[step.field.attribute] = value


def _is_referred_to(made: Any, relation: str, value: Any) -> bool:
    """Whether the key that was sent names this object. Another's key Django would store, past who looks at the key."""
    field = made._meta.get_field(relation)
    return not field.concrete or getattr(made, field.attname) == getattr(value, field.target_field.attname)


# Dynamic values ------------------------------------------------------------------------------------------------------

_NAMES: dict[type[Any], str] = {
    bool: "bool",
    int: "int",
    float: "double",
    str: "String",
    datetime: "DateTime",
    timedelta: "Duration",
    UUID: "UuidValue",
    bytes: "ByteData",
}


def _scalar_name(value: Any) -> str | None:
    name = _NAMES.get(type(value))
    return "BigInt" if name == "int" and not -(2**63) <= value < 2**63 else name


@cache
def _dynamic_codec(stored: bool) -> Codec:
    return Codec(TypeRef("dynamic"), _dynamic(stored))


@cache
def _dynamic(stored: bool) -> Pair:
    def encode(value: Any) -> dict[str, Any]:
        if value is None:
            return {"className": "null", "data": None}
        if (name := _scalar_name(value)) is not None:
            return {"className": name, "data": scalars.SCALARS[name].encode(value)}
        if isinstance(value, list | set | frozenset):
            return {"className": "List" if isinstance(value, list) else "Set", "data": _items(value, encode)}
        if isinstance(value, dict):
            return {"className": "Map", "data": _dynamic_map(value, encode)}
        if isinstance(value, tuple):
            ref = getattr(type(value), "wire_type", None) or _type_of(value)
            return {"className": class_name(ref), "data": _pair(ref, stored).encode(value)}
        return _registered(value, stored)

    def decode(data: Any) -> Any:
        if data is None:
            return None
        if not isinstance(data, dict) or not isinstance(data.get("className"), str):
            raise mismatch('{"className": ..., "data": ...}', data)
        name, inside = data["className"], data.get("data")
        if name == "null":
            return None
        if name in ("List", "Set", "Map"):
            return _read_untyped(name, inside, decode)
        return _pair(_named_type(name), stored).decode(inside)

    return Pair(encode, decode)


def _type_of(value: Any) -> TypeRef:
    """What a value inside a tuple is called, so that who reads the record knows it. Raises Mismatch."""
    if isinstance(value, tuple):
        return TypeRef(RECORD, arguments=tuple(map(_type_of, value)))
    if value is None or isinstance(value, list | set | frozenset | dict):
        return TypeRef("dynamic")
    if (name := _scalar_name(value)) is not None:
        return TypeRef(name)
    return _registered_type(value)


def _dynamic_map(value: dict[Any, Any], encode: Convert) -> Any:
    if all(isinstance(key, str) for key in value):
        return {key: _at(f"[{key!r}]", encode, item) for key, item in value.items()}
    return _items(value.items(), lambda entry: {"k": encode(entry[0]), "v": encode(entry[1])})


def _registered(value: Any, stored: bool) -> dict[str, Any]:
    """A value of a generated class or enum, by the name of the nearest class that is known."""
    ref = _registered_type(value)
    return {"className": class_name(ref), "data": _pair(ref, stored).encode(value)}


def _registered_type(value: Any) -> TypeRef:
    for python in type(value).__mro__:
        if (entry := wire.by_python.get(python)) is not None:
            module, _, short = entry.name.rpartition(".")
            return TypeRef(short, module=module)
    raise mismatch("a value that the wire knows", value)


def _read_untyped(name: str, data: Any, decode: Convert) -> Any:
    if name == "Map" and isinstance(data, dict):
        return {key: _at(f"[{key!r}]", decode, item) for key, item in data.items()}
    if not isinstance(data, list):
        raise mismatch(name, data)
    if name == "List":
        return _items(data, decode)
    try:
        if name == "Set":
            return set(_items(data, decode))
        if not all(isinstance(entry, dict) for entry in data):
            raise Mismatch('Map as a list of {"k": ..., "v": ...}')
        return dict(_items(data, lambda entry: (decode(entry.get("k")), decode(entry.get("v")))))
    except TypeError:
        raise Mismatch(f"{name} whose entries Python can hash") from None


def _named_type(name: str) -> TypeRef:
    """The type that a className spells: "int", "module.Note", "List<Note>?", "(int,{String name})". Raises Mismatch."""
    if len(name) > MAX_CLASS_NAME:
        raise Mismatch("a shorter className")
    if name in VECTORS:
        return TypeRef(name)  # a className has no dimension
    if (ref := _named_types.get(name)) is None:
        try:
            ref = parse_type(re.sub(r"\b(\w+)\.(\w+)", r"module:\1:\2", name))
        except (SchemaError, RecursionError):
            raise Mismatch("a className that names a type", "another string") from None
        if len(_named_types) < MAX_CLASS_NAMES:
            _named_types[name] = ref
    return ref


MAX_CLASS_NAME = 1000
"""Characters of a className."""
MAX_CLASS_NAMES = 1000
"""Names that are remembered; those beyond are parsed anew each time."""
_named_types: dict[str, TypeRef] = {}


def _forget() -> None:
    for built in (codec, stored, _pair, _dynamic_codec, _dynamic):
        built.cache_clear()


wire.when_registered.append(_forget)
