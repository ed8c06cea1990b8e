"""Django's test runner, used when tests start without `manage.py test`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test.runner import DiscoverRunner


class Runner(DiscoverRunner):
    """Refuses to run with the development set-up: tests clear caches, send mail and store files."""

    def setup_test_environment(self, **options: Any) -> None:
        if not settings.TESTING:
            raise ImproperlyConfigured(
                "These are not the settings of a test run. Use `manage.py test`, or set PODIUM_TESTING=1."
            )
        super().setup_test_environment(**options)
