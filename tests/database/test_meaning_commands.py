"""makemigrations and migrate with stored values that change their meaning or violate a new constraint."""

from __future__ import annotations

import re

from tests.database.shop import Shop

NOTE = "  title: String\n  color: Color?\n  colors: List<Color>?\n"


def color(*values, serialized="byIndex", default=""):
    lines = [
        f"enum: Color\nserialized: {serialized}",
        *([f"default: {default}"] if default else []),
        "values:",
    ]
    return "\n".join([*lines, *(f"  - {value}" for value in values), ""])


def test_an_enum_is_reordered_renamed_and_stored_by_name(shop: Shop) -> None:
    shop.migrate(color=color("red", "green", "blue"), note=NOTE)
    shop.execute("INSERT INTO note (title, color, colors) VALUES ('a', 0, '[0, 2]'), ('b', 1, NULL)")
    shop.define(color=color("green", "crimson", "blue"), note=NOTE)
    refused = shop.run("makemigrations", "shop")
    assert (refused.returncode, refused.stdout) == (3, "")
    assert "No migration was written, since these changes alter what stored values mean:\n" in refused.stderr
    gone = (
        "  shop/color.spy.yaml:1: columns note.color (1 row: id 1), note.colors (1 row: id 1): Color no longer has red "
        "(stored as 0): map it with --map Color.red=<value>, or `migrate` refuses rows with it\n"
    )
    moved = (
        "  shop/color.spy.yaml:4: columns note.color, note.colors: Color moves green from 1 to 0: the migration "
        "converts the rows; apps built before it read and send the old form\n"
    )
    assert gone in refused.stderr and moved in refused.stderr
    mapped = shop.run("makemigrations", "shop", "--map", "Color.red=crimson")
    assert mapped.returncode == 3 and gone not in mapped.stderr and moved in mapped.stderr
    assert shop.migrations() == ["0001_initial.py"]
    shop.succeed("makemigrations", "shop", "--map", "Color.red=crimson", "--force")
    shop.succeed("migrate")
    both = "SELECT color, colors FROM note ORDER BY id"
    assert shop.execute(both) == [{"color": 1, "colors": [1, 2]}, {"color": 0, "colors": None}]

    shop.define(color=color("green", "crimson", "blue", serialized="byName"), note=NOTE)
    refused = shop.run("makemigrations", "shop")
    assert refused.returncode == 3 and "Color is stored by name, was by index" in refused.stderr
    shop.succeed("makemigrations", "shop", "--force")
    shop.succeed("migrate")
    assert shop.execute(both) == [
        {"color": "crimson", "colors": ["crimson", "blue"]},
        {"color": "green", "colors": None},
    ]
    unused = shop.run("makemigrations", "shop", "--map", "Color.red=crimson")
    assert unused.returncode == 1 and "--map Color.red: no change affects it" in unused.stderr
    shop.succeed("migrate", "shop", "0001")
    assert shop.execute(both) == [{"color": 0, "colors": [0, 2]}, {"color": 1, "colors": None}]


def test_migrate_names_the_rows_without_a_mapping(shop: Shop) -> None:
    shop.migrate(color=color("red", "green", serialized="byName"), note=NOTE)
    shop.execute("INSERT INTO note (title, color) VALUES ('a', 'red'), ('b', 'green')")
    shop.define(color=color("green", serialized="byName"), note=NOTE)
    shop.succeed("makemigrations", "shop", "--force")
    failed = shop.run("migrate")
    assert failed.returncode == 1 and "Traceback" not in failed.stderr
    assert re.fullmatch(
        r"CommandError: shop\.0002_\w+ was not applied: column note\.color holds values without a "
        r"mapping: 'red' in 1 row \(id 1\)\. Add the mapping to the migration's AlterValues, "
        r"becomes=\{'Color\.red': \.\.\.\}, or change the rows; then run migrate again\n",
        failed.stderr,
    )
    [name] = [name for name in shop.migrations() if name.startswith("0002")]
    path = shop.folder / "shop" / "migrations" / name
    said = path.read_text().replace(
        "name='color',", "name='color',\n            becomes={'Color.red': 'green'},"
    )
    path.write_text(said)
    shop.succeed("migrate")
    assert shop.execute("SELECT color FROM note ORDER BY id") == [{"color": "green"}, {"color": "green"}]


