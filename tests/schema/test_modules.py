"""Modules of a project and hand-written models, declared in pyproject.toml."""

from __future__ import annotations

from pathlib import Path

import pytest

from podium.schema import command
from podium.schema.generate import generate
from podium.schema.project import load
from tests.schema.test_project import texts, write

DECLARED = """[tool.podium.modules]
shop = { models = "store/shop", nickname = "s" }
extra = { models = "store/extra" }
"""
BY_HAND = '[tool.podium.models]\nPerson = "store.models.Person"\n'
FILES = {
    "pyproject.toml": DECLARED + BY_HAND,
    "store/apps.py": "",
    "store/models.py": "class Person:\n    id = 1\n    name = 2\n\n    @property\n    def age(self): ...\n",
    "store/shop/person.spy.yaml": "class: Person\ntable: shop_person\nfields:\n"
    "  id: UuidValue?, defaultPersist=random_v7\n  name: String\n  age: int\n",
    "store/shop/kind.spy.yaml": "enum: Kind\nvalues: [a, b]\n",
    "store/shop/sale.spy.yaml": "class: Sale\ntable: shop_sale\nfields:\n  by: Person?, relation\n  kind: Kind\n",
    "store/extra/gift.spy.yaml": "class: Gift\nfields:\n  sale: module:s:Sale\n",
    "store/own.spy.yaml": "class: Own\nfields:\n  gifts: List<module:extra:Gift>\n",
    "notes/apps.py": "",
    "notes/note.spy.yaml": "class: Note\ntable: note\nfields:\n  sale: module:s:Sale?, relation\n"
    "  by: module:shop:Person?, relation(optional)\n  kind: module:s:Kind, default=a\n",
}


def test_a_module_has_its_name_on_the_wire_and_its_python_in_its_app(tmp_path: Path) -> None:
    assert texts(generate(write(tmp_path, FILES)).faults) == []
    store = (tmp_path / "store/protocol.py").read_text()
    compile(store, "protocol.py", "exec")
    assert '"shop.Sale"' in store and '"extra.Gift"' in store and '            "Own",' in store
    assert 'WireField("kind", "kind", "module:shop:Kind")' in store
    assert 'WireField("gifts", "gifts", "List<module:extra:Gift>")' in store
    assert "gifts: list[Gift]" in store
    note = (tmp_path / "notes/protocol.py").read_text()
    assert "from store.protocol import Kind" in note
    assert 'fields.ForeignKey("store.Sale", db_column="saleId"' in note


def test_a_hand_written_model_is_referred_to_and_not_generated(tmp_path: Path) -> None:
    generate(write(tmp_path, FILES))
    store = (tmp_path / "store/protocol.py").read_text()
    assert "class Person" not in store and '    "Person",' not in store
    assert (
        'register_model(\n    "store.Person",\n    lambda model: WireClass(\n        "shop.Person",' in store
    )
    note = (tmp_path / "notes/protocol.py").read_text()
    assert '"store.Person", null=True' in note and "from store.models import Person" in note
    lookups = (tmp_path / "notes/protocol_types.py").read_text()
    assert "by__name__startswith: str" in lookups
    assert "by__age" not in lookups, "it is not a column of the class"
    assert "sale__kind: Kind" in lookups


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            '"store/shop"',
            '"store/shops"',
            "2:1: error: [tool.podium.modules] shop names the folder store/shops",
        ),
        (
            '"store/extra"',
            '"store"',
            "3:1: error: [tool.podium.modules] extra names store; its folder must be inside",
        ),
        ('"store/extra"', '"store/shop"', "extra names store/shop, which has files of the module shop too"),
        ('nickname = "s"', 'nikname = "s"', "shop has nikname, which is not a valid key"),
        ('nickname = "s"', 'nickname = "a b"', "shop can't be called 'a b'"),
        ("extra = {", "s = {", "[tool.podium.modules] s is called s, as another module is"),
        ('models = "store/extra"', 'nickname = "e"', "extra does not say where its model files are"),
        ("Person =", "Persona =", "5:1: error: [tool.podium.models] Persona is not a class of a model file"),
        ("Person =", "Kind =", "Kind has no table in its model file"),
        ("models.Person", "models.Human", "names store.models.Human, and store/models.py has no class Human"),
        ("store.models.Person", "stor.models.Person", "and there is no stor/models.py"),
        ("store.models.Person", "Person", "does not say where its Django model is"),
        (
            "[tool.podium.models]",
            "[tool.podium.model]",
            '4:1: error: [tool.podium] model is not a valid key; did you mean "models"?',
        ),
        (
            "[tool.podium.models]",
            '[tool.podium]\nnaem = "shop"\n[tool.podium.models]',
            '5:1: error: [tool.podium] naem is not a valid key; did you mean "name"?',
        ),
        (
            "[tool.podium.models]",
            "[tool.podium.views]",
            "views is not a valid key; the valid keys are extra-classes, models, modules, name",
        ),
        (
            "[tool.podium.models]",
            "[tool.podium]\nname = 1\n[tool.podium.models]",
            "5:1: error: [tool.podium] name is not a string",
        ),
        (
            "[tool.podium.models]\n",
            "[tool.podium]\nmodels = 1\nx.",
            "5:1: error: [tool.podium] models is not a table",
        ),
        (DECLARED + BY_HAND, "tool.podium = 1\n", "1:1: error: podium is not a table"),
    ],
)
def test_a_faulty_declaration_is_named_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    declared = FILES["pyproject.toml"]
    assert old in declared
    result = generate(write(tmp_path, {**FILES, "pyproject.toml": declared.replace(old, new, 1)}))
    assert [each for each in texts(result.faults) if each.startswith("pyproject.toml:") and said in each]
    assert result.written == []


def test_names_are_unique_in_an_app(tmp_path: Path) -> None:
    _, faults = load(write(tmp_path, {**FILES, "store/gift.spy.yaml": "class: Gift\n"}))
    [fault] = texts(faults)
    assert fault.startswith(
        'store/gift.spy.yaml:1:8: error: "Gift" is already defined in store/extra/gift.spy.yaml:1 of the same app'
    )


def test_checkmodels_reads_modules_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = write(
        tmp_path, {**FILES, "store/extra/gift.spy.yaml": "class: Gift\nfields:\n  sale: module:s:Sal\n"}
    )
    assert command.main([str(project)], project=project) == 1
    assert (
        'store/extra/gift.spy.yaml:3:9: error: the module "s" has no class "Sal"' in capsys.readouterr().err
    )
