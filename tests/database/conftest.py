"""The library: an app of the tests with one table of every kind, made from the model files beside it.

Its migration is what `makemigrations library` wrote, and the test database gets its tables from that.
"""

from __future__ import annotations

from django.apps import apps
from django.conf import settings

LIBRARY = "tests.database.library"
if not apps.is_installed(LIBRARY):
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, LIBRARY]
    apps.set_installed_apps(settings.INSTALLED_APPS)
