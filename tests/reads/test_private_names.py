"""Each private name of a library that fast reads rely on exists and behaves as expected.

A test that fails here after an update of a library names the module to check.
"""

from __future__ import annotations

import argparse
import inspect
import threading
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.backends.postgresql.creation import DatabaseCreation
from django.db.backends.postgresql.psycopg_any import get_adapters_template
from django.db.backends.utils import CursorWrapper
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.models import F
from django.db.models.base import ModelState
from django.db.models.expressions import Col
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.lookups import Lookup
from django.db.models.query import RelatedPopulator, get_related_populators
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.query import Query
from django.db.models.sql.where import AND, OR
from django.dispatch import Signal
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import PGconn, PGresult
from uvicorn.middleware.proxy_headers import _TrustedHosts
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tests.database.library.models import Author, Book, Contract, Genre
from tests.reads.decision_page import look_at

QuerySet = models.QuerySet

PARAMETERS: dict[str, tuple[Any, str]] = {
    "QuerySet.__init__": (QuerySet.__init__, "self model query using hints"),
    "QuerySet._fetch_all": (QuerySet._fetch_all, "self"),
    "Query.get_compiler": (Query.get_compiler, "self using connection elide_empty"),
    "SQLCompiler.as_sql": (SQLCompiler.as_sql, "self with_limits with_col_aliases"),
    "SQLCompiler.get_converters": (SQLCompiler.get_converters, "self expressions"),
    "Lookup.get_prep_lookup": (Lookup.get_prep_lookup, "self"),
    "get_related_populators": (get_related_populators, "klass_info select db"),
    "RelatedPopulator.populate": (RelatedPopulator.populate, "self row from_obj"),
    "Signal.has_listeners": (Signal.has_listeners, "self sender"),
    "ConnectionHandler.create_connection": (type(connections).create_connection, "self alias"),
    "DatabaseWrapper.make_cursor": (BaseDatabaseWrapper.make_cursor, "self cursor"),
    "DatabaseWrapper.get_connection_params": (DatabaseWrapper.get_connection_params, "self"),
    "get_adapters_template": (get_adapters_template, "use_tz timezone"),
    "Transformer.dump_sequence": (Transformer.dump_sequence, "self params formats"),
    "Transformer.set_pgresult": (Transformer.set_pgresult, "self result set_loaders format"),
    "Transformer.load_rows": (Transformer.load_rows, "self row0 row1 make_row"),
    "error_from_result": (error_from_result, "result encoding"),
    "PGconn.exec_params": (
        PGconn.exec_params,
        "self command param_values param_types param_formats result_format",
    ),
    "PGconn.prepare": (PGconn.prepare, "self name command param_types"),
    "PGconn.exec_prepared": (PGconn.exec_prepared, "self name param_values param_formats result_format"),
    "PGconn.send_prepare": (PGconn.send_prepare, "self name command param_types"),
    "PGconn.send_query_params": (
        PGconn.send_query_params,
        "self command param_values param_types param_formats result_format",
    ),
    "PGconn.send_query_prepared": (
        PGconn.send_query_prepared,
        "self name param_values param_formats result_format",
    ),
    "PGconn.enter_pipeline_mode": (PGconn.enter_pipeline_mode, "self"),
    "PGconn.pipeline_sync": (PGconn.pipeline_sync, "self"),
    "PGconn.flush": (PGconn.flush, "self"),
    "PGconn.consume_input": (PGconn.consume_input, "self"),
    "PGconn.is_busy": (PGconn.is_busy, "self"),
    "PGconn.get_result": (PGconn.get_result, "self"),
    "PGconn.finish": (PGconn.finish, "self"),
    "PGresult.error_field": (PGresult.error_field, "self fieldcode"),
    "PGresult.get_error_message": (PGresult.get_error_message, "self encoding"),
    # Of podium/database and podium/endpoints
    "CursorWrapper._execute": (CursorWrapper._execute, "self sql params ignored_wrapper_args"),  # type: ignore[attr-defined]
    "CursorWrapper._executemany": (
        CursorWrapper._executemany,  # type: ignore[attr-defined]
        "self sql param_list ignored_wrapper_args",
    ),
    "DatabaseWrapper._close": (DatabaseWrapper._close, "self"),  # type: ignore[attr-defined]
    "DatabaseWrapper._configure_connection": (
        DatabaseWrapper._configure_connection,  # type: ignore[attr-defined]
        "self connection",
    ),
    "DatabaseCreation._nodb_cursor": (DatabaseCreation._nodb_cursor, "self"),  # type: ignore[attr-defined]
    "DatabaseCreation._destroy_test_db": (
        DatabaseCreation._destroy_test_db,  # type: ignore[attr-defined]
        "self test_database_name verbosity",
    ),
    "MigrationAutodetector._get_dependencies_for_foreign_key": (
        MigrationAutodetector._get_dependencies_for_foreign_key,  # type: ignore[attr-defined]
        "app_label model_name field project_state",
    ),
    "HelpFormatter._fill_text": (argparse.HelpFormatter._fill_text, "self text width indent"),
    "_TrustedHosts": (_TrustedHosts, "trusted_hosts"),
    "HttpToolsProtocol._should_upgrade": (HttpToolsProtocol._should_upgrade, "self"),
    "HttpToolsProtocol._unset_keepalive_if_required": (
        HttpToolsProtocol._unset_keepalive_if_required,
        "self",
    ),
}
PROPERTIES: dict[str, type] = {
    "PGconn.nonblocking": PGconn,
    "PGconn.socket": PGconn,
    "PGconn.transaction_status": PGconn,
    "PGconn.pipeline_status": PGconn,
    "PGresult": PGresult,
    "PGresult.status": PGresult,
    "PGresult.ntuples": PGresult,
    "DatabaseWrapper._connection_pools": DatabaseWrapper,
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_parameters(name: str) -> None:
    function, expected = PARAMETERS[name]
    assert list(inspect.signature(function).parameters) == expected.split(), look_at(name)


@pytest.mark.parametrize("name", PROPERTIES)
def test_properties(name: str) -> None:
    attribute = name.rpartition(".")[2]
    assert hasattr(PROPERTIES[name], attribute) or PROPERTIES[name].__name__ == attribute, look_at(name)


# Query sets of Django -------------------------------------------------------------------------------------------------


def test_attributes_of_a_query_set() -> None:
    """An attribute that Django adds must be one that copies may share until Django's query is built."""
    known = {
        *("model", "_db", "_hints", "_query", "_result_cache", "_sticky_filter", "_for_write"),
        *("_prefetch_related_lookups", "_prefetch_done", "_known_related_objects", "_iterable_class"),
        *("_fields", "_defer_next_filter", "_deferred_filter"),
    }
    assert set(vars(QuerySet(Book))) == known, look_at("QuerySet.__dict__")


def test_query_is_a_property_over_an_attribute() -> None:
    books: Any = QuerySet(Book)
    query = Query(Book)
    QuerySet.query.fset(books, query)  # type: ignore[attr-defined]
    assert books.query is books._query is query, look_at("QuerySet.query", "QuerySet._query")


def test_objects_in_the_result_cache_are_not_read_again() -> None:
    books: Any = QuerySet(Book)
    assert books._result_cache is None, look_at("QuerySet._result_cache")
    books._result_cache = [book := Book(id=1)]
    assert [*books] == [book] and len(books) == 1 and bool(books), look_at("QuerySet._fetch_all")


def test_filters_of_relations_are_marked() -> None:
    books: Any = QuerySet(Book)
    assert (books._sticky_filter, books._defer_next_filter) == (False, False), look_at(
        "QuerySet._sticky_filter", "QuerySet._defer_next_filter"
    )
    assert books._next_is_sticky()._sticky_filter is True, look_at("QuerySet._sticky_filter")
    books._defer_next_filter = True
    deferred = books.filter(title="x")
    assert deferred._deferred_filter is not None, look_at("QuerySet._defer_next_filter")


def test_a_related_manager_knows_its_object() -> None:
    assert QuerySet(Book)._known_related_objects == {}, look_at("QuerySet._known_related_objects")  # type: ignore[attr-defined]
    author = Author(id=1)
    books: Any = author.books.all()
    assert [*books._known_related_objects.values()] == [{1: author}], look_at(
        "QuerySet._known_related_objects"
    )


def test_prefetch_related_is_noted() -> None:
    books: Any = QuerySet(Author).prefetch_related("books")
    assert books._prefetch_related_lookups == ("books",), look_at("QuerySet._prefetch_related_lookups")


# Django's compiler ----------------------------------------------------------------------------------------------------


def compiled(query_set: Any) -> Any:
    compiler = query_set.query.get_compiler(using="default")
    compiler.as_sql(with_col_aliases=False)
    return compiler


@pytest.mark.django_db
def test_queries_that_are_left_to_django_are_marked() -> None:
    plain: Any = QuerySet(Book)
    names = ("Query.combinator", "Query.distinct", "SQLCompiler.annotation_col_map")
    assert not plain.query.combinator and not plain.query.distinct, look_at(*names)
    assert not compiled(plain).annotation_col_map, look_at(*names)
    assert plain.union(plain.all()).query.combinator == "union", look_at(*names)
    assert plain.distinct().query.distinct is True, look_at(*names)
    assert list(compiled(plain.annotate(twice=F("price") * 2)).annotation_col_map) == ["twice"], look_at(
        *names
    )


@pytest.mark.django_db
def test_columns_of_a_compiled_query() -> None:
    compiler = compiled(QuerySet(Book).select_related("author"))
    names = ("SQLCompiler.select", "SQLCompiler.klass_info", "Col", "Col.target", "Field.attname")
    columns = [expression for expression, _, _ in compiler.select]
    assert all(isinstance(each, Col) for each in columns), look_at(*names)
    attributes = [each.attname for each in Book._meta.concrete_fields]
    positions = compiler.klass_info["select_fields"]
    assert positions == list(range(len(attributes))), look_at(*names)
    assert [columns[each].target.attname for each in positions] == attributes, look_at(*names)
    assert compiler.klass_info["model"] is Book, look_at(*names)
    [author] = compiler.klass_info["related_klass_infos"]
    assert author["model"] is Author, look_at(*names)


@pytest.mark.django_db
def test_converters_of_a_compiled_query() -> None:
    compiler = compiled(QuerySet(Book))
    found = compiler.get_converters([expression for expression, _, _ in compiler.select])
    genre = [each.attname for each in Book._meta.concrete_fields].index("genre")
    functions, expression = found[genre]
    value: Any = list(Genre).index(Genre.REFERENCE)
    for function in functions:
        value = function(value, expression, connection)
    assert value is Genre.REFERENCE, look_at("SQLCompiler.get_converters")


def conditions(rows: QuerySet[Any, Any]) -> list[Any]:
    return list(rows.query.where.children)


def test_lookups_of_a_query() -> None:
    names = ("Query.where", "WhereNode.children", "WhereNode.connector", "WhereNode.negated", "AND")
    where: Any = QuerySet(Book).filter(title="a", price__gt=1).query.where
    assert (where.connector, where.negated, AND) == ("AND", False, "AND"), look_at(*names)
    assert {each.lookup_name for each in where.children} == {"exact", "gt"}, look_at(*names)
    assert all(isinstance(each.lhs, Col) for each in where.children), look_at(*names)
    [excluded] = conditions(QuerySet(Book).exclude(title="a"))
    assert excluded.negated, look_at(*names)
    [either] = conditions(QuerySet(Book).filter(models.Q(title="a") | models.Q(title="b")))
    assert either.connector == OR, look_at(*names)
    assert either.connector != AND, look_at(*names)


def test_a_lookup_prepares_another_value() -> None:
    [lookup] = conditions(QuerySet(Book).filter(genre=Genre.NOVEL))
    prepared = lookup.rhs
    lookup.rhs = Genre.REFERENCE
    lookup.rhs = lookup.get_prep_lookup()
    [again] = conditions(QuerySet(Book).filter(genre=Genre.REFERENCE))
    assert lookup.rhs == again.rhs != prepared, look_at("Lookup.get_prep_lookup")


# Objects of Django ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_state_of_an_object_that_was_read() -> None:
    names = ("ModelState", "Model._state", "ModelState.adding", "ModelState.db")
    Contract.objects.create(terms="all")
    read: Any = next(iter(QuerySet(Contract)))
    assert type(read._state) is ModelState, look_at(*names)
    assert read.__dict__["_state"] is read._state, look_at(*names)
    assert vars(read._state) == {"db": "default", "adding": False}, look_at(*names)
    assert (ModelState.db, ModelState.adding) == (None, True), look_at(*names)
    columns = [each.attname for each in Contract._meta.concrete_fields]
    assert set(vars(read)) == {"_state", *columns}, look_at(*names)


def test_columns_of_foreign_keys_only_forget() -> None:
    attribute = inspect.getattr_static(Book, "author_id")
    assert isinstance(attribute, ForeignKeyDeferredAttribute), look_at("ForeignKeyDeferredAttribute")
    book = Book(author=Author(id=1))
    before = set(vars(book))
    book.author_id = 2
    assert set(vars(book)) == before and vars(book)["author_id"] == 2, look_at("ForeignKeyDeferredAttribute")
    assert "author" not in book._state.fields_cache, look_at("ForeignKeyDeferredAttribute")


# Connections of Django and psycopg ------------------------------------------------------------------------------------


def test_a_wrapper_that_never_connects() -> None:
    wrapper: Any = connections.create_connection("default")
    names = [name for name in WRAPPER if not hasattr(wrapper, name.rpartition(".")[2])]
    assert names == [], look_at(*names)
    assert wrapper.connection is None, look_at("DatabaseWrapper.connection")
    assert (wrapper.in_atomic_block, wrapper.queries_logged) == (False, False), look_at(*WRAPPER)
    assert wrapper.get_connection_params()["dbname"] == wrapper.settings_dict["NAME"], look_at(*WRAPPER)
    assert connections.create_connection("default") is not wrapper, look_at(
        "ConnectionHandler.create_connection"
    )
    lost = psycopg.OperationalError("lost")
    with pytest.raises(OperationalError) as raised, wrapper.wrap_database_errors:
        raise lost
    assert raised.value.__cause__ is lost, look_at("DatabaseWrapper.wrap_database_errors")


WRAPPER = (
    "DatabaseWrapper.connection",
    "DatabaseWrapper.queries_logged",
    "DatabaseWrapper.in_atomic_block",
    "DatabaseWrapper.get_connection_params",
    "DatabaseWrapper.timezone",
    "DatabaseWrapper.wrap_database_errors",
)


def test_values_become_parameters() -> None:
    names = ("Transformer", "Transformer.dump_sequence", "Transformer.types", "Transformer.formats")
    transformer = Transformer()
    values = transformer.dump_sequence([1, "a", None], [PyFormat.AUTO] * 3)
    assert [None if each is None else bytes(each) for each in values] == [b"\0\1", b"a", None], look_at(
        *names
    )
    assert transformer.types == (21, 0, 0), look_at(*names)
    assert [int(each) for each in transformer.formats or ()] == [1, 0, 0], look_at(*names)


@pytest.mark.django_db
def test_a_wrapper_connects() -> None:
    names = ("DatabaseWrapper.close_if_health_check_failed", "DatabaseWrapper.ensure_connection")
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    assert isinstance(connection.connection, psycopg.Connection), look_at(*names)


@pytest.mark.django_db
def test_a_connection_has_a_lock() -> None:
    connection.ensure_connection()
    assert isinstance(connection.connection.lock, type(threading.Lock())), look_at("Connection.lock")


@pytest.mark.django_db
def test_a_connection_has_room_for_its_pool() -> None:
    connection.ensure_connection()
    found: Any = connection.connection
    names = ("Connection._pool", "Connection._expire_at")
    assert hasattr(psycopg.Connection, "_pool") or "_pool" in vars(found), look_at(*names)
    assert isinstance(found._expire_at, float), look_at(*names)


# Other packages -------------------------------------------------------------------------------------------------------


def test_unique_of_a_field_is_an_attribute() -> None:
    field: Any = models.TextField(unique=True)
    assert field._unique, look_at("Field._unique")
    field._unique = False
    assert not field.unique, look_at("Field._unique")
    assert "unique" in vars(field), look_at("Field._unique")  # cached; a copy has to drop it


@pytest.mark.django_db
def test_server_side_cursors_are_counted() -> None:
    before = connection._named_cursor_idx  # type: ignore[attr-defined]
    assert list(QuerySet(Contract).iterator()) == []
    assert connection._named_cursor_idx == before + 1, look_at("DatabaseWrapper._named_cursor_idx")  # type: ignore[attr-defined]
