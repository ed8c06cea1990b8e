"""The part of the database: the generated DDL, loaded into Postgres, creates the tables of the corpus.

Each table, column, foreign key and index is one entry. Postgres is the server of DATABASE_URL; each project has a new
database there, dropped at the end.
"""

from __future__ import annotations

import copy
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import psycopg
from django.db.backends.utils import CursorWrapper
from psycopg import sql as composed
from psycopg.conninfo import make_conninfo
from psycopg.rows import dict_row, tuple_row

from podium.codegen import sql
from podium.database.drift import catalog
from podium.schema.definitions import ClassDefinition, Protocol
from podium.wire.types import registry
from tests.conformance import own as own_modules
from tests.conformance.corpus import Corpus, Project
from tests.conformance.result import Result

TITLE = "tables, columns, foreign keys and indexes agree"
WANTED = 0.99
"""The share of entries that must agree."""
TYPES = {
    0: "text",
    1: "boolean",
    2: "integer",
    3: "double precision",
    4: "timestamp without time zone",
    5: "bytea",
    6: "bigint",
    7: "uuid",
    8: "json",
    10: "vector({})",
    11: "halfvec({})",
    12: "sparsevec({})",
    13: "bit({})",
    14: "jsonb",
    15: "geography(Point,4326)",
    16: "geography(LineString,4326)",
    17: "geography(Polygon,4326)",
    18: "geography(GeometryCollection,4326)",
}
ACTIONS = {0: "set null", 1: "set default", 2: "restrict", 3: "no action", 4: "cascade"}
SPELLINGS = {
    "bigint": {"serial": r"serial|nextval\(.*\)"},
    "integer": {"serial": r"serial|nextval\(.*\)"},
    "timestamp without time zone": {
        "now": r"now|now\(\)|CURRENT_TIMESTAMP|timezone\('utc', (now\(\)|CURRENT_TIMESTAMP)\)"
        r"|(now\(\)|CURRENT_TIMESTAMP) AT TIME ZONE 'utc'"
    },
    "uuid": {
        "random": r"random|(\w+\.)?gen_random_uuid\(\)",
        "random_v7": r"random_v7|(\w+\.)?gen_random_uuid_v7\(\)",
    },
}
"""Spellings of defaults that a function makes, by type: of versions of Serverpod, Podium and Postgres."""
DEFERRABLE = {"initiallyDeferred": "initially deferred", "initiallyImmediate": "initially immediate"}
VECTOR_CLASSES = {10: "vector", 11: "halfvec", 12: "sparsevec", 13: "bit"}
DISTANCES = {
    "l2": "l2",
    "innerProduct": "ip",
    "cosine": "cosine",
    "l1": "l1",
    "hamming": "hamming",
    "jaccard": "jaccard",
}
GIN_CLASSES = {
    "jsonbOps": "jsonb_ops",
    "jsonbPathOps": "jsonb_path_ops",
    "arrayOps": "array_ops",
    "tsvectorOps": "tsvector_ops",
}
EXTENSIONS = {
    "vector": frozenset(["Vector", "HalfVector", "SparseVector"]),
    "postgis": frozenset(each.name for each in registry.definitions() if each.column.place),
}
"""The types of the model language that need an extension of Postgres."""
VECTOR_INDEXES = frozenset(["hnsw", "ivfflat"])

Entry = dict[str, Any]
Entries = dict[tuple[str, str], Entry]
"""("column", "note.title") -> its compared properties. Tables, columns, foreign keys and indexes."""


def run(corpus: Corpus) -> Result | None:
    """Compare each project that has a database.json. Not run without a reachable Postgres. None without data."""
    projects = [project for project in corpus.projects if project.data("database.json") is not None]
    if not projects:
        return None
    result = Result("d", TITLE, 0, 0, 0)
    address = os.environ.get("DATABASE_URL", "")
    if not address:
        result.notes.append("the database was not compared: DATABASE_URL is not set")
        return result
    try:
        missing = missing_extensions(address)
    except psycopg.OperationalError as error:
        result.notes.append(f"the database was not compared: {str(error).strip().splitlines()[0]}")
        return result
    for project in projects:
        _compare_project(project, address, missing, result)
    if not result.total:  # a module of Podium that has no table here
        return result
    result.title = f"{TITLE} ({100 * result.agree / result.total:.1f} %)"
    result.wanted = round(result.total * WANTED)
    return result


