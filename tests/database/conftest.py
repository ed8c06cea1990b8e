"""The library: an app of the tests with one table of every kind, made from the model files beside it.

Its migration is what `makemigrations library` wrote, and the test database gets its tables from that.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import AppConfig, apps

from tests.conformance.database import scratch
from tests.database.shop import Shop
from tests.postgres import address

LIBRARY = "tests.database.library"
if not apps.is_installed(LIBRARY):
    # Not through INSTALLED_APPS: to set that again starts every app again, and the admin starts only once.
    config = AppConfig.create(LIBRARY)
    config.apps = apps
    apps.app_configs[config.label] = config
    config.import_models()
    apps.clear_cache()


@pytest.fixture
def shop(tmp_path: Path, db: None) -> Iterator[Shop]:
    """A project whose models and database a test may change as it likes."""
    with scratch(address()) as database:
        database.autocommit = True
        yield Shop(tmp_path, database)
