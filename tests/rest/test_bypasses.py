"""Published ways around the rules of other backends, tried on generated resources.

Of Parse: an entry that forgets the class's rules, filters on hidden fields, hidden fields in other answers, state that
users share, operators as lists, half of the caller's identity. Of PocketBase: filters and orders through relations.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import quote

import pytest

from tests.access.teams.models import TeamNote, TeamNotebook, TeamNotebookMember
from tests.rest.doors import Door
from tests.rows.world import ANNA, BEN, CARL, MODERATOR, note, notebook

NOTES, BOOKS, MEMBERS = "/api/team-notes", "/api/team-notebooks", "/api/team-notebook-members"
SECRET = "00000000-0000-0000-0000-00000000abcd"

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/api/teams", "/api/team-members", "/api/users", "/api/sessions"])
def test_a_model_without_rules_has_no_entry(anna: Door, address: str) -> None:
    for method in ("GET", "POST", "PATCH", "DELETE"):
        assert anna(method, address, {} if method != "GET" else None).status == 404
        assert anna(method, f"{address}/1", {} if method != "GET" else None).status == 404


@pytest.mark.parametrize(
    "name",
    [
        *["editorId", "editor_id", "EDITORID", "ownerId", "owner_id", "id__in", "pk"],
        *["notebook.name", "notebook__name", "notebook[name]", "notebook.members.userId", "members"],
        *["$or", "$where", "$or[0][editorId]", "or[0][editorId]", "filter", "where", "q", "search"],
        *[
            "editorId[isNull]",
            "editorId[startsWith]",
            "title[$ne]",
            "title[$regex]",
            "title[regex]",
            "title[]",
        ],
        *["title[in][]", "title[0]", "title[ne]", "title[not]", "__className__", "_version", "row_version"],
        *["__proto__", "constructor", "xmin", "ctid", "title[contains][in]", "title ", " title", "Title"],
    ],
)
def test_a_filter_is_no_oracle(anna: Door, name: str) -> None:
    """A hidden field, a path or an operator is refused alike, whether a row would match or not."""
    note("x", editor_id=SECRET, notebook=notebook((ANNA, True), owner=BEN, name="secret"))
    said = set()
    for value in (SECRET, "other"):
        found = anna.get(f"{NOTES}?{quote(name)}={value}&count=true")
        assert found.status == 400, found.content
        said.add(found.content)
    assert len(said) == 1


@pytest.mark.parametrize(
    "name",
    ["editorId", "-editorId", "ownerId", "notebook.name", "notebook__name", "-notebook.ownerId", "?", "--id"],
)
def test_an_order_is_no_oracle(anna: Door, name: str) -> None:
    note("x", editor_id=SECRET)
    assert anna.get(f"{NOTES}?order={quote(name)}").status == 400


def test_a_cursor_is_no_oracle(anna: Door) -> None:
    """A cursor with an order by a hidden field, made by the client, is not one of the list."""
    note("x", editor_id=SECRET)
    for made in ('["editorId", "0"]', '["-editorId,id", "f", 1]', '["id", {"$gt": 0}]', '["id", "1 OR 1=1"]'):
        cursor = urlsafe_b64encode(made.encode()).decode().rstrip("=")
        assert anna.get(f"{NOTES}?after={cursor}").error["code"] == "rows.cursor_refused"


@pytest.mark.parametrize(
    "name",
    [
        "owner",
        "members",
        "notebook.members",
        "notebook,members",
        "notebook.team",
        "*",
        "notebook__team",
        "team",
    ],
)
def test_expanding_leads_no_further(anna: Door, name: str) -> None:
    note("x", notebook=notebook(owner=ANNA))
    assert anna.get(f"{NOTES}?expand={name}").status == 400
    assert anna.get(f"{BOOKS}?expand={name if name != 'members' else 'members.user'}").status == 400


def test_expanded_rows_are_under_their_own_rules(ben: Door) -> None:
    """Ben may read a note as its owner, and neither its notebook nor who else is in it."""
    foreign = notebook((CARL, True), owner=ANNA, name="secret")
    made = note("x", owner=BEN, notebook=foreign)
    TeamNotebook.objects.filter(pk=foreign.pk).update(public=False)
    found = ben.get(f"{NOTES}/{made.pk}?expand=notebook")
    assert found.body["notebook"] is None
    assert b"secret" not in found.content
    shared = notebook((BEN, True), (CARL, True), owner=ANNA)
    (mine,) = ben.get(f"{BOOKS}/{shared.pk}?expand=members").body["members"]
    assert mine["userId"] == BEN.user_id
    assert ben.get(f"{MEMBERS}?notebookId={shared.pk}&count=true").body["count"] == 1


def test_hidden_fields_are_in_no_answer(anna: Door) -> None:
    made = note("x", editor_id=SECRET)
    address = f"{NOTES}/{made.pk}"
    answers = [
        anna.get(address),
        anna.get(f"{NOTES}?expand=notebook"),
        anna.patch(address, {"title": "y"}, idempotency_key="k"),
        anna.patch(address, {"title": "y"}, idempotency_key="k"),
        anna("PUT", address, {"title": "z"}),
        anna.patch(NOTES, [{"id": made.pk, "title": "a"}]),
        anna.post(NOTES, {"title": "b"}),
        anna.patch(address, {"fields": {"editorId": SECRET}}),
        anna.get(f"{NOTES}?fields=editorId"),
    ]
    for found in answers:
        assert SECRET.encode() not in found.content
        assert b'"editorId":' not in found.content
    made.refresh_from_db()
    assert str(made.editor_id) == SECRET, "replacing a row leaves what its writer does not see"


@pytest.mark.parametrize(
    "sent",
    [
        {"notebook": {"name": "made", "ownerId": BEN.user_id}},
        {"notebook": {"__className__": "TeamNotebook", "name": "made"}},
        {"notebook": {"create": {"name": "made"}}},
        {"notebook": 1},
        {"members": [{"userId": ANNA.user_id, "mayWrite": True}]},
        {"__className__": "TeamNotebook", "name": "made"},
        {"__className__": "TeamNote"},
        {"__op": "Increment"},
        {"title": {"__op": "Delete"}},
        {"title": {"__className__": "String", "data": "x"}},
        {"title": ["x"]},
        {"owner_id": BEN.user_id},
        {"ownerId": BEN.user_id},
        {"pk": 1},
        {"_state": {}},
        {"notebook_id": 1},
        {"notebookId": {"id": 1}},
        {"notebookId": True},
    ],
)
def test_a_body_reaches_only_the_fields_of_its_row(anna: Door, sent: dict[str, Any]) -> None:
    own = note("own")
    for found in (
        anna.post(NOTES, {"title": "x", **sent}),
        anna.post(NOTES, [{"title": "x"}, {"title": "x", **sent}]),
        anna.patch(f"{NOTES}/{own.pk}", sent),
        anna("PUT", f"{NOTES}/{own.pk}", {"title": "x", **sent}),
        anna.patch(NOTES, [{"id": own.pk, **sent}]),
    ):
        assert found.status == 400, found.content
    assert list(TeamNote.objects.values_list("title", "owner_id")) == [("own", own.owner_id)]
    assert not TeamNotebook.objects.exists()
    assert not TeamNotebookMember.objects.exists()


def test_answers_are_not_shared_between_users(anna: Door, ben: Door) -> None:
    note("of Anna")
    note("of Ben", owner=BEN)
    for _ in range(2):
        assert [each["title"] for each in anna.get(NOTES).body["results"]] == ["of Anna"]
        assert [each["title"] for each in ben.get(NOTES).body["results"]] == ["of Ben"]
    first = anna.post(NOTES, {"title": "x"}, idempotency_key="k")
    second = ben.post(NOTES, {"title": "x"}, idempotency_key="k")
    assert first.body["id"] != second.body["id"]
    assert ben.get(first.headers["location"], if_none_match=first.headers["etag"]).status == 404
    assert "private" in anna.get(NOTES).headers["cache-control"]


def test_the_whole_identity_counts(send: Any) -> None:
    """A list compiled for a caller with a scope is not that of the same user without it, in whatever order they ask."""
    theirs = note("theirs")
    for _ in range(2):
        assert Door(send, MODERATOR).get(NOTES).body["results"] != []
        assert Door(send, CARL).get(NOTES).body["results"] == []
        assert Door(send, CARL).delete(f"{NOTES}/{theirs.pk}").status == 404
    assert TeamNote.objects.count() == 1


def test_a_reference_is_no_oracle(anna: Door) -> None:
    """A notebook that Anna can't see is answered like one that does not exist."""
    theirs, own = notebook(owner=BEN), note("own")
    for key in (theirs.pk, 10**12):
        for found in (
            anna.post(NOTES, {"notebookId": key}),
            anna.patch(f"{NOTES}/{own.pk}", {"notebookId": key}),
        ):
            assert (found.status, found.error["message"]) == (400, "notebookId: the row does not exist.")
            assert found.error["details"] == {"field": "notebookId"}


def test_a_long_text_costs_little(anna: Door) -> None:
    """Names and values are refused before anything is done with them."""
    long = "x" * 50_000
    for query in (
        f"{long}=1",
        f"order={long}",
        f"fields={long}",
        f"expand={long}",
        f"title[{long}]=1",
        f"limit={long}",
    ):
        found = anna.get(f"{NOTES}?{query}")
        assert (found.status, len(found.content) < 2000) == (400, True)
    assert anna.get(f"{NOTES}?" + "&".join(f"a{n}=1" for n in range(201))).status == 400
    assert anna.get(f"{NOTES}?id[in]=" + ",".join(map(str, range(1001)))).status == 400
    many = anna.post(NOTES, {f"unknown{number}": 1 for number in range(10_000)})
    assert (many.status, len(many.error["details"]["fields"])) == (400, 20)
    assert anna.get(f"{NOTES}/{long}").status == 404
