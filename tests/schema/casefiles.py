"""Cases as files: model files one after another, each below a line "--- path", and the expected result at the end.

python3 -m tests.schema.casefiles FILE... writes the present result as expected; review it before you commit.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from podium.schema.definitions import ClassDefinition, EnumDefinition, Fault, Field, Protocol
from tests.schema.texts import load_texts

CASES = Path(__file__).parent / "cases"
EXPECTED = "=== expected"


def read(path: Path) -> tuple[dict[str, str], str]:
    """The model files of a case and the expected result."""
    text, _, expected = path.read_text(encoding="utf-8").partition(EXPECTED + "\n")
    files: dict[str, str] = {}
    for part in text.split("--- ")[1:]:
        name, _, content = part.partition("\n")
        files[name.strip()] = content
    return files, expected


def show_faults(protocol: Protocol, faults: list[Fault]) -> str:
    return "".join(f"{fault}\n" for fault in faults)


def show_definitions(protocol: Protocol, faults: list[Fault]) -> str:
    """Every class and enum in short form; faults first, if there are any."""
    lines = [str(fault) for fault in faults]
    for one in protocol.definitions:
        lines += _enum(one) if isinstance(one, EnumDefinition) else _class(one)
    return "".join(f"{line}\n" for line in lines)


def _enum(one: EnumDefinition) -> list[str]:
    head = f"enum {one.name} {one.serialized}" + (f" default={one.default}" if one.default else "")
    values = [
        "  "
        + " ".join([value.name, *(f"{name}={content!r}" for name, content in value.properties)])
        + _doc(value.doc)
        for value in one.values
    ]
    return [head + _doc(one.doc), *(f"  {name}: {kind}" for name, kind in one.properties), *values]


def _class(one: ClassDefinition) -> list[str]:
    words = [one.kind, one.name]
    words += [f"table={one.table}"] if one.table else []
    words += [f"client_table={one.client_table}"] if one.client_table else []
    words += [f"extends={one.parent}"] if one.parent else []
    words += [f"children={','.join(map(str, one.children))}"] if one.children else []
    words += [word for word in ("sealed", "immutable", "server_only") if getattr(one, word)]
    words += [] if one.managed_migration else ["unmanaged"]
    lines = [" ".join(words) + _doc(one.doc)]
    lines += [
        f"  {_field(field)}{'' if field.name in one.own_fields else ' inherited'}" for field in one.fields
    ]
    for index in one.indexes:
        words = [
            "  index",
            index.name,
            ",".join(index.fields),
            index.type,
            index.operator_class,
            index.distance_function,
        ]
        words += ["unique"] if index.unique else []
        words += [] if index.nulls_distinct else ["nulls-not-distinct"]
        words += [f"{name}={value}" for name, value in index.parameters]
        lines.append(" ".join(word for word in words if word))
    return lines


def _field(field: Field) -> str:
    words = [f"{field.name}: {field.type}"]
    words += [f"column={field.column}"] if field.column else []
    words += [f"key={field.json_key}"] if field.json_key != field.name else []
    words += [f"scope={field.scope}"] if field.scope != "all" else []
    words += [word for word in ("required", "jsonb", "hidden", "tail") if getattr(field, word)]
    words += [] if field.persist else ["not-persisted"]
    for name, default in (("model", field.default_model), ("persist", field.default_persist)):
        if default:
            words.append(
                f"{name}={default.value!r}" if default.kind == "literal" else f"{name}={default.kind}"
            )
    words += [f"@{rule.name}{rule.arguments() or ''}" for rule in field.rules]
    key, relation = field.foreign_key, field.relation
    if key:
        words.append(
            f"-> {key.parent_table}({key.parent_class}) delete={key.on_delete} update={key.on_update}"
        )
        words += [word for word in ("deferrable", "deferred") if getattr(key, word)]
        words += [f"object={key.object_field}"] if key.object_field else []
    if relation:
        words.append(
            f"{relation.kind} {relation.target} by {relation.foreign_key} {'here' if relation.owns_key else 'there'}"
        )
        words += [f"other={relation.other_field}"] if relation.other_field else []
    return " ".join(words) + _doc(field.doc)


def _doc(text: str) -> str:
    return f"  # {text!r}" if text else ""


SHOW: dict[str, Callable[[Protocol, list[Fault]], str]] = {
    "faults": show_faults,
    "definitions": show_definitions,
}


def main(paths: list[str]) -> None:
    """Write the present result into each file."""
    for path in map(Path, paths):
        files, _ = read(path)
        text = path.read_text(encoding="utf-8").partition(EXPECTED + "\n")[0]
        path.write_text(text + EXPECTED + "\n" + SHOW[path.parent.name](*load_texts(files)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
