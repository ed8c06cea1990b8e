"""The library: an app for tests with one table of every kind, generated from the model files in `library/`.

Its migration was written by `makemigrations library`, and creates the tables of the test database.
"""

from __future__ import annotations

from tests import extra_app

LIBRARY = "tests.database.library"


def install() -> None:
    extra_app.install(LIBRARY)