def test_older_migrations_are_updated_once_without_a_question_or_sql(shop: Shop) -> None:
    shop.migrate(color=color("red", "green"), note=NOTE)
    path = shop.folder / "shop" / "migrations" / "0001_initial.py"
    text = path.read_text()
    old = re.sub(r", (enum='Color'|values=\[.*?\]|holds=\{.*?\]\}\})", "", text)
    assert "Color'" not in old.replace("List<Color>", "")
    path.write_text(old)
    written = shop.run("makemigrations", "shop")
    assert (written.returncode, written.stderr) == (0, "")
    [name] = [name for name in shop.migrations() if name.startswith("0002")]
    sql = shop.succeed("sqlmigrate", "shop", name.removesuffix(".py"))
    assert [line for line in sql.splitlines() if not line.startswith("--")] == ["BEGIN;", "COMMIT;"]
    shop.succeed("migrate")
    assert "No changes" in shop.succeed("makemigrations", "--check")
    shop.define(color=color("green", "red"), note=NOTE)
    assert "Color moves red from 0 to 1" in shop.run("makemigrations", "shop").stderr


def test_tables_and_columns_swap_their_names_and_keep_their_rows(shop: Shop) -> None:
    index = "indexes:\n  one_a:\n    fields: a\n    unique: true\n"
    one = "class: One\ntable: one\nfields:\n  a: String\n  b: String?\n" + index
    two = "class: Two\ntable: two\nfields:\n  x: int\n  one: One?, relation(optional)\n"
    shop.migrate(one=one, two=two)
    shop.execute("INSERT INTO one (a, b) VALUES ('a', 'b')")
    shop.execute('INSERT INTO two (x, "oneId") VALUES (7, 1)')
    swapped = one.replace("a: String", "a: String, column=b").replace("b: String?", "b: String?, column=a")
    shop.define(one=swapped.replace("table: one", "table: two"), two=two.replace("table: two", "table: one"))
    refused = shop.run("makemigrations", "shop", "--noinput")
    assert refused.returncode == 3
    assert (
        "table two: goes from Two to One: tables are renamed, and each class keeps its rows" in refused.stderr
    )
    assert "goes from b to a: columns are renamed, and each field keeps its values" in refused.stderr
    shop.succeed("makemigrations", "shop", "--noinput", "--force")
    shop.succeed("migrate")
    assert shop.execute("SELECT id, a, b FROM two") == [{"id": 1, "a": "b", "b": "a"}]
    assert shop.execute('SELECT x, "oneId" FROM one') == [{"x": 7, "oneId": 1}]
    assert "No changes" in shop.succeed("makemigrations", "--check")
    shop.succeed("migrate", "shop", "0001")
    assert shop.execute("SELECT a, b FROM one") == [{"a": "a", "b": "b"}]


def test_a_class_that_keeps_its_table_keeps_its_rows_despite_other_changes(shop: Shop) -> None:
    tag = "  note: Note?, relation\n"
    shop.migrate(color=color("red", "green"), note=NOTE, tag=tag)
    shop.execute("INSERT INTO note (title, color) VALUES ('a', 0)")
    shop.execute('INSERT INTO tag ("noteId") VALUES (1)')
    memo = "class: Memo\ntable: note\nfields:\n" + NOTE + "  size: int, default=1\n"
    shop.define(color=color("green", "red"), memo=memo, tag=tag.replace("Note", "Memo"))
    refused = shop.run("makemigrations", "shop", "--noinput")
    assert refused.returncode == 3 and "could lose data" not in refused.stderr
    assert "Color moves red from 0 to 1" in refused.stderr
    shop.succeed("makemigrations", "shop", "--noinput", "--force")
    shop.succeed("migrate")
    assert shop.execute("SELECT id, title, color, size FROM note") == [
        {"id": 1, "title": "a", "color": 1, "size": 1}
    ]
    assert shop.execute('SELECT "noteId" FROM tag') == [{"noteId": 1}]
    unused = shop.run("makemigrations", "shop", "--noinput", "--map", "Color.red=crimson")
    assert unused.returncode == 1 and "--map Color.red: no change affects it" in unused.stderr
    shop.succeed("migrate", "shop", "0001")
    assert shop.execute("SELECT id, title, color FROM note") == [{"id": 1, "title": "a", "color": 0}]


