"""The Dart VM. Tests that need it are skipped without it."""

from __future__ import annotations

import pytest

from tests.dart import vm


@pytest.fixture(scope="session")
def dart() -> None:
    """Skip the tests without a VM."""
    vm.for_tests()
