"""Open a connection for reads on the event loop, configured like Django's connections."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.psycopg_any import get_adapters_template
from psycopg import AsyncConnection, sql
from psycopg.adapt import AdaptersMap
from psycopg.types.json import set_json_loads

from podium.wire import codecs

CONNECT_SECONDS = 3
"""The time limit for connecting, unless the database's settings give another."""

APPLICATION_NAME = "podium reads"
"""The name shown in pg_stat_activity."""


def parameters() -> dict[str, Any]:
    """Of psycopg.connect()."""
    wrapper = connections.create_connection(DEFAULT_DB_ALIAS)
    parameters: dict[str, Any] = wrapper.get_connection_params()
    parameters.pop("cursor_factory", None)
    return {"connect_timeout": CONNECT_SECONDS, **parameters} | {
        "autocommit": True,
        "application_name": APPLICATION_NAME,
        "context": _adapters(wrapper.timezone),
    }


def _adapters(zone: datetime.tzinfo | None) -> AdaptersMap:
    """Convert values as Django does: its own loaders, and times in UTC. JSON uses the faster of two parsers."""
    adapters = AdaptersMap(get_adapters_template(settings.USE_TZ, zone))
    set_json_loads(codecs.loads, adapters)
    return adapters


async def connect(parameters: dict[str, Any]) -> AsyncConnection[Any]:
    """Open a connection configured like Django's own."""
    database = settings.DATABASES[DEFAULT_DB_ALIAS]
    connection = await AsyncConnection.connect(**parameters)
    try:
        zone = database.get("TIME_ZONE") or "UTC"
        await connection.execute("SELECT set_config('TimeZone', %s, false)", [zone])
        if role := database.get("OPTIONS", {}).get("assume_role"):
            await connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
    except BaseException:
        await connection.close()
        raise
    return connection
