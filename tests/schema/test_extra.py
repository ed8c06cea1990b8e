"""Hand-written classes: declared in pyproject.toml, used in model files, with their own encoding."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from podium.codegen import dart
from podium.schema import extra
from podium.schema.generate import generate
from podium.schema.project import load
from podium.wire import classes as wire
from podium.wire.annotations import type_ref
from podium.wire.codecs import codec, decode_dynamic, encode_dynamic, stored
from podium.wire.errors import WireError

MONEY = """
class Money:
    def __init__(self, cents, note=""):
        self.cents, self.note = cents, note

    def to_json(self):
        return {"cents": self.cents, "note": self.note}

    def to_json_for_clients(self):
        return {"cents": self.cents}

    @classmethod
    def from_json(cls, data):
        return cls(int(data["cents"]), data.get("note", ""))
"""
LINE = '[tool.podium.extra-classes]\nMoney = { python = "till.money.Money", dart = "money_shared" }\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A project with the class; its registrations are removed at the end."""
    app = tmp_path / "till"
    app.mkdir()
    (app / "__init__.py").touch()
    (app / "apps.py").touch()
    (app / "money.py").write_text(MONEY)
    (app / "sale.spy.yaml").write_text(
        "class: Sale\ntable: sale\nfields:\n  price: Money\n  parts: List<Money>?\n"
    )
    (tmp_path / "pyproject.toml").write_text(LINE)
    monkeypatch.syspath_prepend(str(tmp_path))
    known = dict(wire.registered), dict(wire.by_python)
    yield tmp_path
    wire.registered.clear()
    wire.by_python.clear()
    wire.registered.update(known[0])
    wire.by_python.update(known[1])
    wire.register([])
    for name in [each for each in sys.modules if each == "till" or each.startswith("till.")]:
        del sys.modules[name]


def test_model_files_name_it_and_python_has_its_type(project: Path) -> None:
    assert generate(project).faults == []
    text = (project / "till" / "protocol.py").read_text()
    assert 'price: Column[Money] = fields.JSONField("Money")' in text
    assert "parts: Column[list[Money] | None]" in text
    assert "    from till.money import Money\n" in text
    protocol, _ = load(project)
    assert protocol.extra == {"Money": "money_shared"}


def test_it_reads_and_writes_itself(project: Path) -> None:
    extra.register(project)
    money = sys.modules["till.money"].Money
    assert str(type_ref(money)) == "Money"
    assert codec("List<Money>").encode([money(5, "secret")]) == [{"cents": 5}]
    assert stored("Money").encode(money(5, "secret")) == {"cents": 5, "note": "secret"}
    assert codec("Money?").decode({"cents": 7}).cents == 7
    assert codec("Money?").decode(None) is None
    written = encode_dynamic([money(5)])
    assert written["data"] == [{"className": "Money", "data": {"cents": 5}}]
    assert decode_dynamic(written)[0].cents == 5
    with pytest.raises(WireError, match=r"Money \(KeyError: 'cents'\)"):
        codec("Money").decode({})
    with pytest.raises(WireError, match="expected Money"):
        codec("Money").encode(Decimal(5))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Money = 5", "has no table of texts"),
        ('Money = { dart = "a" }', "does not say where its Python class is"),
        ('Money = { python = "till.money.Money" }', "does not name its Dart package"),
        ('Money = { pyton = "a.b", python = "a.b", dart = "a" }', "has pyton, which is not a valid key"),
        ('"a b" = { python = "a.b", dart = "a" }', "is not a valid name of a class"),
        ('Money = { python = "a.b", dart = "package:a" }', "does not name its Dart package"),
        ('Money = { python = "a.b", dart = "package:a/b" }', 'dart = "package:money_shared/src/money.dart"'),
        ('Money = { python = "a.b", dart = "dart:ui" }', "does not name its Dart package"),
        (
            'Money = { python = "a.b", dart = "a", pubspec = 1 }',
            "has a pubspec that is neither a version nor a table",
        ),
        (
            'Money = { python = "a.b", dart = "a", pubspec = "^1.0.0" }\n'
            'Coin = { python = "a.c", dart = "package:a/c.dart", pubspec = { path = "../a" } }',
            "Coin sets a to {'path': '../a'}, but another class sets it to ^1.0.0; write one",
        ),
        ("Money = {", "this is not valid TOML"),
    ],
)
def test_a_faulty_line_is_named_and_nothing_is_generated(project: Path, line: str, message: str) -> None:
    (project / "pyproject.toml").write_text(f"[tool.podium.extra-classes]\n{line}\n")
    result = generate(project)
    assert message in str(result.faults[0])
    assert result.written == []


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("till.monney.Money", "there is no module till.monney"),
        ("till.money.Mony", "till.money has no Mony"),
        ("till.money.__name__", "is not a class with to_json"),
    ],
)
def test_a_missing_class_stops_the_start(project: Path, path: str, message: str) -> None:
    (project / "pyproject.toml").write_text(LINE.replace("till.money.Money", path))
    with pytest.raises(extra.BadExtraClass, match=message):
        extra.register(project)


LIBRARIES = """[tool.podium.extra-classes]
Money = { python = "till.money.Money", dart = "package:aonw_core/protocol.dart", pubspec = { path = "../core" } }
Coin = { python = "till.money.Money", dart = "package:aonw_core/src/deep/coin.dart" }
Note = { python = "till.money.Money", dart = "notes_shared", pubspec = "^1.2.0" }
Own = { python = "till.money.Money", dart = "package:till_client/src/own.dart" }
Plain = { python = "till.money.Money", dart = "package:serverpod_client/serverpod_client.dart" }
"""


def test_it_may_be_in_any_dart_library(project: Path) -> None:
    (project / "pyproject.toml").write_text(LIBRARIES)
    (project / "till" / "sale.spy.yaml").write_text(
        "class: Sale\nfields:\n  price: Money\n  coins: List<Coin>\n  note: Note?\n  own: Own\n  plain: Plain\n"
    )
    protocol, faults = load(project)
    assert faults == []
    files = dart.emit(protocol, [], package="till_client", version="1.0.0")
    dependencies = files["pubspec.yaml"].partition("dependencies:\n")[2].partition("\n\n")[0]
    assert dependencies.splitlines() == [
        '  serverpod_client: ">=3.4.0 <5.0.0"',
        '  aonw_core: {"path": "../core"}',
        '  notes_shared: "^1.2.0"',
    ]
    assert yaml.safe_load(files["pubspec.yaml"])["dependencies"]["aonw_core"] == {"path": "../core"}
    sale = files["lib/src/protocol/sale.dart"]
    for line in (
        "import 'package:aonw_core/protocol.dart' as _x_aonw_core__protocol;",
        "import 'package:notes_shared/notes_shared.dart' as _x_notes_shared;",
        "import 'package:till_client/src/own.dart' as _x_till_client__src__own;",
        "  _x_aonw_core__protocol.Money price;",
        "  List<_x_aonw_core__src__deep__coin.Coin> coins;",
        "  _x_notes_shared.Note? note;",
    ):
        assert line in sale