def _compare_project(project: Project, address: str, missing: frozenset[str], result: Result) -> None:
    if own_modules.has(project.name):
        _compare_own(project, address, result)
        return
    protocol, left_out = without(project.loaded[0], missing)
    if project.errors:
        result.disagreements.append(f"{project.name}: {project.no_client}")
        _count(project, dict.fromkeys(wanted(project.data("database.json")), "is missing"), result)
        return
    expected = {
        key: entry for key, entry in wanted(project.data("database.json")).items() if key not in left_out
    }
    own = {
        one.table
        for one in protocol.definitions
        if isinstance(one, ClassDefinition) and one.managed_migration
    }
    own |= {name for kind, name in expected if kind == "table"}
    try:
        with scratch(address) as connection:
            connection.execute(sql.emit(protocol))
            found = {key: entry for key, entry in read(connection).items() if entry["table"] in own}
            differences = compare(expected, found, connection)
    except (sql.SqlError, psycopg.Error) as error:
        result.disagreements.append(f"{project.name}: the DDL can't be made or loaded: {error}")
        differences = dict.fromkeys(expected, "is missing")
    for extension in sorted(missing):
        names = sorted(f"{kind} {name}" for (kind, name), needs in left_out.items() if needs == extension)
        if names:
            result.notes.append(
                f"{project.name}: this Postgres has no {extension}, so {len(names)} are left out: {', '.join(names)}"
            )
    _count(project, differences, result)


def _count(project: Project, differences: dict[tuple[str, str], str], result: Result) -> None:
    good = sum(1 for text in differences.values() if not text)
    result.agree += good
    result.total += len(differences)
    result.disagreements += [
        f"{project.name} {kind} {name}: {text}" for (kind, name), text in differences.items() if text
    ]
    result.notes.append(f"{project.name}: {good} of {len(differences)} entries agree")


def _compare_own(project: Project, address: str, result: Result) -> None:
    """Compare the tables of Podium's own module that exist here, as created by the project's migrations.

    Columns of Django's user that Serverpod's lacks are not counted.
    """
    expected = wanted(project.data("database.json"))
    with scratch(address) as connection:
        own_modules.migrate(address, connection.info.dbname)
        there = read(connection)
        tables = {name for kind, name in there if kind == "table"} & {name for _, name in expected}
        found = {
            key: entry
            for key, entry in there.items()
            if entry["table"] in tables and (key in expected or entry["table"] != own_modules.USER_TABLE)
        }
        kept = {key: entry for key, entry in expected.items() if entry["table"] in tables}
        _count(project, compare(kept, found, connection), result)
    absent = sorted({entry["table"] for entry in expected.values()} - tables)
    if absent:
        result.notes.append(f"{project.name}: tables that are not there here: {', '.join(absent)}")


def missing_extensions(address: str) -> frozenset[str]:
    """The EXTENSIONS that the server of that address does not have."""
    with psycopg.connect(address, connect_timeout=5) as connection:
        rows = connection.execute("SELECT name FROM pg_available_extensions").fetchall()
    return frozenset(EXTENSIONS) - {name for (name,) in rows}


@contextmanager
def scratch(address: str) -> Iterator[psycopg.Connection[Any]]:
    """A new, empty database on the server of that address, dropped at the end."""
    name = f"podium_conformance_{secrets.token_hex(4)}"
    with psycopg.connect(address, autocommit=True, connect_timeout=5) as server:
        server.execute(
            composed.SQL("CREATE DATABASE {} TEMPLATE template0").format(composed.Identifier(name))
        )
        try:
            with psycopg.connect(make_conninfo(address, dbname=name), row_factory=dict_row) as connection:
                yield connection
        finally:
            server.execute(composed.SQL("DROP DATABASE {} WITH (FORCE)").format(composed.Identifier(name)))


