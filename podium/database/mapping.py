"""`makemigrations --map Color.red=crimson`: the mapping of names in stored values, checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandError
from django.db import models

from podium.database import fields, meaning
from podium.schema.rules import near
from podium.schema.stored_changes import Becomes, is_whole_number

Field = models.Field[Any, Any]

FORM = "write --map <enum>.<value>=<value>, <class>.<field>=<field> or <class>=<class>; =null for no value"


@dataclass(frozen=True)
class Owner:
    """An enum or a class whose names can be mapped in one column.

    name      before the change; new_name: after it, "" if it was removed
    sources   the old names; None: any text, or any number (`is_number`), of a column that was not an enum
    targets   the new names
    is_unchanged   they are the same, so nothing can be mapped
    """

    kind: str
    name: str
    new_name: str
    sources: Sequence[str] | None
    targets: Sequence[str]
    is_number: bool = False
    is_unchanged: bool = False

    def has(self, source: str) -> bool:
        if self.sources is None:
            return is_whole_number(source) or not self.is_number
        return source in self.sources


def read(texts: Iterable[str]) -> dict[str, str | None]:
    """Read the `--map` options. Raises CommandError."""
    found: dict[str, str | None] = {}
    for text in texts:
        old, is_given, new = (part.strip() for part in text.rpartition("="))
        if not (old and is_given and new):
            raise CommandError(f"--map {text} is not valid; {FORM}")
        if old in found:
            raise CommandError(f"--map has {old} twice")
        found[old] = None if new == "null" else new.removeprefix(f"{old.rpartition('.')[0]}.")
    return found


class Mapping:
    """All `--map` options, including those that no change of a field has used."""

    def __init__(self, becomes: Becomes) -> None:
        self.becomes = becomes
        self._unused = dict.fromkeys(becomes, f"no change affects it; {FORM}")

    def of_field(self, old: Field, new: Field) -> dict[str, str | None]:
        """Return the options for this change of a field, by the old names. Raises CommandError for an invalid one."""
        owners = [owner for owner in _owners(old, new, self.becomes) if not owner.is_unchanged]
        classes = {owner.name: owner for owner in owners if owner.kind == "class"}
        found: dict[str, str | None] = {}
        for key, target in self.becomes.items():
            if key in classes:
                if target is None:
                    raise CommandError(f"--map {key}=null: a class cannot become null; say its new name")
                _check(
                    key, target, [owner.new_name for owner in classes.values()] + list(_names(new)), "class"
                )
                found[key] = target
                self._unused.pop(key, None)
                continue
            owner, source = _owner_of(key, owners)
            if owner is not None and not owner.has(source):
                if key in self._unused:
                    self._unused[key] = f"{owner.name} had no {source}{near(source, owner.sources or ())}"
            elif owner is not None and owner.kind == "class" and target is None:
                raise CommandError(
                    f"--map {key}=null: only a value of an enum can become null. Leave this out: what is stored for a "
                    "field that is gone is not read"
                )
            elif owner is not None:
                _check(key, target, owner.targets, owner.new_name)
                found[f"{owner.name}.{source}"] = target
                self._unused.pop(key, None)
        return found

    def check_all_used(self) -> None:
        """Raise CommandError for an option that no change has used."""
        for key, problem in sorted(self._unused.items()):
            raise CommandError(f"--map {key}: {problem}")


def _owner_of(key: str, owners: Iterable[Owner]) -> tuple[Owner | None, str]:
    """The enum or class that a key like "Color.red" starts with, by its name before or after, and the rest of it."""
    for owner in owners:
        for name in filter(None, (owner.name, owner.new_name)):
            if key.startswith(f"{name}."):
                return owner, key.removeprefix(f"{name}.")
    return None, ""


def _check(key: str, target: str | None, targets: Sequence[str], owner: str) -> None:
    if target is None or target in targets:
        return
    missing = f"there is no class {target}" if owner == "class" else f"{owner} has no {target}"
    raise CommandError(f"--map {key}={target}: {missing}{near(target, targets)}")


def _owners(old: Field, new: Field, becomes: Becomes) -> list[Owner]:
    if isinstance(old, fields.JSONField) and isinstance(new, fields.JSONField):
        found = meaning.compared(old, new, becomes)
        enums = [
            Owner(
                "enum",
                one,
                other,
                found.old[one]["values"],
                found.new[other]["values"],
                is_unchanged=one == other and found.old[one]["values"] == found.new[other]["values"],
            )
            for one, other in found.enums.items()
        ]
        gone = {one: "" for one, holding in found.old.items() if "fields" in holding}
        return enums + [
            Owner(
                "class",
                one,
                other,
                _fields(found.old[one]),
                _fields(found.new.get(other, {})),
                # Fields that swap their types may have swapped their names.
                is_unchanged=one == other
                and [*_items(found.old[one])] == [*_items(found.new.get(other, {}))],
            )
            for one, other in (gone | found.classes).items()
        ]
    between = meaning.enum_between(old, new)
    if between is None:
        return []
    name, before, after = between
    is_of_enum = isinstance(old, fields.EnumField)
    new_name = next(iter(_names(new)), name) if isinstance(new, fields.EnumField) else name
    sources = before["values"] if is_of_enum else None
    is_unchanged = name == new_name and sources is not None and list(sources) == list(after["values"])
    return [
        Owner("enum", name, new_name, sources, after["values"], bool(before.get("by_index")), is_unchanged)
    ]


def _fields(holding: dict[str, Any]) -> list[str]:
    return list(holding.get("fields", ()))


def _items(holding: dict[str, Any]) -> Iterable[tuple[str, str]]:
    return holding.get("fields", {}).items()  # type: ignore[no-any-return]


def _names(field: Field) -> Iterable[str]:
    return field.holdings if isinstance(field, fields.EnumField | fields.JSONField) else ()
