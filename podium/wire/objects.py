"""Enums, classes and exceptions on the wire, and classes written by hand. `pair_of` gives the pairs of fields.

Django models are recognized by their shape alone (`_state`, `__dict__`): unloaded relations are left out, and
encoding never queries the database.
"""

from __future__ import annotations

import enum
import threading
from collections.abc import Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from podium.wire import bounds, texts
from podium.wire import classes as wire
from podium.wire.classes import WireClass, WireEntry, WireEnum, WireExtra, WireField
from podium.wire.containers import PairOf, at
from podium.wire.mismatch import Convert, Mismatch, Pair, mismatch
from podium.wire.parse import parse_type
from podium.wire.types import registry
from podium.wire.types.ref import DYNAMIC
from podium.wire.unreadable import SHOWN_CHARACTERS, UnreadableValue
from podium.wire.validation import Rule


def entry_pair(entry: WireEntry, stored: bool, pair_of: PairOf) -> Pair:
    """The pair of a registered class or enum. stored: include server-only fields and classes."""
    if isinstance(entry, WireExtra):
        return _extra(entry, stored)
    return _enum(entry, stored) if isinstance(entry, WireEnum) else _class(entry, stored, pair_of)


def _enum(entry: WireEnum, stored: bool) -> Pair:
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
            # A client's value may be a secret in the wrong place, so it is hidden; a stored one must be findable.
            got = repr(data)[:SHOWN_CHARACTERS] if stored else "another value"
            raise Mismatch(f"{entry.name}: one of {', '.join(map(str, members))}", got)
        return member

    return Pair(encode, decode)


class _Step(NamedTuple):
    """One field of a class, ready to use.

    optional  null is omitted when written, and read if missing
    as_is     values of exactly this Python type are written unchanged, which is the usual case
    """

    field: WireField
    pair: Pair
    optional: bool
    as_is: type[Any] | None


_MISSING: Any = object()
_NOTHING: dict[str, Any] = {}
_open = threading.local()
"""`_open.ids`: the objects with relations that are being encoded right now, to detect circles."""


def _extra(entry: WireExtra, stored: bool) -> Pair:
    """The pair of a hand-written class. An exception of its from_json is the sender's mistake."""
    python = entry.python
    write = python.to_json if stored else getattr(python, "to_json_for_clients", python.to_json)

    def encode(value: Any) -> Any:
        if not isinstance(value, python):
            raise mismatch(entry.name, value)
        return write(value)

    def decode(data: Any) -> Any:
        if found := texts.fault(data):  # a hand-written class may keep any part of it
            raise Mismatch(entry.name, found[1])
        try:
            return python.from_json(data)
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise Mismatch(f"{entry.name} ({type(error).__name__}: {error})") from error

    return Pair(encode, decode)


def _class(entry: WireClass, stored: bool, pair_of: PairOf) -> Pair:
    """The pair of a declared class: it also reads and writes its subclasses, with their own type."""
    writers: dict[type[Any], Convert] = {}
    readers: dict[str, Convert] = {}

    def encode(value: Any) -> Any:
        write = writers.get(type(value))
        if write is None:
            write = writers[type(value)] = _writer(_entry_for(value, entry, stored), stored, pair_of)
        return write(value)

    def decode(data: Any) -> Any:
        if not isinstance(data, dict):
            raise mismatch(entry.name, data)
        name = data.get("__className__", entry.name)
        read = readers.get(name) if isinstance(name, str) else None
        if read is None:
            actual = _subclass(name, entry, stored)
            read = _reader(actual, stored, pair_of)
            if actual.name == name:  # unregistered names must not fill the memory
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
    """The entry of a value's own class, or of its nearest registered base. Raises Mismatch."""
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
    """The class that `__className__` names; the declared one for an unknown name. Raises Mismatch."""
    entry = wire.registered.get(name) if isinstance(name, str) else None
    if isinstance(entry, WireClass) and _descends(entry, declared) and (stored or not entry.server_only):
        if entry.sealed:
            raise Mismatch(f"a subclass of {entry.name}, which is sealed", entry.name)
        return entry
    if declared.sealed:
        raise Mismatch(f"a subclass of {declared.name}, which is sealed", "another class")
    return declared


