"""Fixtures of the tests of access rules."""

from __future__ import annotations

from tests.access import teams_app
from tests.operators import root, staff  # noqa: F401

teams_app.install()
