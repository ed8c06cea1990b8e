"""Rules for the tests of row methods and REST: shared notebooks of tests/access/teams."""

from __future__ import annotations

from tests.access import teams_app

teams_app.install()
