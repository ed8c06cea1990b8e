"""What holds for all tests."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def nothing_is_recorded(settings: Any) -> None:
    """The call log is written by a thread with a connection of its own, past a test's transaction and its end.

    A test that looks at the log sets settings.MONITORING_ENABLED = True and calls recorder.flush().
    """
    settings.MONITORING_ENABLED = False