def _steps(entry: WireClass, stored: bool, pair_of: PairOf) -> list[_Step]:
    """The fields to write and read, in order."""
    steps = []
    for field in entry.fields:
        if stored or field.scope == "all":
            ref = parse_type(field.type)
            kind = registry.find(ref)
            steps.append(_Step(field, pair_of(ref.required()), ref.nullable, kind.as_is if kind else None))
    return steps


def _is_model(python: type[Any]) -> bool:
    return hasattr(python, "_meta") and hasattr(python, "_base_manager")


def _writer(entry: WireClass, stored: bool, pair_of: PairOf) -> Convert:
    """The encoder of one concrete class."""
    steps = _steps(entry, stored, pair_of)
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
            step.as_is,
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
                except UnreadableValue as error:
                    error.row = error.row or getattr(value, "pk", None)
                    raise
        return result

    return write


def _explain(item: Any, key: str, error: Mismatch, optional: bool) -> None:
    """Raise the error in a field's value, unless the value is only known after saving."""
    if item is _MISSING:  # access would be a query
        error = Mismatch("a field that was loaded; only() or defer() left it out")
    elif optional and type(item).__name__ == "DatabaseDefault":  # not saved yet
        return
    raise error.inside(f".{key}") from None


def _once(write: Convert, without_relations: Convert) -> Convert:
    """A writer that tracks the objects being written: a loaded parent and its loaded children refer to each other."""

    def noted(value: Any) -> Any:
        # Not `_state.fields_cache`: access creates it.
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
    """A getter for a field's value without a query; None if it is in `__dict__`, or a relation was not loaded."""
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
    loaded = getattr(values, "_result_cache", values)  # a prefetched QuerySet has its rows here
    if loaded is None or any(id(value) in _open.ids for value in loaded):
        return None
    return list(loaded)


def _reader(entry: WireClass, stored: bool, pair_of: PairOf) -> Convert:
    """The decoder of one concrete class. Null and absent mean the same: the default, else null."""
    is_model = _is_model(entry.python)
    steps = _steps(entry, stored, pair_of)
    columns = [step for step in steps if not step.field.relation]
    relations = [step for step in steps if step.field.relation]
    passing = {step.field.attribute for step in steps}
    blank = {
        field.attribute: None
        for field in entry.fields
        if field.attribute not in passing and not field.has_default
    }
    plan = [
        (
            step.field.key,
            step.field.attribute,
            step.pair.decode if stored else _checked(step.pair.decode, step.field.rules),
            step.optional,
            step.field,
        )
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
            elif not optional and field.type != DYNAMIC:
                raise Mismatch(f"{field.type}", "nothing").inside(f".{key}")
            elif not is_model:  # a model decides itself between NULL and the database's default
                values[attribute] = None
        made = entry.python(**values)
        for step in relations:
            _set_relation(made, step, data.get(step.field.key))
        return made

    return read


def _checked(decode: Convert, rules: Sequence[Rule]) -> Convert:
    """A decoder that also checks the rules of its field; the decoder itself if there are none."""
    if not rules:
        return decode

    def checked(data: Any) -> Any:
        value = decode(data)
        if not bounds.trusts_sender():
            for rule in rules:
                if not rule.accepts(value):
                    raise Mismatch(rule.expected(value), rule.found(value))
        return value

    return checked


def _set_relation(made: Any, step: _Step, data: Any) -> None:
    """Store a relation sent by the client in Django's cache of loaded relations."""
    if data is None:
        return
    value = at(f".{step.field.key}", step.pair.decode, data)
    if step.field.relation == "one":
        if _is_referred_to(made, step.field.attribute, value):
            made._state.fields_cache[step.field.attribute] = value
    else:
        made.__dict__.setdefault("_prefetched_objects_cache", {})[step.field.attribute] = value


def _is_referred_to(made: Any, relation: str, value: Any) -> bool:
    """Return whether the sent key is this object's. Django would store the object's own, unseen by key checks."""
    field = made._meta.get_field(relation)
    return not field.concrete or getattr(made, field.attname) == getattr(value, field.target_field.attname)
