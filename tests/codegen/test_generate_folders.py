"""`generate --models`: any folders to any target, without a database, settings or the project's apps."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from podium.codegen import check, sql
from podium.codegen.folders import TARGETS, Folder, load, main
from podium.schema.project import load_models
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


def test_every_offered_target_is_tested_here() -> None:
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
        (["--models", "nowhere"], "nowhere is not a folder"),
        (["--models", "shop/models", "auth"], "exactly one DIR without an alias"),
        (["--models", "auth=auth"], "exactly one DIR without an alias"),
        (["--models", "shop"], "--target"),
        (["--models", "shop/models", "--name", "json", "--target", "sql"], "can't be named 'json'"),
        (["--models", "shop/models", "shop=auth", "--target", "sql"], "'shop' is used twice"),
        (
            ["--models", "shop/models", "auth=auth", "auth:other=shared", "--target", "sql"],
            "'auth' is used twice, for auth and for shared",
        ),
        (
            ["--models", "shop/models", "auth:a=auth", "--shared", "a:b=shared", "--target", "sql"],
            "'a' is used twice, for shared and for auth",
        ),
        (
            ["--models", "shop/models", "other:shop=auth", "--target", "sql"],
            "'shop' is used twice, for the project and for auth",
        ),
        (
            ["--models", "shop/models", "a-b=auth", "--target", "sql"],
            "'a-b' is not a valid name for a package",
        ),
        (["--models", "shop/models", "--shared", "shared", "--target", "sql"], "not of the form ALIAS=DIR"),
        (["--target", "sql"], "--models"),
    ],
)
def test_invalid_arguments_are_explained(
    words: list[str], message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    complete = words if "--target" in words or message == "--target" else [*words, "--target", "dart"]
    with pytest.raises(SystemExit) as ended:
        main([*complete, "--out", "out"])
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


PLAIN = {
    "pod_server/lib/src/models/order.yaml": "class: Order\nfields:\n  kind: Kind\n  old: Old\n",
    "pod_server/lib/src/models/deep/kind.yml": "enum: Kind\nvalues: [a]\n",
    "pod_server/lib/src/protocol/old.yaml": "class: Old\n",
    "pod_server/lib/src/other/lost.yaml": "# a comment\nclass: Lost\n",
    "pod_server/config/development.yaml": "apiServer:\n  port: 8080\n",
}


@pytest.mark.parametrize("models", ["pod_server", "pod_server/lib", "pod_server/lib/src"])
def test_plain_yaml_files_of_a_serverpod_project_are_read_or_named(
    models: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in PLAIN.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    assert main(["--models", models, "--target", "dart", "--out", "out"]) == 0
    out, err = capsys.readouterr()
    assert {"order.dart", "kind.dart", "old.dart"} <= {
        path.name for path in (tmp_path / "out").rglob("*.dart")
    }
    assert "lost" not in out
    assert err == (
        "pod_server/lib/src/other/lost.yaml:1:1: warning: this model file is not read; rename it to lost.spy.yaml\n"
    )


GENERATOR = "modules:\n  shop_auth:\n    nickname: users\n  shop_other:\n"
NICKNAMED = {
    "shop_server/pubspec.yaml": "name: shop_server\n",
    "shop_server/config/generator.yaml": GENERATOR,
    "shop_server/lib/order.spy.yaml": "class: Order\nfields:\n  a: module:users:User?\n  b: module:auth:User?\n"
    "  c: module:shop_auth:User?\n  d: module:shop:Basket?\n",
    "basket/basket.spy.yaml": "class: Basket\n",
}


def test_the_nicknames_of_a_serverpod_package_are_valid_beside_the_aliases(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An alias may be the project's own name: model files mean the module then."""
    for name, text in NICKNAMED.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    words = [
        "--models",
        "shop_server/lib",
        "auth:shop_auth=auth",
        "shop:shop_basket=basket",
        "--shared",
        "s:s=shared",
    ]
    assert main([*words, "--target", "dart", "--out", "out"]) == 0, capsys.readouterr().err
    order = (folder / "out/lib/src/protocol/order.dart").read_text()
    assert order.count("_m_auth.User? ") >= 3 and "_m_shop.Basket? d;" in order
    (folder / "shop_server/config/generator.yaml").write_text("modules: [1")
    assert main([*words, "--target", "dart", "--out", "out"]) == 1
    assert 'there is no module "users"' in capsys.readouterr().err


