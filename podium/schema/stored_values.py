"""Conversion of values inside JSON columns from their old stored form to the new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from podium.schema.holdings import Holdings, field_type
from podium.schema.stored_changes import Becomes, Comparison, translation
from podium.wire.classes import wire_name
from podium.wire.parse import parse_type
from podium.wire.types import RECORD, TypeRef


@dataclass
class Conversion:
    """The conversion of one column's values. A value without the form of its type stays unchanged.

    enums    name -> stored value -> new stored value
    fields   class -> its field's key -> the new key
    classes  name -> the new name
    unknown  stored values of enums without a mapping that were found, as (enum, value)
    """

    type: TypeRef
    holdings: Holdings
    enums: Mapping[str, Mapping[str | int, str | int | None]]
    fields: Mapping[str, Mapping[str, str]]
    classes: Mapping[str, str]
    unknown: set[tuple[str, str | int]] = field(default_factory=set)

    def __call__(self, data: Any) -> Any:
        return self._convert(self.type, data)

    def _convert(self, ref: TypeRef, data: Any) -> Any:
        if data is None:
            return None
        name = wire_name(ref)
        if name in self.enums:
            return self._convert_enum(name, data)
        if "fields" in self.holdings.get(name, ()) and isinstance(data, dict):
            return self._convert_object(name, data)
        if (ref.is_list or ref.is_set) and isinstance(data, list):
            found = [self._convert(ref.arguments[0], item) for item in data]
            if ref.is_set and wire_name(ref.arguments[0]) in self.enums:
                return list({repr(item): item for item in found}.values())  # two values may have become one
            return found
        if ref.is_map:
            return self._convert_map(ref, data)
        if ref.name == RECORD and isinstance(data, dict):
            return self._convert_record(ref, data)
        return data

    def _convert_enum(self, name: str, data: Any) -> Any:
        if isinstance(data, str | int) and data in self.enums[name]:
            return self.enums[name][data]
        if isinstance(data, str | int):
            self.unknown.add((name, data))
        return data

    def _convert_object(self, declared: str, data: dict[str, Any]) -> dict[str, Any]:
        own = data.get("__className__", declared)
        name = own if isinstance(own, str) and "fields" in self.holdings.get(own, ()) else declared
        fields, renamed = self.holdings[name]["fields"], self.fields.get(name, {})
        found = {}
        for key, value in data.items():
            kind = fields.get(key)
            found[renamed.get(key, key)] = (
                value if kind is None else self._convert(field_type(kind)[0], value)
            )
        if "__className__" in data:
            found["__className__"] = self.classes.get(own, own) if isinstance(own, str) else own
        return found

    def _convert_map(self, ref: TypeRef, data: Any) -> Any:
        key, value = ref.arguments
        if isinstance(data, dict):
            return {name: self._convert(value, item) for name, item in data.items()}
        if not isinstance(data, list) or not all(isinstance(entry, dict) for entry in data):
            return data
        return [
            {**entry, "k": self._convert(key, entry.get("k")), "v": self._convert(value, entry.get("v"))}
            for entry in data
        ]

    def _convert_record(self, ref: TypeRef, data: dict[str, Any]) -> dict[str, Any]:
        found = dict(data)
        if isinstance(given := data.get("p"), list) and len(given) == len(ref.arguments):
            found["p"] = [self._convert(kind, item) for kind, item in zip(ref.arguments, given, strict=True)]
        if isinstance(extra := data.get("n"), dict):
            kinds = dict(ref.named)
            found["n"] = {
                key: self._convert(kinds[key], item) if key in kinds else item for key, item in extra.items()
            }
        return found


def conversion(type: str, found: Comparison, becomes: Becomes) -> Conversion | None:
    """The conversion of values in a JSON column for a compared change; None if all values stay unchanged."""
    enums = {
        old: translation(old, found.old[old], found.new[new], becomes) for old, new in found.enums.items()
    }
    fields: dict[str, dict[str, str]] = {}
    for one in found.classes:
        renamed = {key: becomes.get(f"{one}.{key}") for key in found.old[one]["fields"]}
        fields[one] = {key: target for key, target in renamed.items() if target and target != key}
    classes = {one: target for one, target in found.classes.items() if becomes.get(one) == target != one}
    is_needed = any(fields.values()) or bool(classes)
    for old, mapping in enums.items():
        is_needed |= any(stored != target for stored, target in mapping.items())
        is_needed |= len(mapping) < len(found.old[old]["values"])
    return Conversion(parse_type(type), found.old, enums, fields, classes) if is_needed else None
