"""ETag, If-None-Match and If-Match of generated resources."""

from __future__ import annotations

import hashlib
import threading

import pytest
from django.db import connection, transaction

from podium.core import clock
from podium.database.failures import DatabaseUnavailable
from podium.rest.models import StoredAnswer
from podium.rest.resources import idempotency
from tests.access.teams.models import TeamNote
from tests.rest.doors import Door
from tests.rows.world import ANNA, BEN, note, notebook

NOTES = "/api/team-notes"

pytestmark = pytest.mark.django_db


def test_an_etag_changes_with_the_row(anna: Door) -> None:
    address = f"{NOTES}/{note('a').pk}"
    tag = anna.get(address).headers["etag"]
    assert tag[0] == tag[-1] == '"'
    again = anna.get(address, if_none_match=tag)
    assert (again.status, again.content, again.headers["etag"]) == (304, b"", tag)
    for sent in (f"W/{tag}", f'"x", {tag}', "*"):
        assert anna.get(address, if_none_match=sent).status == 304
    changed = anna.patch(address, {"title": "b"}, if_match=tag)
    assert changed.status == 200
    assert changed.headers["etag"] != tag
    assert anna.get(address).headers["etag"] == changed.headers["etag"]
    assert anna.get(address, if_none_match=tag).status == 200


def test_an_etag_is_that_of_what_was_answered(anna: Door) -> None:
    shared = notebook(name="a")
    address = f"{NOTES}/{note('a', notebook=shared).pk}"
    tags = {
        query: anna.get(f"{address}?{query}").headers["etag"]
        for query in ("", "fields=id", "expand=notebook")
    }
    assert len({*tags.values()}) == 3
    assert len({tag.partition("-")[0] for tag in tags.values()}) == 1, "If-Match accepts each of them"
    asked = f"{address}?expand=notebook"
    assert anna.get(asked, if_none_match=tags["expand=notebook"]).status == 304
    assert anna.patch(f"/api/team-notebooks/{shared.pk}", {"name": "b"}).status == 200
    again = anna.get(asked, if_none_match=tags["expand=notebook"])
    assert (again.status, again.body["notebook"]["name"]) == (200, "b")
    assert anna.get(address, if_none_match=tags[""]).status == 304


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
def test_a_change_of_another_version_is_refused(anna: Door, method: str) -> None:
    made = note("a")
    address = f"{NOTES}/{made.pk}"
    old = anna.get(address).headers["etag"]
    made.title = "b"
    made.save()
    body = None if method == "DELETE" else {"title": "c"}
    refused = anna(method, address, body, if_match=old)
    assert (refused.status, refused.error["code"]) == (412, "rest.row_changed")
    assert anna(method, address, body, if_none_match="*").status == 412
    assert anna.get(address, if_match=old).status == 412
    assert TeamNote.objects.get().title == "b"
    new = anna.get(f"{address}?fields=id&expand=notebook").headers["etag"]
    assert anna(method, address, body, if_match=f'"other", W/{new}').status in (200, 204)


def test_conditions_that_are_refused(anna: Door) -> None:
    address = f"{NOTES}/{note('a').pk}"
    for sent in ("12-ab", '"a" b', ""):
        assert anna.patch(address, {"title": "b"}, if_match=sent).error["code"] == "rest.header_refused"
    for found in (
        anna.post(NOTES, {"title": "b"}, if_match="*"),
        anna.patch(NOTES, [], if_match="*"),
        anna.delete(f"{NOTES}?id=1", if_match="*"),
        anna.get(NOTES, if_none_match="*"),
    ):
        assert (found.status, found.error["code"]) == (400, "rest.header_refused")
    assert anna.patch(f"{NOTES}/999", {"title": "b"}, if_match="*").status == 404
    assert TeamNote.objects.get().title == "a"


# Idempotency-Key ------------------------------------------------------------------------------------------------------


def test_a_repeated_request_is_answered_as_the_first_time(anna: Door) -> None:
    first = anna.post(NOTES, {"title": "Milk"}, idempotency_key='"k1"')
    again = anna.post(NOTES, {"title": "Milk"}, idempotency_key="k1")
    assert (again.status, again.content) == (first.status, first.content) == (201, first.content)
    assert again.headers["location"] == first.headers["location"]
    assert (again.headers["etag"], again.headers["idempotency-replayed"]) == (first.headers["etag"], "true")
    assert "idempotency-replayed" not in first.headers
    address = first.headers["location"]
    for _ in range(2):
        assert anna.patch(address, {"title": "Tea"}, idempotency_key="k2").body["title"] == "Tea"
    for _ in range(2):
        assert anna.delete(address, idempotency_key="k3").status == 204
    assert anna.delete(address).status == 404
    assert not TeamNote.objects.exists()


def test_a_key_belongs_to_one_request_of_one_user(anna: Door, ben: Door, nobody: Door) -> None:
    anna.post(NOTES, {"title": "Milk"}, idempotency_key="k")
    for found in (
        anna.post(NOTES, {"title": "Tea"}, idempotency_key="k"),
        anna.post("/api/team-notebooks", {"title": "Milk"}, idempotency_key="k"),
    ):
        assert found.status in (400, 422)
    assert anna.post(NOTES, {"title": "Tea"}, idempotency_key="k").error["code"] == "rest.key_reused"
    of_ben = ben.post(NOTES, {"title": "Milk"}, idempotency_key="k")
    assert (of_ben.status, of_ben.body["ownerId"]) == (201, BEN.user_id)
    for key in ("", "ä", "a b", "x" * 256):
        assert anna.post(NOTES, {"title": "x"}, idempotency_key=key).status == 400
    assert TeamNote.objects.count() == 2


def test_refusals_are_not_stored(anna: Door) -> None:
    refused = anna.post(NOTES, {"title": "x", "notebookId": 10**9}, idempotency_key="k")
    assert refused.status == 400
    assert not StoredAnswer.objects.exists()
    assert anna.post(NOTES, {"title": "x"}, idempotency_key="k").status == 201


def test_answers_are_kept_for_a_day(anna: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    anna.post(NOTES, {"title": "x"}, idempotency_key="k")
    later = clock.now() + idempotency.KEEP
    monkeypatch.setattr(clock, "now", lambda: later)
    assert anna.post(NOTES, {"title": "y"}, idempotency_key="k").status == 201
    assert TeamNote.objects.count() == 2
    assert StoredAnswer.objects.count() == 1
    later += idempotency.KEEP
    assert idempotency.delete_expired() == 1


def test_a_request_that_is_still_running(anna: Door) -> None:
    """Another server process holds the key."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            id = hashlib.sha256(f"{ANNA.user_id}\0k".encode()).digest()
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(id[:8], "big", signed=True)])
            held.set()
            done.wait(30)
        connection.close()

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(30)
    try:
        found = anna.post(NOTES, {"title": "x"}, idempotency_key="k")
    finally:
        done.set()
        other.join()
    assert (found.status, found.error["code"], found.headers["retry-after"]) == (
        409,
        "rest.still_running",
        "1",
    )
    assert anna.post(NOTES, {"title": "x"}, idempotency_key="k").status == 201


def test_the_answer_is_stored_with_the_change_or_not_at_all(
    anna: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise DatabaseUnavailable

    with monkeypatch.context() as patch:
        patch.setattr(StoredAnswer, "save", fail)
        assert anna.post(NOTES, {"title": "x"}, idempotency_key="k").status == 503
    assert not TeamNote.objects.exists()
    assert anna.post(NOTES, {"title": "x"}, idempotency_key="k").status == 201
