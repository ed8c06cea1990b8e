"""The library: an app of the tests with one table of every kind, made from the model files beside it.

Its migration is what `makemigrations library` wrote, and the test database gets its tables from that.
"""

from __future__ import annotations

from django.apps import AppConfig, apps

LIBRARY = "tests.database.library"
if not apps.is_installed(LIBRARY):
    # Not through INSTALLED_APPS: to set that again starts every app again, and the admin starts only once.
    config = AppConfig.create(LIBRARY)
    config.apps = apps
    apps.app_configs[config.label] = config
    config.import_models()
    apps.clear_cache()
