"""Classes written by hand: declared in pyproject.toml, used in model files, read and written by themselves."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from schema import extra, wire
from schema.annotations import type_ref
from schema.codecs import codec, decode_dynamic, encode_dynamic, stored
from schema.errors import WireError
from schema.generate import generate
from schema.project import load

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
    """A project with the class; what it registers is forgotten in the end."""
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
        ('Money = { python = "till.money.Money" }', "does not say from which Dart package it is"),
        ('Money = { pyton = "a.b", python = "a.b", dart = "a" }', "has pyton, which means nothing"),
        ('"a b" = { python = "a.b", dart = "a" }', "is no name of a class"),
        ("Money = {", "this is no valid TOML"),
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
        ("till.money.__name__", "is no class with the methods to_json"),
    ],
)
def test_a_class_that_is_not_there_stops_the_start(project: Path, path: str, message: str) -> None:
    (project / "pyproject.toml").write_text(LINE.replace("till.money.Money", path))
    with pytest.raises(extra.BadExtraClass, match=message):
        extra.register(project)
