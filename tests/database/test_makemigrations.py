"""`manage.py makemigrations`: changes that could lose data are named, and written only with --force."""

from __future__ import annotations

import pytest

NOTE = "  title: String\n  size: int\n  author: String?\n"


@pytest.mark.parametrize(
    ("model", "named"),
    [
        ("  title: String\n  size: int\n", "shop/note.spy.yaml:1: column note.author is dropped"),
        (
            NOTE.replace("size: int", "size: double"),
            "shop/note.spy.yaml:5: column note.size becomes double precision, was bigint: not every value fits",
        ),
        (
            NOTE + "  shelf: String\n",
            "shop/note.spy.yaml:7: column note.shelf is new, required and has no default: "
            "`migrate` fails if the table has rows",
        ),
        (
            NOTE.replace("String?", "String"),
            "shop/note.spy.yaml:6: column note.author becomes required and has no default: "
            "`migrate` fails on rows without a value",
        ),
        ("", "shop: table note is dropped"),
    ],
)
def test_changes_that_could_lose_data_are_named_and_written_only_with_force(shop, model, named):
    shop.migrate(note=NOTE, other="  a: int\n")
    models = {"other": "  a: int\n"} | ({"note": model} if model else {})
    shop.define(**models)
    refused = shop.run("makemigrations", "shop")
    assert (refused.returncode, refused.stdout) == (3, "")
    assert "No migration was written, since these changes could lose data:\n" in refused.stderr
    assert f"  {named}\n" in refused.stderr and "makemigrations --force" in refused.stderr
    assert shop.migrations() == ["0001_initial.py"]
    looked = shop.run("makemigrations", "shop", "--dry-run")
    assert looked.returncode == 0 and f"  {named}\n" in looked.stderr
    assert shop.run("makemigrations", "shop", "--check", "-v0").returncode == 1
    forced = shop.run("makemigrations", "shop", "--force")
    assert forced.returncode == 0 and f"  {named}\n" in forced.stderr
    assert len(shop.migrations()) == 2
    shop.succeed("migrate")
    assert "No changes" in shop.succeed("makemigrations", "--check")


@pytest.mark.parametrize(
    "model",
    [
        NOTE + "  shelf: String?\n",
        NOTE + "  shelf: String, default='a'\n",
        NOTE.replace("size: int", "size: int?"),
        NOTE.replace("size: int", "size: String"),
        NOTE + "indexes:\n  note_title_idx:\n    fields: title\n",
    ],
)
def test_changes_that_lose_nothing_are_written_at_once(shop, model):
    shop.migrate(note=NOTE)
    shop.define(note=model)
    written = shop.run("makemigrations", "shop")
    assert (written.returncode, written.stderr) == (0, "")
    assert len(shop.migrations()) == 2


def test_a_field_that_keeps_its_column_and_a_class_that_keeps_its_table_are_renamed(shop):
    shop.migrate(note=NOTE)
    shop.execute("INSERT INTO note (title, size) VALUES ('kept', 1)")
    renamed = NOTE.replace("title: String", "name: String, column=title")
    shop.define(note=renamed)
    shop.succeed("makemigrations", "shop")
    shop.define(note="class: Memo\ntable: note\nfields:\n" + renamed)
    shop.succeed("makemigrations", "shop")
    shop.succeed("migrate")
    assert shop.execute("SELECT title FROM note") == [{"title": "kept"}]


def test_a_question_without_a_terminal_says_what_to_do(shop):
    shop.migrate(note=NOTE)
    shop.define(note=NOTE.replace("author", "writer"))
    asked = shop.run("makemigrations", "shop")
    assert asked.returncode == 1 and "run this in a terminal" in asked.stderr.lower()
    refused = shop.run("makemigrations", "shop", "--noinput")
    assert refused.returncode == 3 and "column note.author is dropped" in refused.stderr
    assert shop.migrations() == ["0001_initial.py"]


