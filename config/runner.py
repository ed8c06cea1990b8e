"""Django's own test runner, for those who start it without `manage.py test`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test.runner import DiscoverRunner


class Runner(DiscoverRunner):
    """Refuses to work on the development set-up: tests clear caches, send mails and store files."""

    def setup_test_environment(self, **options: Any) -> None:
        if not settings.TESTING:
            raise ImproperlyConfigured(
                "These are not the settings of a test run. Use `manage.py test`, or set PODIUM_TESTING=1."
            )
        super().setup_test_environment(**options)
