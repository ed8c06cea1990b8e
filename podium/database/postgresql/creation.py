"""Create and drop test databases."""

from __future__ import annotations

from django.db.backends.postgresql import creation


class DatabaseCreation(creation.DatabaseCreation):
    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        """Drop the test database even if a thread of an async test still holds a connection to it."""
        self.connection.close_pool()
        with self._nodb_cursor() as cursor:  # type: ignore[attr-defined]  # the stubs leave it out
            cursor.execute(f"DROP DATABASE {self.connection.ops.quote_name(test_database_name)} WITH (FORCE)")
