"""Fast reads are on in this folder, independent of READS for the other tests."""

from __future__ import annotations

from typing import Any

import pytest

from tests.database import library_app

library_app.install()


@pytest.fixture(autouse=True)
def fast_reads(settings: Any) -> None:
    settings.READS = "fast"