def test_rows_that_violate_a_new_constraint_are_named_by_both_commands(shop: Shop) -> None:
    note, shelf = "  title: String\n  place: String?\n  shelfId: int?\n", "  name: String\n"
    shop.migrate(note=note, shelf=shelf)
    shop.execute(
        "INSERT INTO note (title, place, \"shelfId\") VALUES ('a', 'x', 9), ('a', NULL, NULL), ('b', 'y', NULL)"
    )
    changed = note.replace("place: String?", "place: String").replace(
        "shelfId: int?", "shelfId: int?\n  shelf: Shelf?, relation(field=shelfId)"
    )
    changed += "indexes:\n  note_title:\n    fields: title\n    unique: true\n"
    shop.define(note=changed, shelf=shelf)
    refused = shop.run("makemigrations", "shop", "--noinput")
    assert refused.returncode == 3
    for line in (
        "shop/note.spy.yaml:5: column note.place becomes required and has no default: `migrate` fails on rows "
        "without a value (1 row: id 2)\n",
        "shop/note.spy.yaml:4: column note.title would be unique (note_title), and 1 value is in more than one row: "
        "id 1, 2\n",
        "column note.shelfId would refer to shelf, which lacks the keys of 1 row: id 1\n",
    ):
        assert line in refused.stderr
    assert "is dropped" not in refused.stderr
    shop.succeed("makemigrations", "shop", "--noinput", "--force")
    twice = "note (title) would be unique (note_title), and 1 value is in more than one row: id 1, 2. "
    for line, repair in (
        (
            "column note.place has no value in 1 row: id 2. ",
            "UPDATE note SET place = 'z' WHERE place IS NULL",
        ),
        (
            "rows of note refer to missing rows (note_fk_0): ",
            "INSERT INTO shelf (id, name) VALUES (9, 'a')",
        ),
        (twice, "DELETE FROM note WHERE id = 2"),
    ):
        failed = shop.run("migrate")
        assert failed.returncode == 1 and failed.stderr.count("\n") == 1
        assert failed.stderr.startswith("CommandError: shop.0002_") and line in failed.stderr, failed.stderr
        shop.execute(repair)
    shop.succeed("migrate")
    assert shop.execute('SELECT "shelfId" FROM note ORDER BY id') == [{"shelfId": 9}, {"shelfId": None}]


def test_an_impossible_conversion_is_refused_with_an_alternative(shop: Shop) -> None:
    shop.migrate(color=color("red", "green"), note="  color: Color\n")
    shop.execute("INSERT INTO note (color) VALUES (0), (1)")
    shop.define(color=color("red"), note="  color: Color\n")
    shop.succeed("makemigrations", "shop", "--noinput", "--force", "--map", "Color.green=null")
    failed = shop.run("migrate")
    assert "note.color is required, and the migration makes null of values in it." in failed.stderr
    for name in shop.migrations()[1:]:
        (shop.folder / "shop" / "migrations" / name).unlink()
    shop.define(color=color("red", "green"), note="  color: List<Color>\n")
    shop.succeed("makemigrations", "shop", "--noinput", "--force")
    failed = shop.run("migrate")
    assert (
        failed.returncode == 1
        and "cannot cast type bigint to json: no value can be converted" in failed.stderr
    )
    assert "Add a field of the new type beside the old one" in failed.stderr
    assert shop.execute("SELECT color FROM note ORDER BY id") == [{"color": 0}, {"color": 1}]


CONCURRENT = """\
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0001_initial")]
    operations = [migrations.RunSQL('CREATE UNIQUE INDEX CONCURRENTLY note_title ON note (title)')]
"""


def test_an_unfinished_concurrent_index_is_named(shop: Shop) -> None:
    shop.migrate(note="  title: String\n")
    shop.execute("INSERT INTO note (title) VALUES ('a'), ('a')")
    (shop.folder / "shop" / "migrations" / "0002_index.py").write_text(CONCURRENT)
    failed = shop.run("migrate")
    assert failed.returncode == 1 and "1 value is in more than one row: id 1, 2. " in failed.stderr
    drop = 'DROP INDEX CONCURRENTLY "note_title"'
    assert drop in failed.stderr and "its earlier steps stay" in failed.stderr
    shop.execute("DELETE FROM note WHERE id = 2")
    again = shop.run("migrate")
    assert (
        again.returncode == 1 and "unfinished, from an earlier try" in again.stderr and drop in again.stderr
    )
    shop.database.execute(drop)
    shop.succeed("migrate")


def test_without_a_database_the_effects_are_still_named(shop: Shop) -> None:
    shop.define(color=color("red", "green"), note=NOTE)
    shop.succeed("makemigrations", "shop")
    settings = shop.folder / "shop_settings.py"
    settings.write_text(re.sub(r"'PORT': '\d+'", "'PORT': '1'", settings.read_text()))
    shop.define(color=color("green"), note=NOTE)
    refused = shop.run("makemigrations", "shop", "--noinput")
    assert refused.returncode == 3 and "Traceback" not in refused.stderr
    assert "columns note.color, note.colors: Color no longer has red" in refused.stderr
    assert "(The number of rows is not known: " in refused.stderr
