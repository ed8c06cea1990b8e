"""The library's own files are the same as the generator and Django write from its model files."""

from __future__ import annotations

from pathlib import Path

from django.core.management import call_command
from django.db.models import Q

from podium.schema import generate, mixins
from podium.schema.project import load_models
from tests.database.library.models import Book

FOLDER = Path(__file__).parent / "library"


def test_the_library_is_up_to_date():
    protocol, faults = load_models(FOLDER, name="library", app="library")
    assert [str(fault) for fault in faults if fault.severity == "error"] == []
    added, faults = mixins.read(FOLDER, "library", protocol.definitions)
    assert faults == []
    for name, text in generate.emit(protocol, "library", added).items():
        assert text == (FOLDER / name).read_text(encoding="utf-8")


def test_the_migration_matches_the_models(db):
    call_command("makemigrations", "library", check=True, dry_run=True, verbosity=0)


def test_q_of_a_model_is_djangos_with_types():
    assert Book.Q is Q
