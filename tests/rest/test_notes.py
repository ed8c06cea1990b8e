"""Notes over REST, for programs with a bearer token and for signed-in browsers."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.sessions import sessions
from podium.core import clock
from tests.notes.models import Note, Notebook, NoteColor

NOTES = "/api/notes/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna@example.com", "long enough 1")


@pytest.fixture
def api(anna: User) -> APIClient:
    """A program with Anna's token."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {sessions.issue(anna).token}")
    return client


def make_note(owner: uuid.UUID, **values: object) -> Note:
    given: dict[str, Any] = {"title": "Milk", "tags": [], **values}
    return Note.objects.create(owner_id=owner, **given)


def test_a_note_is_created_read_changed_and_deleted(api, anna):
    remind_at = clock.now().replace(microsecond=0) + timedelta(days=1)
    sent = {
        "title": "Milk",
        "color": "red",
        "tags": ["shop", ""],
        "remindAt": remind_at.isoformat().replace("+00:00", "Z"),
    }
    made = api.post(NOTES, sent, format="json")
    assert made.status_code == 201, made.json()
    body = made.json()
    assert body.keys() == {
        *["id", "title", "body", "color", "tags", "remindAt", "reminded", "notebookId", "createdAt"]
    }
    assert {key: body[key] for key in sent} == sent
    assert (body["body"], body["reminded"], body["notebookId"]) == ("", False, None)
    stored = Note.objects.get(id=body["id"])
    assert (stored.owner_id, stored.color, stored.remind_at) == (anna.pk, NoteColor.RED, remind_at)

    address = f"{NOTES}{body['id']}/"
    assert api.get(address).json() == body
    changed = api.patch(address, {"title": "Bread", "reminded": True, "createdAt": None}, format="json")
    assert changed.json() == {**body, "title": "Bread"}
    assert api.put(address, {"title": "Tea", "tags": []}, format="json").json()["title"] == "Tea"
    assert api.delete(address).status_code == 204
    assert not Note.objects.exists()


def test_notes_of_other_users_are_not_accessible(api, anna):
    other = make_note(uuid.uuid4(), title="secret")
    address = f"{NOTES}{other.id}/"
    assert api.get(NOTES).json()["results"] == []
    for answer in [api.get(address), api.patch(address, {"title": "x"}, format="json"), api.delete(address)]:
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "not_found"
        assert "secret" not in answer.content.decode()
    made = api.post(NOTES, {"title": "x", "tags": [], "ownerId": str(other.owner_id)}, format="json")
    assert Note.objects.get(id=made.json()["id"]).owner_id == anna.pk
    other.refresh_from_db()
    assert other.title == "secret"


def test_a_note_cannot_be_put_into_another_users_notebook(api, anna):
    other = Notebook.objects.create(name="theirs", owner_id=uuid.uuid4())
    own = Notebook.objects.create(name="mine", owner_id=anna.pk)
    refused = api.post(NOTES, {"title": "x", "tags": [], "notebookId": other.id}, format="json")
    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "NotebookNotFoundException"
    assert not Note.objects.exists()
    made = api.post(NOTES, {"title": "x", "tags": [], "notebookId": own.id}, format="json")
    assert made.json()["notebookId"] == own.id


@pytest.mark.parametrize("header", ["", "Bearer wrong", "Bearer ", "Basic eDp5", "Bearer a b"])
def test_without_a_valid_credential_all_is_refused(anna, header):
    make_note(anna.pk)
    client = APIClient(headers={"Authorization": header} if header else {})
    answer = client.get(NOTES)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    error = answer.json()["error"]
    assert error.keys() == {"code", "message", "details"}
    assert error["code"] in ("not_authenticated", "authentication_failed")


def test_a_revoked_token_is_refused_at_once(api, anna):
    assert api.get(NOTES).status_code == 200
    sessions.revoke_all(anna)
    assert api.get(NOTES).status_code == 401


def test_a_browser_session_may_read_and_needs_a_csrf_token_to_write(anna):
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(anna)
    assert browser.get(NOTES).status_code == 200
    refused = browser.post(NOTES, {"title": "x", "tags": []}, format="json")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "permission_denied")
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    ("sent", "where"),
    [
        ({"tags": []}, "title"),
        ({"title": None, "tags": []}, "title"),
        ({"title": "a\x00b", "tags": []}, "title"),
        ({"title": "x", "tags": "shop"}, "tags"),
        ({"title": "x", "tags": [["deep"]]}, "tags"),
        ({"title": "x", "tags": [], "color": "green"}, "color"),
        ({"title": "x", "tags": [], "remindAt": "tomorrow"}, "remindAt"),
        ({"title": "x", "tags": [], "notebookId": 2**70}, "notebookId"),
        ({"title": "x", "tags": [], "notebookId": "one"}, "notebookId"),
    ],
)
def test_faults_are_reported_by_field(api, sent, where):
    answer = api.post(NOTES, sent, format="json")
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["code"] == "invalid"
    assert list(error["details"]) == [where]
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (r'{"title": "\ud83d", "tags": []}', ["title"]),
        (r'{"title": "x", "tags": ["\udc00"]}', ["tags"]),
        (
            r'{"title": "x\ud83d", "tags": [], "color": "\ud83d", "unknown": {"a": "\ud83d"}}',
            ["title", "color", "unknown"],
        ),
        (r'{"title": "x", "tags": [], "\ud83d": 1}', ["non_field_errors"]),
    ],
)
def test_a_lone_surrogate_is_reported_by_field(api, body, where):
    answer = api.post(NOTES, body, content_type="application/json")
    assert answer.status_code == 400
    details = answer.json()["error"]["details"]
    assert list(details) == where
    assert "lone surrogate" in details[where[0]][0]
    assert not Note.objects.exists()


def test_a_nul_in_a_filter_is_refused(api, admin_client):
    for client, address in (
        (api, f"{NOTES}?title=a%00b"),
        (api, "/api/no%00tes/"),
        (admin_client, "/admin/notes/note/?q=%00"),
    ):
        answer = client.get(address)
        assert (answer.status_code, answer.content) == (
            400,
            b"The address must not contain a NUL character (%00).\n",
        )
    answer = admin_client.get("/admin/", headers={"cookie": r'sessionid="\000"'})
    assert (answer.status_code, answer.content) == (
        400,
        b"A cookie must not contain a NUL character (%00).\n",
    )


def test_a_body_that_is_not_a_json_object_is_refused(api):
    broken = api.post(NOTES, "{", content_type="application/json")
    assert (broken.status_code, broken.json()["error"]["code"]) == (400, "parse_error")
    assert api.post(NOTES, [1], format="json").status_code == 400
    form = api.post(NOTES, "a=b", content_type="application/x-www-form-urlencoded")
    assert (form.status_code, form.json()["error"]["code"]) == (415, "unsupported_media_type")


def test_pages_follow_each_other_newest_first(api, anna, django_assert_num_queries):
    made = [make_note(anna.pk, title=str(number)).id for number in range(5)]
    seen = []
    address = f"{NOTES}?limit=2"
    while address:
        page = api.get(address).json()
        assert len(page["results"]) <= 2
        seen += [note["id"] for note in page["results"]]
        address = page["next"]
    assert seen == made[::-1]
    assert len(api.get(f"{NOTES}?limit=100000").json()["results"]) == 5
    assert api.get(f"{NOTES}?cursor=nonsense").status_code == 404
    assert api.get(f"{NOTES}{2**80}/").status_code == 404