def without(protocol: Protocol, extensions: frozenset[str]) -> tuple[Protocol, dict[tuple[str, str], str]]:
    """The project without the columns and indexes that need one of these extensions, and the omitted ones."""
    left: dict[tuple[str, str], str] = {}
    protocol = copy.deepcopy(protocol)
    lacking = {kind: name for name in extensions for kind in EXTENSIONS[name]}
    for definition in (one for each in (protocol, *protocol.modules.values()) for one in each.definitions):
        if not isinstance(definition, ClassDefinition):
            continue
        gone = {
            field.name: lacking[field.type.name] for field in definition.fields if field.type.name in lacking
        }
        for name, extension in gone.items():
            if column := definition.field(name).column:
                left["column", f"{definition.table}.{column}"] = extension
        for index in list(definition.indexes):
            needs = next((gone[name] for name in index.fields if name in gone), "")
            if not needs and index.type in VECTOR_INDEXES and "vector" in extensions:
                needs = "vector"
            if needs:
                left["index", f"{definition.table}.{index.name}"] = needs
                definition.indexes.remove(index)
        definition.fields = [field for field in definition.fields if field.name not in gone]
    return protocol, left


# What the corpus says -----------------------------------------------------------------------------------------------


def wanted(data: Any) -> Entries:
    """The entries of a database.json; none for an unmanaged table."""
    found: Entries = {}
    for table in data["tables"]:
        if not table.get("managed", True):
            continue
        name = table["name"]
        found["table", name] = {"table": name}
        for column in table["columns"]:
            found["column", f"{name}.{column['name']}"] = {
                "table": name,
                "type": TYPES.get(column["columnType"], "?").format(column.get("vectorDimension", "")),
                "nullable": column["isNullable"],
                "default": _wanted_default(column),
            }
        for key in table["foreignKeys"]:
            found["foreign key", f"{name}.{key['constraintName']}"] = {
                "table": name,
                "columns": key["columns"],
                "to": f"{key['referenceTable']}.{','.join(key['referenceColumns'])}",
                "on delete": ACTIONS[key.get("onDelete", 3)],
                "on update": ACTIONS[key.get("onUpdate", 3)],
                "deferrable": DEFERRABLE.get(key.get("deferrable", ""), "no"),
            }
        for index in table["indexes"]:
            if index.get("isPrimary"):  # the index of the id, which every table has
                continue
            found["index", f"{name}.{index['indexName']}"] = _wanted_index(name, index)
    return found


def _wanted_default(column: Entry) -> str:
    default = str(column.get("columnDefault") or "")
    kind = TYPES.get(column["columnType"], "?")
    made = _made_by(default, kind)
    if kind == "timestamp without time zone" and default and not made and not default.startswith("'"):
        return f"'{default}'"
    return made or default


def _made_by(default: str, kind: str) -> str:
    """The name of a default that a function makes, in any spelling; "" for any other."""
    plain = re.sub(r"::[a-z ]+", "", default)
    plain = plain[1:-1] if plain.startswith("(") and plain.endswith(")") else plain
    spellings = SPELLINGS.get(kind, {})
    return next(
        (name for name, written in spellings.items() if re.fullmatch(written, plain, re.IGNORECASE)), ""
    )


def _wanted_index(table: str, index: Entry) -> Entry:
    classes: list[str] = []
    if index["type"] in VECTOR_INDEXES:
        kind = VECTOR_CLASSES[index["vectorColumnType"]]
        classes = [f"{kind}_{DISTANCES[index.get('vectorDistanceFunction', 'l2')]}_ops"]
    elif index["type"] == "gin":
        classes = [GIN_CLASSES[index.get("ginOperatorClass", "jsonbOps")]] * len(index["elements"])
    found = {
        "table": table,
        "columns": [element["definition"] for element in index["elements"]],
        "type": index["type"],
        "unique": index["isUnique"],
        "nulls distinct": index.get("nullsDistinct", True),
        "parameters": dict(sorted(index.get("parameters", {}).items())),
    }
    return found | ({"operator classes": classes} if classes else {})


# What Postgres has --------------------------------------------------------------------------------------------------

