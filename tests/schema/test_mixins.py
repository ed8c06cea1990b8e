"""Additions in an app's mixins.py are found without importing it, and invalid ones are reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from podium.schema.generate import generate

MODELS = {
    "zoo/animal.spy.yaml": "class: Animal\ntable: animal\nfields:\n  name: String\n",
    "zoo/mood.spy.yaml": "enum: Mood\nvalues: [calm, wild]\n",
    "zoo/ticket.spy.yaml": "class: Ticket\nfields:\n  price: double\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for file, text in MODELS.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text)
    (tmp_path / "zoo" / "apps.py").touch()
    return tmp_path


def protocol(project: Path, mixins: str) -> str:
    (project / "zoo" / "mixins.py").write_text(mixins)
    result = generate(project)
    assert [str(fault) for fault in result.faults] == []
    return (project / "zoo" / "protocol.py").read_text()


def test_a_mixin_becomes_a_base_of_its_class(project: Path) -> None:
    text = protocol(
        project,
        "class AnimalMixin(AnimalColumns):\n    class Meta:\n        abstract = True\n        indexes = []\n"
        "class MoodMixin:\n    pass\nclass TicketMixin(TicketFields):\n    pass\nclass Unrelated:\n    pass\n",
    )
    assert "from .mixins import AnimalMixin, MoodMixin, TicketMixin\n" in text
    assert "class Animal(AnimalMixin, base.Model):" in text
    assert "    class Meta(AnimalMixin.Meta):\n" in text
    assert "class Mood(MoodMixin, enum.Enum):" in text
    assert "class Ticket(TicketMixin):" in text


def test_a_query_set_of_the_app_becomes_the_manager(project: Path) -> None:
    text = protocol(project, "class Animals(AnimalQuerySet):\n    pass\n")
    assert "objects: ClassVar[Animals] = Animals.as_manager()" in text
    assert "class Animal(base.Model):" in text


def test_a_manager_in_the_mixin_stays(project: Path) -> None:
    text = protocol(
        project,
        "class AnimalMixin(AnimalColumns):\n    objects = Manager()\n    class Meta:\n        abstract = True\n",
    )
    assert "objects" not in text


@pytest.mark.parametrize(
    ("mixins", "message"),
    [
        (
            "\nclass AnimlMixin(AnimalColumns):\n    pass\n",
            "zoo/mixins.py:2:1: error: AnimlMixin belongs to no class of this app's model files; "
            "did you mean AnimalMixin?",
        ),
        (
            "class AnimalMixin(models.Model):\n    pass\n",
            "zoo/mixins.py:1:1: error: AnimalMixin has the base models.Model; write class AnimalMixin(AnimalColumns):",
        ),
        (
            "class AnimalMixin(AnimalColumns):\n    pass\n",
            "zoo/mixins.py:1:1: error: AnimalMixin would become a table of its own; "
            "give it a class Meta with abstract = True.",
        ),
        (
            "class AnimalMixin:\n    class Meta:\n        ordering = []\n",
            "zoo/mixins.py:1:1: error: AnimalMixin has a Meta or a manager, which only a model can bring; "
            "write class AnimalMixin(AnimalColumns):",
        ),
        (
            "class MoodMixin(Base):\n    pass\n",
            "zoo/mixins.py:1:1: error: MoodMixin goes with an enum and may have no base; write class MoodMixin:",
        ),
        ("class AnimalMixin(\n", "zoo/mixins.py:1:18: error: this is not valid Python: '(' was never closed"),
    ],
)
def test_an_invalid_mixin_is_reported_and_nothing_is_written(
    project: Path, mixins: str, message: str
) -> None:
    (project / "zoo" / "mixins.py").write_text(mixins)
    result = generate(project)
    assert [str(fault) for fault in result.faults] == [message]
    assert result.written == []
    assert not (project / "zoo" / "protocol.py").exists()
