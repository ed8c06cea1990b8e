"""`manage.py migrate`: servers that start together may all run it."""

from __future__ import annotations

import time

from podium.database.management.commands.migrate import LOCK

WAITING = """
SELECT count(*) AS n FROM pg_locks JOIN pg_database d ON d.oid = database
WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()
"""
WAIT_SECONDS = 20


def test_a_second_migrate_waits_for_the_first(shop):
    shop.define(note="  title: String\n")
    shop.succeed("makemigrations", "shop")
    with shop.database.transaction():
        shop.database.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        other = shop.start("migrate")
        until = time.monotonic() + WAIT_SECONDS
        while not shop.database.execute(WAITING).fetchone()["n"]:
            assert other.poll() is None and time.monotonic() < until
            time.sleep(0.05)
        assert shop.succeed("migrate", "--plan")  # reading needs no lock
        assert shop.database.execute("SELECT to_regclass('note') AS t").fetchone() == {"t": None}
    said, _ = other.communicate(timeout=WAIT_SECONDS)
    assert other.returncode == 0 and "Applying shop.0001_initial... OK" in said
    assert shop.execute("SELECT title FROM note") == []
