"""A separate database connection outside the pool, for work that must succeed while the pool is exhausted."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from podium.core.health import conf


@contextmanager
def cursor() -> Iterator[Any]:
    """A cursor in autocommit; its connection is closed after the block. Raises django.db.Error."""
    wrapper = connections.create_connection(DEFAULT_DB_ALIAS)
    options = {
        **wrapper.settings_dict.get("OPTIONS", {}),
        "connect_timeout": max(2, math.ceil(conf.CHECK_SECONDS)),
    }
    options.pop("pool", None)
    wrapper.settings_dict = {**wrapper.settings_dict, "OPTIONS": options}
    try:
        with wrapper.cursor() as opened:
            yield opened
    finally:
        wrapper.close()
