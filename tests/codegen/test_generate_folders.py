"""`generate --models`: any folders become any target, without a database, settings or the project's apps."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from codegen import sql
from codegen.folders import TARGETS, Folder, load, main
from schema.project import load_models
from tests.conformance import database
from tests.postgres import address

PROJECT = Path(__file__).resolve().parent.parent.parent
FILES = {
    "shop/models/order.spy.yaml": "class: Order\ntable: order\nfields:\n"
    "  buyer: module:auth:User?, relation(onDelete=Cascade)\n"
    "  kind: Kind, default=small\n  at: DateTime, default=now\n  key: UuidValue, default=random_v7\n"
    "  text: String, default='50 % off, \\'really\\''\n  number: int?, defaultPersist=serial\n"
    "  lines: List<Line>?, relation(name=order_lines)\n"
    "indexes:\n  order_text_idx:\n    fields: text, number\n    unique: true\n"
    "  order_at_idx:\n    fields: at\n    type: brin\n",
    "shop/models/line.spy.yaml": "class: Line\ntable: line\nfields:\n"
    "  order: Order?, relation(name=order_lines)\n  note: String?\n",
    "shop/models/legacy.spy.yaml": "class: Legacy\ntable: legacy\nmanagedMigration: false\nfields:\n  a: int\n",
    "auth/user.spy.yaml": "class: User\ntable: shop_user\nfields:\n  name: String\n  address: Address?\n",
    "shared/kind.spy.yaml": "enum: Kind\nvalues: [small, big]\n",
    "shared/address.spy.yaml": "class: Address\nfields:\n  town: String\n",
}  # fmt: skip
WORDS = ["--models", "shop/models", "auth:shop_auth=auth", "--shared", "shop_shared=shared"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ddl() -> str:
    folders = [Folder(Path("shop/models")), Folder(Path("auth"), "auth", "shop_auth")]
    folders.append(Folder(Path("shared"), "shop_shared", "shop_shared", shared=True))
    return sql.emit(load(folders, name="shop")[0])


@pytest.mark.parametrize(
    ("target", "file", "text"),
    [
        ("dart", "lib/src/protocol/order.dart", "class Order"),
        ("typescript", "package.json", '"shop-client"'),
        ("python", "pyproject.toml", "class Order"),
        ("django", "shop/protocol.py", 'fields.ForeignKey("shop_auth.User"'),
        ("sql", "schema.sql", 'CREATE TABLE "order"'),
    ],
)
def test_every_target_is_written_once(
    target: str, file: str, text: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*WORDS, "--target", target, "--out", "out"]
    assert main([*words, "--check"]) == 1
    assert f"out/{file} is out of date\n" in capsys.readouterr().out
    assert not (folder / "out").exists()
    assert main(words) == 0
    assert f"out/{file} written\n" in capsys.readouterr().out
    written = "".join(path.read_text() for path in (folder / "out").rglob("*") if path.is_file())
    assert text in written
    assert main(words) == main([*words, "--check"]) == 0
    assert capsys.readouterr().out == ""


def test_the_targets_offered_are_those_tried_here() -> None:
    assert sorted(TARGETS) == ["dart", "django", "python", "sql", "typescript"]


def test_manage_py_needs_no_database_and_no_settings(folder: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    words = [*WORDS, "--target", "sql", "--out", "out"]
    command = [sys.executable, str(PROJECT / "manage.py"), "generate", *words]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "out" / "schema.sql").read_text().count("CREATE TABLE") == 3


def test_a_fault_is_named_with_its_file_and_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "auth" / "user.spy.yaml").write_text("class: User\ntable: shop_user\nfields:\n  name: Strng\n")
    assert main([*WORDS, "--target", "dart", "--out", "out"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith('auth/user.spy.yaml:4:9: error: there is no type "Strng"; did you mean "String"?\n')
    assert not (folder / "out").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--models", "nowhere"], "nowhere is no folder"),
        (["--models", "shop/models", "auth"], "exactly one DIR without an alias"),
        (["--models", "auth=auth"], "exactly one DIR without an alias"),
        (["--models", "shop"], "--target"),
        (["--models", "shop/models", "--name", "json", "--target", "sql"], "can't be named 'json'"),
        (["--models", "shop/models", "shop=auth", "--target", "sql"], "'shop' is there twice"),
        (["--models", "shop/models", "a-b=auth", "--target", "sql"], "'a-b' is no name for a package"),
        (["--models", "shop/models", "--shared", "shared", "--target", "sql"], "not of the form ALIAS=DIR"),
        (["--target", "sql"], "--models"),
    ],
)
def test_wrong_words_are_explained(
    words: list[str], message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    complete = words if "--target" in words or message == "--target" else [*words, "--target", "dart"]
    with pytest.raises(SystemExit) as ended:
        main([*complete, "--out", "out"])
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


def test_a_folder_with_another_target_is_left_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*WORDS, "--target", "dart", "--out", "out"]) == 0
    assert main([*WORDS, "--target", "sql", "--out", "out"]) == 1
    assert "give another folder to --out" in capsys.readouterr().err
    assert (folder / "out" / "pubspec.yaml").exists()
    assert not (folder / "out" / "schema.sql").exists()


def test_models_py_is_the_users(folder: Path) -> None:
    words = [*WORDS, "--target", "django", "--out", "out"]
    assert main(words) == 0
    path = folder / "out" / "shop" / "models.py"
    assert path.read_text().endswith("from .protocol import *\n")
    path.write_text("# mine\n")
    assert main(words) == 0
    assert path.read_text() == "# mine\n"


# The DDL ----------------------------------------------------------------------------------------------------------


def test_the_ddl_makes_what_the_models_say(folder: Path, db: None) -> None:
    with database.scratch(address()) as server:
        server.execute(ddl())
        found = database.read(server)
        server.execute("INSERT INTO shop_user (name) VALUES ('a')")
        server.execute('INSERT INTO "order" ("buyerId") VALUES (1)')
        row = server.execute('SELECT text, kind, number FROM "order"').fetchone()
        server.execute("DELETE FROM shop_user")
        assert server.execute('SELECT * FROM "order"').fetchall() == []
    assert {name for kind, name in found if kind == "table"} == {"order", "line", "shop_user"}
    assert row == {"text": "50 % off, 'really'", "kind": "small", "number": 1}
    assert found["foreign key", "line.line_fk_0"]["to"] == "order.id"
    assert found["index", "order.order_text_idx"]["unique"]
    assert found["index", "order.order_at_idx"]["type"] == "brin"


def test_models_that_django_refuses_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.spy.yaml").write_text("class: A\ntable: a\nfields:\n  a: int\n")
    protocol, _ = load_models(tmp_path, name="one", app="one")
    protocol.modules["two"], _ = load_models(tmp_path, name="two", app="two")
    with pytest.raises(sql.SqlError, match=r"models\.E028"):
        sql.emit(protocol)
