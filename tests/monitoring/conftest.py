"""The call log, written when a test asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db.models import QuerySet
from django.test import Client

from accounts.models import User
from monitoring import recorder
from monitoring.models import CallLog


@pytest.fixture
def logged(transactional_db: None, settings: Any) -> Iterator[Callable[[], QuerySet[CallLog]]]:
    """logged() gives what was logged up to now, the oldest first."""
    CallLog.objects.all().delete()  # a server of another file's tests writes its last calls when it ends
    settings.MONITORING_ENABLED = True

    def read() -> QuerySet[CallLog]:
        recorder.recorder.flush()
        return CallLog.objects.order_by("id")

    yield read
    settings.MONITORING_ENABLED = False
    recorder.recorder.flush()


@pytest.fixture
def anna(db: None) -> User:
    return User.objects.create_user("anna@example.com", "long enough 1")


@pytest.fixture
def operator(client: Client, db: None) -> Client:
    """A browser in which an administrator is signed in."""
    client.force_login(User.objects.create_superuser("admin@example.com", "long enough 1"))
    return client
