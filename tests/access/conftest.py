"""Fixtures of the tests of access rules."""

from __future__ import annotations

from tests.access import teams_app

teams_app.install()