KEYS = """
SELECT conname AS name, c.relname AS table, p.relname AS parent, confdeltype AS deleted, confupdtype AS updated,
    condeferrable AS deferrable, condeferred AS deferred,
    ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY k(number, place)
        JOIN pg_attribute ON attrelid = conrelid AND attnum = number ORDER BY place) AS columns,
    ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY k(number, place)
        JOIN pg_attribute ON attrelid = confrelid AND attnum = number ORDER BY place) AS referred
FROM pg_constraint JOIN pg_class c ON c.oid = conrelid JOIN pg_class p ON p.oid = confrelid WHERE contype = 'f'
"""
INDEXES = """
SELECT i.relname AS name, t.relname AS table, am.amname AS type, x.indisunique AS unique,
    NOT x.indnullsnotdistinct AS distinct_nulls, coalesce(i.reloptions, '{}') AS options,
    pg_get_expr(x.indpred, x.indrelid) AS predicate,
    ARRAY(SELECT coalesce(attname::text, '?') FROM unnest(x.indkey::int[]) WITH ORDINALITY k(number, place)
        LEFT JOIN pg_attribute ON attrelid = x.indrelid AND attnum = number ORDER BY place) AS columns,
    ARRAY(SELECT opcname::text FROM unnest(x.indclass::oid[]) WITH ORDINALITY k(class, place)
        JOIN pg_opclass o ON o.oid = class ORDER BY place) AS classes
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_namespace n ON n.oid = t.relnamespace JOIN pg_am am ON am.oid = i.relam
WHERE n.nspname = 'public' AND NOT x.indisprimary
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = t.oid AND e.deptype = 'e')
"""
ACTION_LETTERS = {"n": "set null", "d": "set default", "r": "restrict", "a": "no action", "c": "cascade"}


def read(connection: psycopg.Connection[Any]) -> Entries:
    """The entries of the tables in a database's schema `public`; those of extensions are left out."""
    found: Entries = {}
    for table, there in catalog.read(cast(CursorWrapper, connection.cursor(row_factory=tuple_row))).items():
        found["table", table] = {"table": table}
        for name, column in there.columns.items():
            found["column", f"{table}.{name}"] = {
                "table": table,
                "type": column.type,
                "nullable": not column.required,
                # An identity column counts as serial; a computed column has no default.
                "default": "serial"
                if column.is_serial
                else ""
                if column.generated
                else _found_default(column),
            }
    for row in connection.execute(KEYS).fetchall():
        when = "initially deferred" if row["deferred"] else "initially immediate"
        found["foreign key", f"{row['table']}.{row['name']}"] = {
            "table": row["table"],
            "columns": row["columns"],
            "to": f"{row['parent']}.{','.join(row['referred'])}",
            "on delete": ACTION_LETTERS[row["deleted"]],
            "on update": ACTION_LETTERS[row["updated"]],
            "deferrable": when if row["deferrable"] else "no",
        }
    for row in connection.execute(INDEXES).fetchall():
        found["index", f"{row['table']}.{row['name']}"] = {
            "table": row["table"],
            "columns": row["columns"],
            "type": row["type"],
            "unique": row["unique"],
            "nulls distinct": row["distinct_nulls"],
            "parameters": dict(sorted(option.split("=", 1) for option in row["options"])),
            "operator classes": row["classes"],
            "predicate": row["predicate"],
        }
    return found


def _found_default(column: Any) -> str:
    return _made_by(column.default, column.type) or str(column.default)


# Comparing ----------------------------------------------------------------------------------------------------------


def compare(
    wanted: Entries, found: Entries, connection: psycopg.Connection[Any]
) -> dict[tuple[str, str], str]:
    """Each entry -> its differences, "" if it agrees. An index or key of another name is a difference."""
    differences: dict[tuple[str, str], str] = {}
    for key in sorted(wanted.keys() | found.keys()):
        one, other = wanted.get(key), found.get(key)
        if one is None or other is None:
            differences[key] = "is missing" if other is None else "should not be there"
            continue
        texts = [
            f"{name} should be {value!r}, is {other[name]!r}"
            for name, value in one.items()
            if value != other[name]
            and not (name == "default" and _same_default(value, other[name], other["type"], connection))
        ]
        if key[0] == "index" and other["predicate"]:
            texts.append(f"should have no predicate, has {other['predicate']}")
        differences[key] = "; ".join(texts)
    return differences


def _same_default(value: str, found: str, kind: str, connection: psycopg.Connection[Any]) -> bool:
    """Return whether two literals are the same value of a column's type, compared by Postgres."""
    if not value or not found or {value, found} & {"serial", "now", "random", "random_v7"}:
        return False
    query = f"SELECT CAST({value} AS {kind})::text = CAST({found} AS {kind})::text AS same"
    try:
        with connection.transaction():
            row = connection.execute(query).fetchone()
    except psycopg.Error:
        return False  # one of them is not a literal
    return bool(row and row["same"])
