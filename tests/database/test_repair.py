"""`manage.py repair`: changes made by hand in a database are found, shown and reverted."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command

MODELS = {
    "shelf": "  place: String\n  code: String\nindexes:\n  shelf_code_idx:\n    fields: code\n    unique: true\n",
    "note": "  title: String\n  size: int\n  color: String, default='red'\n  at: DateTime, default=now\n"
    "  shelf: Shelf?, relation(optional, onDelete=Cascade)\n"
    "indexes:\n  note_size_idx:\n    fields: size, title\n",
}
DRIFT = {
    "ALTER TABLE note DROP COLUMN color": "column note.color is missing",
    'ALTER TABLE note ALTER COLUMN "at" SET DEFAULT CURRENT_TIMESTAMP': (
        "column note.at has the default CURRENT_TIMESTAMP, should have (now() AT TIME ZONE 'utc'::text)"
    ),
    "ALTER TABLE note ALTER COLUMN title TYPE varchar(80)": (
        "column note.title is character varying(80), should be text"
    ),
    "ALTER TABLE note ALTER COLUMN size TYPE integer": "column note.size is integer, should be bigint",
    "ALTER TABLE note ALTER COLUMN id DROP IDENTITY": "column note.id does not number its rows",
    'ALTER TABLE note ALTER COLUMN "shelfId" SET NOT NULL': (
        "column note.shelfId is required, should allow null"
    ),
    "ALTER TABLE shelf ALTER COLUMN place DROP NOT NULL": "column shelf.place may be null, should be required",
    "ALTER TABLE shelf ALTER COLUMN place SET DEFAULT 'x'": (
        "column shelf.place has the default 'x'::text, should have none"
    ),
    "ALTER TABLE note ADD COLUMN extra int NOT NULL DEFAULT 1; ALTER TABLE note ALTER COLUMN extra DROP DEFAULT": (
        "column note.extra is in no model, yet required: no row can be added"
    ),
    'ALTER TABLE note DROP CONSTRAINT note_fk_0, ADD CONSTRAINT note_fk_0 FOREIGN KEY ("shelfId") REFERENCES shelf': (
        'foreign key note.note_fk_0 is FOREIGN KEY ("shelfId") REFERENCES shelf(id), should be '
        'FOREIGN KEY ("shelfId") REFERENCES shelf(id) ON DELETE CASCADE'
    ),
    "DROP INDEX note_size_idx; CREATE INDEX note_size_idx ON note (size)": (
        "index note.note_size_idx is USING btree (size), should be USING btree (size, title)"
    ),
    "ALTER TABLE shelf DROP CONSTRAINT shelf_code_idx; CREATE UNIQUE INDEX other ON shelf (code)": (
        "index shelf.shelf_code_idx is a unique index, should be a constraint"
    ),
}


@pytest.fixture
def shop(shop):
    shop.migrate(**MODELS)
    shop.execute("INSERT INTO shelf (place, code) VALUES ('left', 'a'), ('right', 'b')")
    shop.execute("INSERT INTO note (title, size, \"shelfId\") VALUES ('kept', 7, 1)")
    return shop


def test_a_database_that_was_only_migrated_needs_no_repair(db):
    call_command("repair", check=True)  # all apps of this project, and those of Django and the packages


def test_every_drift_is_named_shown_as_sql_and_fixed(shop):
    for change in DRIFT:
        shop.execute(change)
    looked = shop.run("repair", "--check")
    named = looked.stdout.partition("This fixes them:")[0].splitlines()
    assert sorted(line for line in named if line.startswith("  ")) == sorted(
        [f"  {text}" for text in DRIFT.values()] + ["  column note.extra is in no model"]
    )
    assert looked.returncode == 1
    assert "Fixed: 12. Left: 0." in shop.succeed("repair", "--yes")
    assert "matches its migrations" in shop.succeed("repair", "--yes")
    assert shop.execute('SELECT title, size, color, "shelfId", extra FROM note') == [
        {"title": "kept", "size": 7, "color": "red", "shelfId": 1, "extra": 1}
    ]
    added = "INSERT INTO note (title, size) VALUES ('new', 9000000000) RETURNING id, extra"
    assert shop.execute(added) == [{"id": 2, "extra": None}]
    shop.execute("DELETE FROM shelf WHERE id = 1")
    assert shop.execute("SELECT title FROM note") == [{"title": "new"}]


def test_missing_tables_come_back_with_their_indexes_and_keys(shop):
    before = shop.execute("SELECT conname FROM pg_constraint ORDER BY conname")
    shop.execute("DROP TABLE note, shelf")
    assert "table note is missing" in shop.succeed("repair", "--yes")
    assert shop.execute("SELECT conname FROM pg_constraint ORDER BY conname") == before
    assert "matches its migrations" in shop.succeed("repair", "--check")


def test_items_in_no_model_stay_without_force(shop):
    shop.execute("CREATE TABLE strange (note bigint REFERENCES note)")
    shop.execute("ALTER TABLE note ADD COLUMN extra int; CREATE INDEX mine ON note (size)")
    kept = shop.succeed("repair", "--yes")
    assert "matches its migrations" in kept
    for what in ("table strange", "column note.extra", "index note.mine"):
        assert f"  {what} is in no model\n" in kept
    assert shop.execute("SELECT count(*) AS n FROM strange") == [{"n": 0}]
    assert "Fixed: 3." in shop.succeed("repair", "--yes", "--force")
    assert shop.execute("SELECT to_regclass('strange') AS t, to_regclass('mine') AS i") == [
        {"t": None, "i": None}
    ]
    assert shop.execute("SELECT title FROM note") == [{"title": "kept"}]


def test_tables_that_are_not_managed_are_never_dropped(shop):
    manual = "class: Manual\ntable: manual\nmanagedMigration: false\nfields:\n  a: int\n"
    shop.define(**MODELS, manual=manual)
    shop.succeed("makemigrations", "shop")
    shop.execute("CREATE TABLE manual (id bigint PRIMARY KEY, b int NOT NULL)")
    assert "table manual" not in shop.succeed("repair", "--yes", "--force")
    assert shop.execute("SELECT to_regclass('manual') IS NOT NULL AS there") == [{"there": True}]


def test_a_user_who_may_not_compare_learns_the_missing_permission(shop):
    name = f"shop_{shop.database.info.dbname}"
    shop.execute(f"CREATE ROLE {name} LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO {name}")
    try:
        shop.install("shop", user=name)
        done = shop.run("repair", "--check")
    finally:
        shop.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")
    assert done.returncode == 1 and "GRANT CREATE ON DATABASE" in done.stderr


def test_differences_whose_fix_could_lose_data_are_fixed_only_with_force(shop):
    shop.execute("ALTER TABLE note ALTER COLUMN size TYPE numeric")
    refused = shop.run("repair", "--yes")
    assert refused.returncode == 1
    assert "column note.size is numeric, should be bigint" in refused.stdout
    assert "ALTER TABLE" not in refused.stdout
    shop.succeed("repair", "--yes", "--force")
    shop.succeed("repair", "--check")


def test_nothing_is_changed_if_postgres_refuses(shop):
    shop.execute("ALTER TABLE shelf DROP CONSTRAINT shelf_code_idx; UPDATE shelf SET code = 'same'")
    shop.execute("ALTER TABLE note DROP COLUMN color")
    refused = shop.run("repair", "--yes")
    assert refused.returncode == 3
    assert 'ADD CONSTRAINT "shelf_code_idx" UNIQUE (code)' in refused.stderr
    assert "Key (code)=(same) is duplicated" in refused.stderr
    assert "so nothing was changed" in refused.stderr
    assert "color" not in shop.execute("SELECT * FROM note")[0]


def test_without_a_terminal_and_without_yes_nothing_is_changed(shop):
    shop.execute("DROP INDEX note_size_idx")
    done = shop.run("repair")
    assert done.returncode == 1 and "CREATE INDEX" in done.stdout and "repair --yes" in done.stderr
    assert shop.execute("SELECT to_regclass('note_size_idx') AS i") == [{"i": None}]


@pytest.mark.parametrize(("answer", "status"), [("n", 1), ("y", 0)])
def test_at_a_terminal_it_asks(shop, answer, status):
    shop.execute("DROP INDEX note_size_idx")
    done = shop.answer(f"{answer}\n", "repair")
    assert done.returncode == status and "Run this SQL on " in done.stdout
    [row] = shop.execute("SELECT to_regclass('note_size_idx') IS NOT NULL AS there")
    assert row["there"] == (answer == "y")


def test_json_reports_the_same_without_a_question(shop):
    shop.execute("DROP INDEX note_size_idx; ALTER TABLE note ADD COLUMN extra int")
    looked = shop.run("repair", "--format", "json")
    missing = {"kind": "index", "what": "note.note_size_idx", "text": "is missing", "level": "wrong"}
    sql = ['CREATE INDEX "note_size_idx" ON "note" USING btree (size, title)']
    unknown = [{"kind": "column", "what": "note.extra", "text": "is in no model", "level": "unknown"}]
    rest = {"kept": [], "unknown": unknown, "sql": sql, "pending": []}
    assert looked.returncode == 1
    assert json.loads(looked.stdout) == {"to_mend": [missing], **rest, "run": False}
    done = shop.succeed("repair", "--format", "json", "--yes")
    assert json.loads(done) == {"mended": [missing], **rest, "run": True}


def test_changes_of_pending_migrations_are_left_to_migrate(shop):
    shop.define(**{**MODELS, "note": MODELS["note"].replace("size: int", "size: int\n  weight: int?")})
    shop.succeed("makemigrations", "shop")
    looked = shop.succeed("repair", "--check")
    assert "matches its migrations" in looked and "  shop.0002_note_weight\n" in looked
    shop.succeed("migrate")
    assert "matches its migrations" in shop.succeed("repair", "--check")


def test_a_database_without_migrations_is_referred_to_migrate_and_adopt(shop):
    shop.execute("DROP TABLE django_migrations")
    done = shop.run("repair", "--yes")
    assert done.returncode == 1 and "manage.py migrate" in done.stderr and "manage.py adopt" in done.stderr
