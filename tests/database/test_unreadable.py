"""Unreadable stored values affect only themselves: in both ways of reading, in calls, REST and the admin."""

from __future__ import annotations

import datetime

import httpx
import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import connection
from rest_framework.test import APIClient

from accounts.models import User
from accounts.sessions import sessions
from podium.endpoints import asgi
from podium.endpoints.testing import call
from podium.wire.unreadable import Unreadable, UnreadableValue
from tests.database.library.models import Genre, Mood, Specimen
from tests.notes.models import Note, NoteColor
from tests.reads.test_queries import in_a_call

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna@example.com", "long enough 1")


def execute(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def notes_of(anna):
    """A good note and one with an unknown color; its id."""
    Note.objects.create(title="Milk", tags=[], owner_id=anna.pk)
    bad = Note.objects.create(title="Odd", tags=[], owner_id=anna.pk)
    execute(f"UPDATE note SET color = 'mauve' WHERE id = {bad.id}")
    return bad.id


def test_a_query_returns_its_rows_and_the_value_fails_when_it_is_used(anna):
    bad = notes_of(anna)
    assert [note.title for note in Note.objects.order_by("id")] == ["Milk", "Odd"]
    note = Note.objects.get(id=bad)
    assert isinstance(note.color, Unreadable) and "mauve" in str(note.color)
    for use in (
        lambda: note.color.value,
        lambda: note.color == NoteColor.RED,
        lambda: note.color in (NoteColor.RED,),
        lambda: note.color != NoteColor.RED,
    ):
        with pytest.raises(UnreadableValue) as refused:
            use()
        assert str(refused.value) == "column note.color holds 'mauve', which is not a value of NoteColor"
    with pytest.raises(ValidationError, match="write one of"):
        note.full_clean()


def test_a_saved_or_copied_row_keeps_the_stored_value(anna):
    bad = notes_of(anna)
    note = Note.objects.get(id=bad)
    note.title = "Still odd"
    note.save()
    assert execute(f"SELECT color, title FROM note WHERE id = {bad}") == [("mauve", "Still odd")]
    assert '"mauve"' in serializers.serialize("json", [note])
    assert Note.objects.filter(color=note.color).get() == note


def test_an_enum_with_a_default_returns_the_default(db):
    execute("INSERT INTO specimen (anything, mood) VALUES ('null', 'angry')")
    assert Specimen.objects.get().mood is Mood.CALM


@pytest.mark.parametrize(
    ("column", "stored", "attribute", "problem"),
    [
        ("genre", "9", "genre", "is not a value of Genre"),
        ("large", "'many'", "large", "is not a BigInt"),
        ("span", str(2**62), "span", "is longer than a Python timedelta can be"),
        ("texts", "'[1]'", "texts", r"\[0\]: expected String, got a whole number"),
        ('"byGenre"', """'[{"k": 7, "v": 1}]'""", "by_genre", r"\[0\]: expected Genre: one of 0, 1, got 7"),
        ("page", """'{"number": "x"}'""", "page", r"expected"),
    ],
)
def test_every_kind_of_column_can_be_unreadable(db, column, stored, attribute, problem):
    execute(f"INSERT INTO specimen (anything, {column}) VALUES ('null', {stored})")
    made = Specimen.objects.get()
    value = getattr(made, attribute)
    with pytest.raises(UnreadableValue, match=problem) as refused:
        list(value)
    assert f"column specimen.{column.strip(chr(34))} holds" in str(refused.value)
    made.save()
    [(after,)] = execute(f"SELECT {column}::text FROM specimen")
    [(before,)] = execute(f"SELECT {stored}::text")
    assert after.replace(" ", "") == before.replace(" ", "")


def test_an_alias_of_a_member_is_not_a_value(db):
    execute("INSERT INTO specimen (anything, genre) VALUES ('null', NULL)")
    execute("UPDATE specimen SET mood = 'Mood.DARK_AND_STORMY'")
    assert Specimen.objects.get().mood is Mood.CALM


@pytest.mark.django_db(transaction=True)
def test_reads_on_the_loop_return_the_same():
    execute("INSERT INTO specimen (anything, genre) VALUES ('null', 9), ('null', 1)")

    async def genres():
        return [one.genre async for one in Specimen.objects.filter(number=None).order_by("id")]

    with_django = [one.genre for one in Specimen.objects.order_by("id")]
    assert isinstance(with_django[0], Unreadable) and with_django[1] is Genre.REFERENCE
    assert in_a_call(genres) == with_django


def test_a_call_that_sends_one_names_it_in_the_log_and_not_to_the_client(anna, caplog):
    bad = notes_of(anna)
    assert len(Note.objects.all()) == 2
    with pytest.raises(UnreadableValue) as refused:
        call("notes.list_notes", user=anna)
    assert str(refused.value) == (
        f"column note.color of row {bad} holds 'mauve', which is not a value of NoteColor"
    )
    assert call("notes.delete_note", user=anna, note_id=bad) is None
    assert len(call("notes.list_notes", user=anna)) == 1


@pytest.mark.django_db(transaction=True)
def test_over_http_it_is_a_500_with_a_code(caplog):
    anna = User.objects.create_user("anna@example.com")
    bad = notes_of(anna)
    headers = {"authorization": f"Bearer {sessions.issue(anna).token}"}

    async def ask():
        transport = httpx.ASGITransport(asgi.application)
        async with httpx.AsyncClient(transport=transport, base_url="http://server", headers=headers) as http:
            return await http.post("/notes/listNotes", json={})

    answer = in_a_call(ask)
    assert answer.status_code == 500
    assert answer.headers["x-error-code"] == "database.unreadable_value"
    assert "mauve" not in answer.text and "log" in answer.text
    assert f"column note.color of row {bad} holds 'mauve'" in caplog.text


def test_over_rest_too(anna, caplog):
    bad = notes_of(anna)
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {sessions.issue(anna).token}")
    answer = api.get("/api/notes/")
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "database.unreadable_value"
    assert "mauve" not in answer.content.decode() and "holds 'mauve'" in caplog.text
    assert api.patch(f"/api/notes/{bad}/", {"color": "red"}, format="json").status_code == 200
    assert api.get("/api/notes/").status_code == 200


def test_the_admin_shows_finds_and_fixes_it(anna, admin_client):
    bad = notes_of(anna)
    shown = admin_client.get("/admin/notes/note/").content.decode()
    assert "unreadable: &#x27;mauve&#x27;" in shown
    found = admin_client.get("/admin/notes/note/", {"color__exact": "unreadable: 'mauve'"})
    assert found.status_code == 200 and [note.id for note in found.context["cl"].result_list] == [bad]
    page = admin_client.get(f"/admin/notes/note/{bad}/change/")
    assert page.status_code == 200
    form = page.context["adminform"].form
    data = {
        name: "" if (value := form[name].value()) is None else value for name in form.fields if name != "tags"
    }
    data |= {"tags": "[]", "color": "NoteColor.RED", "created_at_0": "2026-01-01", "created_at_1": "10:00:00"}
    answer = admin_client.post(f"/admin/notes/note/{bad}/change/", data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert execute(f"SELECT color FROM note WHERE id = {bad}") == [("red",)]


def test_unreadable_json_can_be_fixed_in_a_form(anna, admin_client):
    note = Note.objects.create(
        title="Milk", tags=[], owner_id=anna.pk, created_at=datetime.datetime.now(datetime.UTC)
    )
    execute(f"UPDATE note SET tags = '[1, 2]' WHERE id = {note.id}")
    page = admin_client.get(f"/admin/notes/note/{note.id}/change/")
    assert page.status_code == 200 and "[1,2]" in page.content.decode()
