from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from podium.endpoints.errors import NotSignedIn
from podium.endpoints.testing import Caller, call
from realtime.testing import listening
from tasks.testing import run_scheduled

from ..models import Note, NoteNotFoundException
from ..notes import channel


@pytest.fixture
def anna(db: None) -> Any:
    return get_user_model().objects.create_user(email="anna@podium.test")


@pytest.fixture
def ben(db: None) -> Any:
    return get_user_model().objects.create_user(email="ben@podium.test")


def test_greeting_is_open_to_everyone() -> None:
    assert call("greeting.hello", name="World") == "Hello World"


@pytest.mark.django_db
def test_notes_are_for_signed_in_users() -> None:
    with pytest.raises(NotSignedIn):
        call("notes.list_notes")


def test_notes_belong_to_the_user_who_created_them(anna: Any, ben: Any) -> None:
    note = call("notes.create_note", user=anna, note=Note(title="Milk"))
    assert call("notes.list_notes", user=anna) == [note]
    assert call("notes.list_notes", user=ben) == []
    with pytest.raises(NoteNotFoundException):
        call("notes.get_note", user=ben, note_id=note.id)


def test_a_reminder_marks_the_note(anna: Any) -> None:
    note = call("notes.create_note", user=anna, note=Note(title="Milk"))
    call("notes.remind_me", user=anna, note_id=note.id, after=timedelta(days=1))
    assert run_scheduled() == 1
    assert call("notes.get_note", user=anna, note_id=note.id).reminded


@pytest.mark.django_db(transaction=True)
async def test_new_notes_arrive_on_the_stream() -> None:
    anna = await get_user_model().objects.acreate(email="anna@podium.test")
    caller = Caller(anna)
    async with listening(caller.stream("notes.watch_notes"), channel(str(anna.pk))) as received:
        await caller.acall("notes.create_note", note=Note(title="Milk"))
        assert (await anext(received)).title == "Milk"
