"""`manage.py adopt`: a database that Serverpod created is taken over in place, and no row is changed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from podium.codegen import django_app
from podium.database import prepare
from tests.conformance.corpus import Corpus, Project
from tests.conformance.database import EXTENSIONS, missing_extensions, scratch, without
from tests.database import serverpod
from tests.database.shop import PODIUM, Shop
from tests.postgres import address
from tests.processes import environment

CORPUS = PODIUM.parent / "shared" / "corpus"
MODELS = {
    "shelf": "  place: String\n  code: String\nindexes:\n  shelf_code_idx:\n    fields: code\n    unique: true\n",
    "note": "  title: String, default='new'\n  at: DateTime, default=now\n  tags: List<String>\n"
    "  shelf: Shelf?, relation(optional, onDelete=Cascade)\n",
}
MADE_BY_SERVERPOD = f"""
CREATE TABLE "shelf" ("id" bigserial PRIMARY KEY, "place" text NOT NULL, "code" text NOT NULL);
CREATE UNIQUE INDEX "shelf_code_idx" ON "shelf" USING btree ("code");
CREATE TABLE "note" (
    "id" bigserial PRIMARY KEY,
    "title" text NOT NULL DEFAULT 'new'::text,
    "at" timestamp without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "tags" json NOT NULL,
    "shelfId" bigint
);
ALTER TABLE ONLY "note" ADD CONSTRAINT "note_fk_0" FOREIGN KEY("shelfId") REFERENCES "shelf"("id")
    ON DELETE CASCADE ON UPDATE NO ACTION;
{serverpod.OWN_TABLES}
INSERT INTO shelf (place, code) VALUES ('left', 'a'), ('right', 'b');
INSERT INTO note (title, tags, "shelfId") VALUES ('one', '["x"]', 1), ('two', '[]', NULL);
"""
ROWS = "SELECT note.xmin::text AS written, note.ctid::text AS place, note.*, shelf.xmin::text, shelf.* FROM note, shelf"


@pytest.fixture
def shop(shop: Shop) -> Shop:
    shop.define(**MODELS)
    shop.succeed("makemigrations", "shop")
    shop.execute(MADE_BY_SERVERPOD)
    return shop


def applied(shop: Shop) -> list[str]:
    if not shop.execute("SELECT 1 FROM pg_class WHERE relname = 'django_migrations'"):
        return []
    return [row["name"] for row in shop.execute("SELECT app || '.' || name AS name FROM django_migrations")]


def test_a_database_is_adopted_and_no_row_is_changed(shop):
    before = shop.execute(ROWS)
    said = shop.succeed("adopt")
    assert "  table serverpod_migrations\n" in said and "Adopted: shop. Left to repair: 0." in said
    assert shop.execute(ROWS) == before and len(before) == 4
    assert applied(shop) == ["shop.0001_initial"]
    assert shop.execute("SELECT module FROM serverpod_migrations") == [{"module": "shop"}]
    shop.succeed("repair", "--check")
    assert "Nothing to adopt" in shop.succeed("adopt")


def test_a_module_that_is_switched_off_is_named(shop):
    line = "  LEGACY_AUTH=true takes over the users of serverpod_auth: docs/how-to/legacy-auth.md\n"
    assert line not in shop.run("adopt", "--check").stdout
    shop.execute("CREATE TABLE serverpod_user_info (id bigserial PRIMARY KEY)")
    assert line in shop.succeed("adopt")
    assert line in shop.succeed("adopt", "--check")


def test_migrations_and_new_rows_work_after_the_adoption(shop):
    shop.succeed("adopt")
    assert shop.execute("INSERT INTO note (tags) VALUES ('[]') RETURNING id, title") == [
        {"id": 3, "title": "new"}
    ]
    models = {name: text.replace("    unique: true\n", "") for name, text in MODELS.items()}
    shop.migrate(**models | {"note": models["note"] + "  stars: int?\n"})
    assert shop.execute("SELECT stars FROM note WHERE id = 1") == [{"stars": None}]
    shop.succeed("repair", "--check")


def test_a_database_that_differs_is_refused_and_left_alone(shop):
    shop.execute(
        "ALTER TABLE note DROP COLUMN tags; ALTER TABLE shelf ALTER COLUMN place TYPE bytea USING ''"
    )
    refused = shop.run("adopt")
    assert refused.returncode == 1
    assert "  column note.tags is missing\n" in refused.stdout
    assert "  column shelf.place is bytea, should be text\n" in refused.stdout
    assert "Nothing was changed." in refused.stderr
    assert applied(shop) == []
    [unique] = shop.execute("SELECT count(*) AS n FROM pg_constraint WHERE conname = 'shelf_code_idx'")
    assert unique == {"n": 0}


def test_with_force_a_database_is_adopted_and_then_repaired(shop):
    shop.execute("DELETE FROM note; ALTER TABLE note DROP COLUMN tags")
    assert "Left to repair: 1." in shop.succeed("adopt", "--force")
    assert "column note.tags is missing" in shop.succeed("repair", "--yes")
    shop.succeed("repair", "--check")


def test_check_only_compares(shop):
    shop.execute("ALTER TABLE note ADD COLUMN extra int")
    looked = shop.run("adopt", "--check", "--format", "json")
    assert looked.returncode == 1
    data = json.loads(looked.stdout)
    assert (data["apps"], data["wrong"], data["run"]) == (["shop"], [], False)
    assert data["others"] == ["serverpod_migrations", "serverpod_session_log"]
    assert data["unknown"] == [
        {"kind": "column", "what": "note.extra", "text": "is in no model", "level": "unknown"}
    ]
    assert [one["what"] for one in data["alike"]] == ["note.at", "shelf.shelf_code_idx"]
    assert len(data["sql"]) == 2 and applied(shop) == []


def test_migrate_points_to_adopt_before_it_begins(shop):
    shop.install("django.contrib.contenttypes", "shop")
    done = shop.run("migrate")
    assert done.returncode == 1 and "manage.py adopt" in done.stderr
    assert "migrations would create: note, shelf\n" in done.stderr
    assert applied(shop) == []
    shop.succeed("migrate", "contenttypes")
    assert "Adopted: shop. Left to repair: 0." in shop.succeed("adopt")


def test_integer_columns_of_serverpod_1_are_accepted_unchanged(shop):
    shop.define(**MODELS | {"note": MODELS["note"] + "  stars: int, default=3\n"})
    shutil.rmtree(shop.folder / "shop" / "migrations")
    shop.succeed("makemigrations", "shop")
    shop.execute(
        "ALTER TABLE note ADD COLUMN stars integer NOT NULL DEFAULT 3; ALTER TABLE note ALTER id TYPE integer;"
        'ALTER TABLE note ALTER "shelfId" TYPE integer; ALTER SEQUENCE note_id_seq AS integer'
    )
    said = shop.succeed("adopt")
    assert "  column note.shelfId is integer, should be bigint\n" in said and "  note: about " in said
    assert "Adopted: shop. Left to repair: 0." in said
    [row] = shop.execute("SELECT pg_typeof(stars)::text AS type FROM note LIMIT 1")
    assert row == {"type": "integer"}
    mended = shop.succeed("repair", "--yes")
    assert "ALTER SEQUENCE note_id_seq AS bigint;" in mended
    shop.succeed("repair", "--check")
    shop.execute("SELECT setval('note_id_seq', 3000000000)")
    assert shop.execute("INSERT INTO note (tags) VALUES ('[]') RETURNING id, stars") == [
        {"id": 3000000001, "stars": 3}
    ]


COLOR = "enum: Color  # class: of no table\n{}values:\n  - red\n  - blue\n"


def test_the_line_to_write_is_named_for_each_difference(shop):
    paint = "  color: Color\n  codes: List<int>\n  size: int\n  name: String\n  place: String\n  later: int\n"
    shop.define(**MODELS | {"color": COLOR.format("")}, paint=paint)
    shop.execute(
        "CREATE TABLE paint (id bigserial PRIMARY KEY, color bigint NOT NULL, codes jsonb NOT NULL,"
        " size double precision NOT NULL, name text, mood text NOT NULL, place text NOT NULL DEFAULT 'here')"
    )
    shutil.rmtree(shop.folder / "shop" / "migrations")
    shop.succeed("makemigrations", "shop")
    refused = shop.run("adopt")
    advice = refused.stdout.partition("Change the model files to match:\n")[2]
    assert advice.splitlines() == [
        "  shop/color.spy.yaml:1: write `serialized: byIndex` below this line: the database holds indexes, "
        "the default until Serverpod 3",
        "  shop/paint.spy.yaml:5: append `, serializationDataType=jsonb`",
        "  shop/paint.spy.yaml:6: write `size: double`",
        "  shop/paint.spy.yaml:7: write `name: String?`",
        "  shop/paint.spy.yaml:9: the database does not have the field later yet: remove it, and add it with a "
        "migration afterwards; then give it a default or a ?, for existing rows",
        "  shop/paint.spy.yaml:1: add a field for the column: `mood: String`",
    ]
    assert refused.stderr.partition("and adopt:\n")[2].splitlines()[:4] == [
        "  rm -r shop/migrations",
        "  python3 manage.py generate",
        "  python3 manage.py makemigrations shop",
        "  python3 manage.py adopt",
    ]
    better = (
        "  color: Color\n  codes: List<int>, serializationDataType=jsonb\n  size: double\n  name: String?\n"
        "  place: String\n  mood: String\n"
    )
    shop.define(**MODELS | {"color": COLOR.format("serialized: byIndex\n")}, paint=better)
    shutil.rmtree(shop.folder / "shop" / "migrations")
    shop.succeed("makemigrations", "shop")
    assert "Adopted: shop. Left to repair: 0." in shop.succeed("adopt")


def test_enums_are_named_if_serverpod_2_created_the_database(shop):
    """An enum that is only sent, or only inside JSON, has no column that shows its form."""
    mood = COLOR.replace("Color", "Mood").format("serialized: byName\n")
    shop.define(**MODELS, color=COLOR.format(""), mood=mood)
    shop.execute(
        "INSERT INTO serverpod_migrations (module, version) VALUES ('serverpod', '20240516151843329')"
    )
    [line] = json.loads(shop.run("adopt", "--check", "--format", "json").stdout)["enums"]
    assert line.startswith("shop/color.spy.yaml:1: write `serialized: byIndex` below this line")
    shop.execute(
        "UPDATE serverpod_migrations SET version = '20250825102336032-v3-0-0' WHERE module = 'serverpod'"
    )
    assert json.loads(shop.run("adopt", "--check", "--format", "json").stdout)["enums"] == []


def test_a_migrate_that_stopped_midway_is_named_and_can_be_reversed(shop):
    shop.define(**MODELS, page="  text: String\n")
    shop.succeed("makemigrations", "shop")
    shop.execute("DROP TABLE note, shelf; CREATE TABLE page (id bigint)")
    shop.succeed("migrate", "shop", "0001")
    half = shop.run("adopt")
    assert half.returncode == 1 and "Traceback" not in half.stderr
    assert "in the middle of shop" in half.stderr and "already: page." in half.stderr
    shop.succeed("migrate", "shop", "zero")
    assert "  column page.text is missing\n" in shop.run("adopt").stdout


def test_all_apps_of_podium_are_added_to_existing_tables(db: None) -> None:
    with scratch(address()) as database:
        database.autocommit = True
        for path in sorted((PODIUM / "tests" / "notes" / "migrations").glob("0*.py")):
            database.execute(_manage(database, "sqlmigrate", "notes", path.stem))
        said = _manage(database, "adopt")
        assert "Adopted: notes. Left to repair: 0." in said
        assert "Applying accounts.0001_initial... OK" in said and "Applying notes" not in said
        _manage(database, "migrate", "--check")
        _manage(database, "repair", "--check")


def _manage(database: Any, *arguments: str) -> str:
    """The output of a command of this project's own manage.py, which must succeed."""
    given = environment()
    server = given["DATABASE_URL"].rpartition("/")[0]
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PODIUM,
        env={**given, "DATABASE_URL": f"{server}/{database.info.dbname}"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"there is no corpus at {CORPUS}")
