"""The tests' own database for those that speak to Postgres without Django."""

from __future__ import annotations

from django.db import connection
from psycopg.conninfo import make_conninfo


def address() -> str:
    """Its address, as psycopg takes it; in a test that uses the database."""
    given = connection.settings_dict
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    return make_conninfo(**{name: given[key] for name, key in names.items() if given[key]})


def server() -> str:
    """The server that it is on, without that database: for tests that make their own."""
    return make_conninfo(address(), dbname="postgres")