def test_at_a_terminal_a_rename_can_be_confirmed(shop):
    shop.migrate(note=NOTE)
    shop.define(note=NOTE.replace("author", "writer"))
    refused = shop.answer("n\n", "makemigrations", "shop")
    assert refused.returncode == 3 and "column note.author is dropped" in refused.stderr
    done = shop.answer("y\n", "makemigrations", "shop")
    assert done.returncode == 0 and "Rename field author on note to writer" in done.stdout


def test_at_a_terminal_a_value_for_existing_rows_makes_it_safe(shop):
    shop.migrate(note=NOTE)
    shop.execute("INSERT INTO note (title, size) VALUES ('old', 1)")
    shop.define(note=NOTE + "  shelf: String\n")
    done = shop.answer("1\n'left'\n", "makemigrations", "shop")
    assert (done.returncode, done.stderr) == (0, "")
    shop.succeed("migrate")
    assert shop.execute("SELECT shelf FROM note") == [{"shelf": "left"}]


def test_update_of_the_last_migration_stops_too(shop):
    shop.define(note=NOTE)
    shop.succeed("makemigrations", "shop")
    shop.define(note=NOTE.replace("  author: String?\n", ""))
    refused = shop.run("makemigrations", "shop", "--update")
    assert refused.returncode == 3 and "column note.author is dropped" in refused.stderr
    assert shop.migrations() == ["0001_initial.py"]


def test_tables_of_a_class_without_managed_migration_are_not_reported(shop):
    shop.migrate(note="class: Note\ntable: note\nmanagedMigration: false\nfields:\n" + NOTE)
    shop.define(other="  a: int\n")
    shop.succeed("makemigrations", "shop")


def test_another_type_of_id_is_named(shop):
    shelf, note = "  place: String\n", "  shelf: Shelf?, relation(optional)\n"
    shop.migrate(shelf=shelf, note=note)
    shop.define(shelf="  id: UuidValue?, defaultPersist=random\n" + shelf, note=note)
    refused = shop.run("makemigrations", "shop")
    assert refused.returncode == 3
    assert "column shelf.id becomes uuid, was bigint" in refused.stderr


def test_rows_that_break_a_new_rule_are_counted_before_the_migration_is_written_and_when_it_fails(shop):
    shop.migrate(note=NOTE)
    shop.execute("INSERT INTO note (title, size) VALUES ('100%', 1), ('long', 2), ('a', 3), ('longer', 4)")
    ruled = NOTE.replace("  title", '  # @length(max=3)\n  # @pattern("[a-z]+")\n  title')
    shop.define(note=ruled)
    refused = shop.run("makemigrations", "shop")
    assert refused.returncode == 3
    fails = "`migrate` fails on rows that break it"
    assert (
        f"shop/note.spy.yaml:6: column note.title gets the rule @length: {fails} (3 rows: id 1, 2, 4)\n"
        in refused.stderr
    )
    assert f"column note.title gets the rule @pattern: {fails} (1 row: id 1)\n" in refused.stderr
    shop.succeed("makemigrations", "shop", "--force")
    failed = shop.run("migrate")
    assert (
        "column note.title gets the rule @length (note__title__length_check), and 3 rows: id 1, 2, 4 break it."
        in (failed.stderr)
    )
    shop.execute("DELETE FROM note WHERE title <> 'a'")
    shop.succeed("migrate")
    assert "No changes" in shop.succeed("makemigrations", "--check")
    shop.define(
        note=ruled.replace("max=3", "max=4")
        .replace("title:", "name:")
        .replace("String\n", "String, column=title\n", 1)
    )
    shop.succeed("makemigrations", "shop")
    shop.succeed("migrate")
    checks = shop.execute(
        "SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE contype = 'c' ORDER BY 1"
    )
    assert [one["text"] for one in checks if "title" in one["text"]] == [
        "CHECK ((char_length(title) <= 4))",
        "CHECK ((title ~ '^[a-z]+$'::text))",
    ]
