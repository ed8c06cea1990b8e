"""The tables of a corpus's database.json as Serverpod creates them: bigserial, unique indexes, CURRENT_TIMESTAMP.

Based on the definition.sql files that its documentation describes, not on its code.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.conformance.database import ACTIONS, TYPES, wanted

DEFAULTS = {"now": "CURRENT_TIMESTAMP", "random": "gen_random_uuid()", "random_v7": "gen_random_uuid_v7()"}
OWN_TABLES = """
CREATE TABLE "serverpod_migrations" ("id" bigserial PRIMARY KEY, "module" text NOT NULL, "version" text NOT NULL,
    "timestamp" timestamp without time zone);
CREATE UNIQUE INDEX "serverpod_migrations_ids" ON "serverpod_migrations" USING btree ("module");
CREATE TABLE "serverpod_session_log" ("id" bigserial PRIMARY KEY, "serverId" text NOT NULL,
    "time" timestamp without time zone NOT NULL);
INSERT INTO "serverpod_migrations" ("module", "version", "timestamp") VALUES ('shop', '20250101000000000', now());
"""
"""Two of the tables that every Serverpod database has."""


def ddl(data: Any) -> str:
    """CREATE TABLE, indexes and keys of all tables that Serverpod manages."""
    tables = [table for table in data["tables"] if table.get("managed", True)]
    lines = [OWN_TABLES]
    for table in tables:
        columns = ", ".join(_column(column) for column in table["columns"])
        lines.append(f'CREATE TABLE "{table["name"]}" ({columns});')
    entries = wanted(data)
    lines += [_index(name, entry) for (kind, name), entry in entries.items() if kind == "index"]
    lines += [line for table in tables for line in _keys(table, {one["name"] for one in tables})]
    return "\n".join(lines)


def keys_to_other_packages(data: Any) -> list[str]:
    """The keys that `ddl` leaves out, because the data is that of one package: "note.note_fk_0"."""
    tables = [table for table in data["tables"] if table.get("managed", True)]
    names = {table["name"] for table in tables}
    return sorted(
        f"{table['name']}.{key['constraintName']}"
        for table in tables
        for key in table["foreignKeys"]
        if key["referenceTable"] not in names
    )


def _column(column: dict[str, Any]) -> str:
    kind, default = column["columnType"], column.get("columnDefault", "")
    if default == "serial" and column["name"] == "id":
        return f'"id" {"bigserial" if kind == 6 else "serial"} PRIMARY KEY'
    text = f'"{column["name"]}" {TYPES[kind].format(column.get("vectorDimension", ""))}'
    text += "" if column["isNullable"] else " NOT NULL"
    if default:
        literal = f"'{default}'" if kind == 4 and default != "now" else default
        text += f" DEFAULT {DEFAULTS.get(default, literal)}"
    return text + (" PRIMARY KEY" if column["name"] == "id" else "")


def _index(name: str, index: dict[str, Any]) -> str:
    table, _, name = name.partition(".")
    classes = index.get("operator classes", [])
    columns = ", ".join(
        f'"{column}"' + (f" {classes[place]}" if classes else "")
        for place, column in enumerate(index["columns"])
    )
    unique = "UNIQUE " if index["unique"] else ""
    nulls = "" if index["nulls distinct"] else " NULLS NOT DISTINCT"
    given = ", ".join(f"{key} = {value}" for key, value in index["parameters"].items())
    options = f" WITH ({given})" if given else ""
    return f'CREATE {unique}INDEX "{name}" ON "{table}" USING {index["type"]} ({columns}){nulls}{options};'


def _keys(table: dict[str, Any], tables: set[str]) -> Iterator[str]:
    for key in table["foreignKeys"]:
        if key["referenceTable"] not in tables:
            continue
        columns, referred = (
            ", ".join(f'"{one}"' for one in key[names]) for names in ("columns", "referenceColumns")
        )
        deferred = {
            "initiallyDeferred": " DEFERRABLE INITIALLY DEFERRED",
            "initiallyImmediate": " DEFERRABLE",
        }
        yield (
            f'ALTER TABLE ONLY "{table["name"]}" ADD CONSTRAINT "{key["constraintName"]}" FOREIGN KEY({columns})'
            f' REFERENCES "{key["referenceTable"]}"({referred}) ON DELETE {ACTIONS[key.get("onDelete", 3)]}'
            f" ON UPDATE {ACTIONS[key.get('onUpdate', 3)]}{deferred.get(key.get('deferrable', ''), '')};"
        )
