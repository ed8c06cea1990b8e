"""Fast reads are one package that few modules import, and the private names it relies on are listed on a page."""

from __future__ import annotations

import ast
import asyncio
import builtins
import collections
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.db import models

from tests.reads import test_private_names
from tests.reads.decision_page import PROJECT, look_at, rows

ROOM = PROJECT / "podium" / "reads"
MEET = {
    *("podium/endpoints/threads.py", "podium/server/asgi.py"),
    *("podium/rows/operators.py", "podium/rows/queries.py"),  # prepared queries
}
"""Modules outside that import it. Generated protocol_types.py import its query set too."""


def trees(folder: Path) -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text()) for path in sorted(folder.rglob("*.py"))}


def imported(tree: ast.AST) -> set[str]:
    """The dotted names that a module imports."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{each.name}" for each in node.names}
        elif isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
    return found


# Imports from outside -------------------------------------------------------------------------------------------------


def test_few_modules_import_it_and_none_checks_the_switch() -> None:
    importing, asking = set(), set()
    for package in PROJECT.glob("*/__init__.py"):
        for path, tree in trees(package.parent).items():
            if {ROOM, PROJECT / "tests"} & {*path.parents} or path.name == "protocol_types.py":
                continue
            name = str(path.relative_to(PROJECT))
            if any(each.startswith("podium.reads") for each in imported(tree)):
                importing.add(name)
            if any(isinstance(node, ast.Attribute) and node.attr == "READS" for node in ast.walk(tree)):
                asking.add(name)
    assert importing == MEET
    assert asking == set()


# Private names --------------------------------------------------------------------------------------------------------


def short(name: str) -> str:
    return name.rpartition(".")[2]


LISTED = {short(name) for row in rows() for name in row.names}

DOCUMENTED = {
    *("asgiref.sync.sync_to_async", "django.conf.settings", "django.db.DEFAULT_DB_ALIAS"),
    *("django.core.exceptions.EmptyResultSet", "django.core.exceptions.FullResultSet"),
    *("django.db.connections", "django.db.models", "django.db.models.lookups.Lookup"),
    *("django.db.models.BooleanField", "django.db.models.Expression"),
    *("django.db.models.Field", "django.db.models.QuerySet"),
    *("django.db.models.signals.post_init", "django.db.models.signals.pre_init"),
    *("django.db.models.expressions.BaseExpression", "django.db.models.expressions.Combinable"),  # types only
    *(
        "psycopg.AsyncConnection",
        "psycopg.Connection",
        "psycopg.abc",
        "psycopg.sql",
        "psycopg.adapt.AdaptersMap",
    ),
    *("psycopg.adapt.PyFormat", "psycopg.pq.DiagnosticField", "psycopg.pq.ExecStatus"),
    *("psycopg.pq.PipelineStatus", "psycopg.pq.TransactionStatus", "psycopg.types.json.set_json_loads"),
}
"""Imports of the package that are in the documentation of their library."""

DOCUMENTED_ATTRIBUTES = {
    # Django: settings, models, query sets, lookups (https://docs.djangoproject.com/en/5.2/ref/models/lookups/)
    *(
        "DATABASES",
        "DATABASE_PREPARED_STATEMENTS",
        "USE_TZ",
        "Model",
        "QuerySet",
        "from_db",
        "_meta",
        "ordering",
    ),
    *("as_sql", "lhs", "lookup_name", "process_rhs", "rhs", "model", "cursor", "filter"),
    *("get_db_prep_value", "order_by", "values_list"),
    # psycopg: connections, errors and the constants of psycopg.pq
    *("autocommit", "cancel_safe", "connect", "execute", "pgconn", "errors", "Error", "OperationalError"),
    *("FeatureNotSupported", "InvalidSqlStatementName", "SQL", "Identifier", "sqlstate", "AUTO", "SQLSTATE"),
    *("COMMAND_OK", "FATAL_ERROR", "IDLE", "OFF", "PIPELINE_ABORTED", "TUPLES_OK"),
}
OF_PODIUM = {
    *("ENDED", "Query", "Unavailable", "add", "add_query", "current", "end", "error", "gives_up_at", "heard"),
    *("is_away", "loads", "lost", "of", "patience"),
}
"""Attributes of other packages of Podium."""
STANDARD = {
    name
    for each in (
        *vars(builtins).values(), *vars(asyncio).values(), *vars(collections).values(), inspect, re, re.Match,
        asyncio.AbstractEventLoop, property,
        *(importlib.import_module(name) for name in ("asyncio", "copy", "datetime", "decimal", "enum", "time", "uuid")),
    )
    if isinstance(each, type | ModuleType)
    for name in dir(each)
}  # fmt: skip
"""Attributes of the standard library's modules and classes that the package uses."""


