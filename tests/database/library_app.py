"""The library: an app for tests with one table of every kind, generated from the model files in `library/`.

Its migration was written by `makemigrations library`, and creates the tables of the test database.
"""

from __future__ import annotations

from django.apps import AppConfig, apps

LIBRARY = "tests.database.library"


def install() -> None:
    """Add the app to the installed ones, for the `conftest.py` of folders whose tests use it.

    Not through INSTALLED_APPS: changing that starts every app again, but the admin can only start once.
    """
    if apps.is_installed(LIBRARY):
        return
    config = AppConfig.create(LIBRARY)
    config.apps = apps
    apps.app_configs[config.label] = config
    config.import_models()
    apps.clear_cache()