@pytest.mark.parametrize("name", ["serverpod_auth_core", "serverpod_test"])
def test_projects_of_the_corpus_are_adopted(tmp_path: Path, db: None, name: str) -> None:
    [project] = Corpus(CORPUS, only=name).projects
    protocol, data = _loaded(project)
    with scratch(address()) as database:
        database.autocommit = True
        shop = Shop(tmp_path, database)
        for path, text in (django_app.starters(protocol) | django_app.emit(protocol, typed=False)).items():
            (tmp_path / path).parent.mkdir(exist_ok=True)
            (tmp_path / path).write_text(text)
        shop.install(*django_app.packages(protocol))
        shop.succeed("makemigrations", *django_app.packages(protocol))
        shop.execute(prepare.UUID_V7)
        for extension in EXTENSIONS.keys() - missing_extensions(address()):
            shop.execute(f"CREATE EXTENSION {extension}")
        shop.execute(serverpod.ddl(data))
        adopted = shop.run("adopt", "--format", "json", "--force")
        left_out = serverpod.keys_to_other_packages(data)
        assert [one["what"] for one in json.loads(adopted.stdout)["wrong"]] == left_out
        assert shop.run("repair", "--check").returncode == bool(left_out)


def _loaded(project: Project) -> tuple[Any, Any]:
    """Its models and tables, without those that need an extension that this Postgres lacks."""
    protocol, left_out = without(project.loaded[0], missing_extensions(address()))
    data = project.data("database.json")
    for table in data["tables"]:
        for kind, things, name in (("column", "columns", "name"), ("index", "indexes", "indexName")):
            table[things] = [
                one for one in table[things] if (kind, f"{table['name']}.{one[name]}") not in left_out
            ]
    return protocol, data