def own_names(tree: ast.Module) -> Iterator[str]:
    """Names that a module defines: functions, classes, constants, attributes of classes and of `self`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        if isinstance(node, ast.Module | ast.ClassDef):
            assigned = [each for each in node.body if isinstance(each, ast.Assign | ast.AnnAssign)]
            inside = (each for one in assigned for each in ast.walk(one))
            yield from (each.id for each in inside if isinstance(each, ast.Name) and is_set(each))
        elif isinstance(node, ast.Attribute) and is_set(node) and ast.unparse(node.value) == "self":
            yield node.attr


def is_set(node: ast.Name | ast.Attribute) -> bool:
    return isinstance(node.ctx, ast.Store)


def used_names(tree: ast.AST) -> Iterator[str]:
    """Attributes that a module reads or sets, also by getattr() or in `vars(...)["_name"]`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Call | ast.Subscript):
            texts = node.args if isinstance(node, ast.Call) else [node.slice]
            values = [str(each.value) for each in texts if isinstance(each, ast.Constant)]
            yield from (each for each in values if re.fullmatch(r"_[a-z]\w*", each))


def unlisted(used: set[str], own: set[str]) -> list[str]:
    known = LISTED | DOCUMENTED_ATTRIBUTES | OF_PODIUM | own
    return sorted(
        name
        for name in used - known
        if (name.startswith("_") and not name.startswith("__"))
        or (name not in STANDARD and not name.startswith("__"))
    )


def test_every_private_name_of_a_library_is_listed() -> None:
    private_ones_of_django = {name for name in dir(models.QuerySet) if name.startswith("_")}
    private_ones_of_django |= vars(models.QuerySet()).keys()
    modules = trees(ROOM).values()
    own = {name for tree in modules for name in own_names(tree)} - private_ones_of_django
    used = {name for tree in modules for name in used_names(tree)}
    assert unlisted(used, own) == [], (
        "list them in the decision page, with a test, or here if they are documented"
    )


def test_every_import_from_a_library_is_documented_or_listed() -> None:
    libraries = ("django", "psycopg", "asgiref")
    found = {
        name for tree in trees(ROOM).values() for name in imported(tree) if name.split(".")[0] in libraries
    }
    assert sorted(name for name in found - DOCUMENTED if short(name) not in LISTED) == ["psycopg"]


def test_a_private_name_that_is_not_listed_is_found() -> None:
    tree = ast.parse("query_set._chain(); compiler.pre_sql_setup(); getattr(query_set, '_hints'); x._own = 1")
    assert unlisted(set(used_names(tree)), {"_own"}) == ["_chain", "_hints", "pre_sql_setup"]


@pytest.mark.parametrize("package", ["podium.database", "podium.endpoints"])
def test_underscored_names_of_other_packages_are_listed(package: str) -> None:
    modules = trees(PROJECT / package.replace(".", "/")).values()
    own = {name for tree in modules for name in own_names(tree)}
    used = {name for tree in modules for name in used_names(tree)} | {
        short(name) for tree in modules for name in imported(tree)
    }
    foreign = {name for name in used - own if re.match("_[^_]", name) and not name.startswith("_podium_")}
    assert sorted((foreign | set(overridden(package))) - LISTED - {"_meta"}) == []


def overridden(package: str) -> Iterator[str]:
    """Underscored names that classes of a package replace in a library's class."""
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        for each in vars(importlib.import_module(module.name)).values():
            if isinstance(each, type) and each.__module__ == module.name:
                yield from (
                    name for name in vars(each) if re.match("_[^_]", name) and is_of_a_library(each, name)
                )


def is_of_a_library(cls: type, name: str) -> bool:
    ignored = ("podium.", "typing", "enum", "abc")
    return any(name in vars(base) for base in cls.__mro__[1:] if not base.__module__.startswith(ignored))


# The page -------------------------------------------------------------------------------------------------------------


def test_every_row_names_a_test_and_modules_that_use_it() -> None:
    for row in rows():
        test = getattr(test_private_names, row.test)
        source = "".join(
            (PROJECT / "podium" / (name if "/" in name else f"reads/{name}")).read_text()
            for name in row.used_in
        )
        for name in row.names:
            assert name in names_of(test), f"{row.test} does not test {name}"
            assert short(name) in source or short(name) == "__dict__", f"{row.used_in} do not use {name}"


def names_of(test: Any) -> str | set[str]:
    """The names that a test checks: its parameters, or its source."""
    marks = {
        mark.args[0]: mark.args[1] for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"
    }
    if "name" in marks:
        return set(marks["name"])
    return inspect.getsource(test) + str(test_private_names.WRAPPER)


def test_every_test_is_in_the_page() -> None:
    tests = {name for name in vars(test_private_names) if name.startswith("test_")}
    assert tests == {row.test for row in rows()}
    listed = {name for row in rows() for name in row.names}
    assert {*test_private_names.PARAMETERS, *test_private_names.PROPERTIES} <= listed


def test_the_message_of_a_failure_names_the_modules_to_check() -> None:
    message = look_at("QuerySet._result_cache")
    assert "QuerySet._result_cache changed. See queries.py: objects that were read" in message
