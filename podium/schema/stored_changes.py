"""Effects of a change of a column's type, in model files, on the values stored before.

Compares holdings of migrations (podium.schema.holdings), no values. Harmless changes are not listed: a new value at
an enum's end, a new field that is nullable or has a default, a list that becomes a set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from podium.schema.holdings import Holdings, family, field_type, keys_by_attribute
from podium.wire.classes import wire_name
from podium.wire.parse import parse_type
from podium.wire.types import RECORD, TypeRef, registry
from podium.wire.types.ref import LIST, MAP, SET, TEXT

Becomes = Mapping[str, str | None]
"""A mapping of stored names: "Color.red" -> "crimson" (a value), "Page.title" -> "heading" (a field),
"Circle" -> "Disc" (a class); None: null."""
CONVERTED: Final = "the migration converts the rows; apps built before it read and send the old form"


@dataclass(frozen=True)
class Change:
    """One effect of a change on stored values.

    text        a sentence: "Color has no red any more: ..."
    definition  the enum or class that causes it; "" for the field itself
    value       the enum's value, or the class's field by its key
    gone        removed stored values without a mapping
    is_of_unknown  it concerns stored values that the enum never had
    is_converted   rows keep their meaning, since the migration converts them
    """

    text: str
    definition: str = ""
    value: str = ""
    gone: tuple[str | int, ...] = ()
    is_of_unknown: bool = False
    is_converted: bool = False


def stored_as(holding: Mapping[str, Any]) -> dict[str, str | int]:
    """The values of an enum by name, each as it is stored."""
    values = holding["values"]
    return {name: index if holding.get("by_index") else name for index, name in enumerate(values)}


def translation(
    name: str, old: Mapping[str, Any], new: Mapping[str, Any], becomes: Becomes
) -> dict[str | int, str | int | None]:
    """Map each stored value of an enum to its new value; values without a mapping are missing.

    `becomes` may also have values that the enum never had but that rows hold.
    """
    before, after = stored_as(old), stored_as(new)
    targets = {stored: becomes.get(f"{name}.{value}", value) for value, stored in before.items()}
    for key, target in becomes.items():
        value = key.removeprefix(f"{name}.")
        if value == key or value in before:
            continue
        if not old.get("by_index"):
            targets[value] = target
        elif is_whole_number(value):
            targets[int(value)] = target
    return {
        stored: None if target is None else after[target]
        for stored, target in targets.items()
        if target is None or target in after
    }


def is_whole_number(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit()


def enum_changes(
    name: str, old: Mapping[str, Any], new: Mapping[str, Any], becomes: Becomes, new_name: str = ""
) -> list[Change]:
    """The effects of changed values, order, serialization or default."""
    where = new_name or name
    before, after = stored_as(old), stored_as(new)
    fallback = new.get("fallback", "")
    found = []
    for value, stored in before.items():
        if value not in after and f"{name}.{value}" not in becomes:
            was = f" (stored as {stored})" if old.get("by_index") else ""
            text = (
                f"{where} no longer has {value}{was}: map it with --map {where}.{value}=<value>, or `migrate` "
                "refuses rows with it"
            )
            found.append(Change(text, where, value, gone=(stored,)))
    if bool(old.get("by_index")) != bool(new.get("by_index")):
        was, becomes_now = ("index", "name") if old.get("by_index") else ("name", "index")
        text = f"{where} is stored by {becomes_now}, was by {was}: {CONVERTED}"
        found.append(Change(text, where, is_converted=True))
    elif new.get("by_index"):
        moved = [value for value in before if value in after and before[value] != after[value]]
        if moved:
            shown = ", ".join(f"{value} from {before[value]} to {after[value]}" for value in moved)
            found.append(Change(f"{where} moves {shown}: {CONVERTED}", where, moved[0], is_converted=True))
    if old.get("fallback") and old["fallback"] != fallback:
        effect = f"are read as {fallback}, were" if fallback else "cannot be read, were read as"
        text = f"unknown values of {where} {effect} {old['fallback']}"
        found.append(Change(text, where, is_of_unknown=True))
    return found


@dataclass
class Comparison:
    """A comparison of types inside JSON, from the outside in.

    enums, classes   found on the way: names before -> names after
    """

    old: Holdings
    new: Holdings
    becomes: Becomes
    changes: list[Change] = field(default_factory=list)
    enums: dict[str, str] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def compare(self, old: TypeRef, new: TypeRef, place: str) -> None:
        """Compare two types of one place ("Page.size", "an item of List<Page>")."""
        if old.nullable and not new.nullable and place and not new.is_dynamic:
            self._add(f"{place} may no longer be null: stored nulls cannot be read", place)
        if place and not new.nullable:
            self._refuse_nulls(old, place)
        old, new = old.required(), new.required()
        kinds = (self._kind(old), self._kind(new))
        if kinds == ("enum", "enum"):
            self._compare_enums(wire_name(old), wire_name(new))
        elif kinds == ("class", "class"):
            self._compare_classes(wire_name(old), wire_name(new))
        elif kinds == ("list", "list"):
            self.compare(old.arguments[0], new.arguments[0], f"an entry of {new}")
        elif kinds == ("map", "map") and _has_string_keys(old) == _has_string_keys(new):
            self.compare(old.arguments[0], new.arguments[0], f"a key of {new}")
            self._name_keys_that_meet(wire_name(old.arguments[0]), new)
            self.compare(old.arguments[1], new.arguments[1], f"a value of {new}")
        elif kinds == ("record", "record"):
            self._compare_records(old, new)
        elif not self._reads_the_same(old, new, kinds):
            what = place or "the value"
            self._add(f"{what} is read as {new}, was stored as {old}", place)

    def _refuse_nulls(self, old: TypeRef, place: str) -> None:
        prefix = f"{wire_name(old)}."
        for key, target in self.becomes.items():
            if target is None and key.startswith(prefix):
                self._add(f"{key} becomes null, and {place} may not be null", place)

    def _name_keys_that_meet(self, key: str, type: TypeRef) -> None:
        """Report values of an enum that become one: a map with both as keys loses an entry."""
        if (target := self.enums.get(key)) is None:
            return
        found = translation(key, self.old[key], self.new[target], self.becomes)
        names: dict[str | int | None, list[str]] = {}
        for value, stored in stored_as(self.old[key]).items():
            if stored in found:
                names.setdefault(found[stored], []).append(value)
        for same in names.values():
            if len(same) > 1:
                shown = " and ".join(f"{key}.{value}" for value in same)
                self._add(f"{shown} become one key of {type}: where a map has both, one entry is lost", "")

    def _kind(self, ref: TypeRef) -> str:
        name = wire_name(ref)
        for holdings in (self.old, self.new):
            if name in holdings:
                return "enum" if "values" in holdings[name] else "class"
        return {LIST: "list", SET: "list", MAP: "map", RECORD: "record"}.get(ref.name, "")

    def _reads_the_same(self, old: TypeRef, new: TypeRef, kinds: tuple[str, str]) -> bool:
        if kinds == ("enum", "") and new.name == TEXT:
            return not self.old[wire_name(old)].get("by_index")
        return old == new or _is_read_as(old, new)

    def _compare_enums(self, old: str, new: str) -> None:
        if (old, new) in self._seen or old not in self.old or new not in self.new:
            return
        self._seen.add((old, new))
        self.enums[old] = new
        self.changes += enum_changes(old, self.old[old], self.new[new], self.becomes, new)

    def _compare_classes(self, old: str, new: str) -> None:
        """Compare a class and its descendants. A stored value is read as the class it names or the declared one."""
        if (old, new) in self._seen or old not in self.old or new not in self.new:
            return
        self._seen.add((old, new))
        self.classes[old] = new
        for name in family(old, self.old):
            if self.old[name].get("sealed"):
                continue
            target = self.becomes.get(name) or (new if name == old else name)
            if target not in family(new, self.new):
                effect = "cannot be read" if self.new[new].get("sealed") else f"are read as {new}"
                hint = f"(renamed? --map {name}=<its new name>)"
                self._add(f"{name} is no longer a {new}: stored values of it {effect} {hint}", new)
                if self.new[new].get("sealed"):
                    continue
                target = new
            if self.new[target].get("sealed"):
                self._add(
                    f"{target} becomes sealed: stored values of the class itself cannot be read", target
                )
                continue
            self.classes[name] = target
            self._compare_fields(name, target)

    def _compare_fields(self, old: str, new: str) -> None:
        before, after = self.old[old]["fields"], self.new[new]["fields"]
        moved = self._moved_keys(old, new)
        taken = set()
        for key, text in before.items():
            target = self.becomes.get(f"{old}.{key}", key)
            if target not in after:
                hint = f"(renamed? --map {old}.{key}={moved.get(key, '<its new name>')})"
                self._add(f"{new} no longer has {key}: it is lost when a row is saved {hint}", new)
                continue
            taken.add(target)
            if key in moved and f"{old}.{key}" not in self.becomes:
                effect = (
                    f"is read as another field, whose jsonKey was another (--map {old}.{key}={moved[key]})"
                )
                self._add(f"what is stored as {key} {effect}", f"{new}.{key}")
            self.compare(field_type(text)[0], field_type(after[target])[0], f"{new}.{target}")
        for key, text in after.items():
            ref, has_default = field_type(text)
            if key not in taken and not (ref.nullable or has_default or ref.is_dynamic):
                self._add(f"{new}.{key} is required, and stored values have none: they cannot be read", new)

    def _moved_keys(self, old: str, new: str) -> dict[str, str]:
        """The keys before and after of fields whose `jsonKey` has changed."""
        after = keys_by_attribute(self.new[new])
        found = {
            key: after.get(attribute, key) for attribute, key in keys_by_attribute(self.old[old]).items()
        }
        return {key: target for key, target in found.items() if key != target}

    def _compare_records(self, old: TypeRef, new: TypeRef) -> None:
        before, after = dict(old.named), dict(new.named)
        added = [name for name, kind in new.named if name not in before and not kind.nullable]
        if len(old.arguments) != len(new.arguments) or added or before.keys() - after.keys():
            self._add(f"the record {old} becomes {new}: stored values of it may not fit", "")
            return
        for one, other in zip(old.arguments, new.arguments, strict=True):
            self.compare(one, other, f"a part of {new}")
        for name, kind in old.named:
            self.compare(kind, after[name], f"{name} of {new}")

    def _add(self, text: str, place: str) -> None:
        """Add an effect. place: a class, or its field "Page.title"; any other text means the column."""
        names = (name for name in self.new if place == name or place.startswith(f"{name}."))
        definition = max(names, key=len, default="")
        field = place.removeprefix(definition).removeprefix(".") if definition else ""
        self.changes.append(Change(text, definition, field))


def inverse(found: Comparison, becomes: Becomes) -> dict[str, str | None]:
    """The reverse mapping, new names to old. Of several values that became one, the first is taken."""
    back: dict[str, str | None] = {}
    for old, new in found.enums.items():
        for value in found.old[old]["values"]:
            target = becomes.get(f"{old}.{value}")
            if target is not None and target not in found.old[old]["values"]:
                back.setdefault(f"{new}.{target}", value)
    for old, new in found.classes.items():
        for key in found.old[old]["fields"]:
            if target := becomes.get(f"{old}.{key}"):
                back.setdefault(f"{new}.{target}", key)
        if becomes.get(old) == new != old:
            back[new] = old
    return back


def compare(old: str, before: Holdings, new: str, after: Holdings, becomes: Becomes) -> Comparison:
    """Compare two types of a JSON column, as spelled in model files."""
    found = Comparison(before, after, becomes)
    found.compare(parse_type(old), parse_type(new), "")
    return found


def _has_string_keys(ref: TypeRef) -> bool:
    return ref.is_object


def _is_read_as(old: TypeRef, new: TypeRef) -> bool:
    """Return whether the second type reads the JSON of every value of the first as an equal value."""
    kind = registry.find(old)
    return kind is not None and new.name in kind.read_as
