"""The diary: an app of these tests, whose tables have pages in the admin made from its model files."""

from __future__ import annotations

from django.apps import AppConfig, apps

from podium.admin import automatic
from tests.database import conftest as library  # noqa: F401  its app has a table with every type
from tests.operators import root, staff  # noqa: F401

DIARY = "tests.admin.diary"
if not apps.is_installed(DIARY):
    # Not through INSTALLED_APPS: to set that again starts every app again, and the admin starts only once.
    config = AppConfig.create(DIARY)
    config.apps = apps
    apps.app_configs[config.label] = config
    config.import_models()
    apps.clear_cache()
automatic.register()
