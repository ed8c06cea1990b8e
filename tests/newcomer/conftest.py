from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.newcomer.checkout import Checkout, Development
from tests.newcomer.installed import installed

__all__ = ["installed"]


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A folder with a space in its name."""
    return Checkout(tmp_path_factory.mktemp("a newcomer"))


@pytest.fixture(scope="module")
def development(checkout: Checkout) -> Iterator[Development]:
    """`manage.py dev`, ready, in the checkout."""
    running = Development(checkout).ready()
    yield running
    if running.process.poll() is None:
        running.interrupt()
