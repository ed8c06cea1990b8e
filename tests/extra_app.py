"""Apps that only the tests of one folder use."""

from __future__ import annotations

from django.apps import AppConfig, apps

from podium.admin import automatic


def install(name: str) -> None:
    """Add an app to the installed ones, for the `conftest.py` of folders whose tests use it.

    Not through INSTALLED_APPS: changing that starts every app again, but the admin can only start once.
    """
    if apps.is_installed(name):
        return
    config = AppConfig.create(name)
    config.apps = apps
    apps.app_configs[config.label] = config
    config.import_models()
    apps.clear_cache()
    automatic.register()  # at once: the addresses of the admin are made at the first request