def test_a_folder_of_plain_yaml_files_says_how_to_name_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "order.yaml").write_text("class: Order\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        main(["--models", "models", "--target", "dart", "--out", "out"])
    assert "models has no model files (*.spy.yaml); rename order.yaml so" in capsys.readouterr().err


def test_checkmodels_takes_the_options_of_generate(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        *WORDS,
        "--target",
        "sql",
        "--out",
        "out",
        "--check",
        "--name",
        "shop",
        "--extra",
        "package:money/src/a.dart:Money",
    ]
    assert check.main(words) == 0
    assert capsys.readouterr() == ("6 model files are in order\n", "")
    (folder / "shared" / "kind.spy.yaml").write_text("enum: Kind\nvalues: [small, big]\nvalue: 1\n")
    (folder / "shop/models/line.spy.yaml").write_text("class: Line\nfields:\n  price: Money\n  kind: Kint\n")
    assert check.main([*words, "--format", "json"]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert [(row["file"], row["line"], row["severity"]) for row in rows if "Kint" in row["message"]] == [
        ("shop/models/line.spy.yaml", 4, "error")
    ]
    assert any(row["file"] == "shared/kind.spy.yaml" for row in rows)
    assert not any("Money" in row["message"] for row in rows)
    assert not (folder / "out").exists()


def test_checkmodels_reports_models_that_a_target_refuses(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: object) -> str:
        raise sql.SqlError("order.Order: (models.E028)")

    monkeypatch.setattr(sql, "emit", refuse)
    assert check.main(WORDS) == 0
    assert check.main([*WORDS, "--target", "sql"]) == 1
    assert "Django refuses these models:\norder.Order: (models.E028)\n" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["generate", "checkmodels"])
def test_manage_py_passes_the_arguments_on(command: str, folder: Path) -> None:
    words = [*WORDS, "--target", "sql", "--out", "out"]
    done = subprocess.run(
        [sys.executable, str(PROJECT / "manage.py"), command, *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert ("in order" in done.stdout) is (command == "checkmodels")


def test_a_folder_with_another_target_is_left_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*WORDS, "--target", "dart", "--out", "out"]) == 0
    assert main([*WORDS, "--target", "sql", "--out", "out"]) == 1
    assert "give another folder to --out" in capsys.readouterr().err
    assert (folder / "out" / "pubspec.yaml").exists()
    assert not (folder / "out" / "schema.sql").exists()


def test_models_py_of_the_user_is_kept(folder: Path) -> None:
    words = [*WORDS, "--target", "django", "--out", "out"]
    assert main(words) == 0
    path = folder / "out" / "shop" / "models.py"
    assert path.read_text().endswith("from .protocol import *\n")
    path.write_text("# mine\n")
    assert main(words) == 0
    assert path.read_text() == "# mine\n"


# The DDL ----------------------------------------------------------------------------------------------------------


def test_the_ddl_creates_the_tables_of_the_models(folder: Path, db: None) -> None:
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


def test_models_that_django_refuses_are_reported(tmp_path: Path) -> None:
    (tmp_path / "a.spy.yaml").write_text("class: A\ntable: a\nfields:\n  a: int\n")
    protocol, _ = load_models(tmp_path, name="one", app="one")
    protocol.modules["two"], _ = load_models(tmp_path, name="two", app="two")
    with pytest.raises(sql.SqlError, match=r"models\.E028"):
        sql.emit(protocol)
