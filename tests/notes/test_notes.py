"""The tests' app: its generated files are up to date, and users reach their own notes only."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from accounts.models import User
from podium.endpoints.testing import call
from tests.notes import generated
from tests.notes.models import Note, Notebook, NotebookNotFoundException, NoteNotFoundException

pytestmark = pytest.mark.django_db


def test_the_generated_files_are_up_to_date():
    for path, text in generated.sources().items():
        assert path.read_text(encoding="utf-8") == text, "run: python3 -m tests.notes"


def test_the_migration_matches_the_models():
    call_command("makemigrations", generated.LABEL, check=True, dry_run=True, verbosity=0)


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna@example.com")


@pytest.fixture
def ben() -> User:
    return User.objects.create_user("ben@example.com")


def test_a_note_can_only_go_into_the_users_own_notebook(anna, ben):
    notebook = Notebook.objects.create(name="Anna's", owner_id=anna.pk)
    note = Note(title="x", tags=[], notebook_id=notebook.id)
    assert call("notes.create_note", user=anna, note=note).notebook_id == notebook.id
    with pytest.raises(NotebookNotFoundException):
        call("notes.create_note", user=ben, note=note)
    assert Note.objects.count() == 1


def test_a_notebook_sent_along_without_its_key_takes_no_note(anna, ben):
    notebook = Notebook.objects.create(name="Anna's", owner_id=anna.pk)
    sent = Note(title="x", tags=[])
    sent._state.fields_cache["notebook"] = notebook
    assert call("notes.create_note", user=ben, note=sent).notebook_id is None
    assert Note.objects.get().notebook_id is None


def test_a_notebook_that_was_never_stored_takes_no_note(anna):
    sent = Note(title="x", tags=[], notebook=Notebook(name="New"))
    assert call("notes.create_note", user=anna, note=sent).notebook_id is None
    assert Note.objects.get().notebook_id is None
    assert not Notebook.objects.exists()


@pytest.mark.parametrize("act", ["get_note", "delete_note"])
def test_anothers_note_is_not_found(anna, ben, act):
    note = call("notes.create_note", user=anna, note=Note(title="mine", tags=[]))
    with pytest.raises(NoteNotFoundException):
        call(f"notes.{act}", user=ben, note_id=note.id)
    with pytest.raises(NoteNotFoundException):
        call("notes.update_note", user=ben, note=Note(id=note.id, title="theirs", tags=[]))
    assert Note.objects.get().title == "mine"


def test_a_note_without_an_id_cannot_be_changed(anna):
    with pytest.raises(NoteNotFoundException) as refused:
        call("notes.update_note", user=anna, note=Note(title="x", tags=[]))
    assert refused.value.note_id == 0
    assert not Note.objects.exists()


def test_fields_set_by_the_server_are_not_taken_from_clients(anna, ben):
    sent = Note(id=77, title="x", tags=[], owner_id=ben.pk, reminded=True)
    made = call("notes.create_note", user=anna, note=sent)
    assert (made.id == 77, made.reminded) == (False, False)
    assert Note.objects.get().owner_id == anna.pk
    call("notes.update_note", user=anna, note=Note(id=made.id, title="y", tags=[], reminded=True))
    stored = Note.objects.get()
    assert (stored.title, stored.reminded, stored.owner_id) == ("y", False, anna.pk)
