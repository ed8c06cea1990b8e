"""Generated resources: each test runs through both entries."""

from __future__ import annotations

from typing import Any

import pytest

from tests.access.teams.models import TeamNote, TeamNotebook
from tests.rest.doors import Door
from tests.rows.world import ANNA, BEN, CARL, MODERATOR, note, notebook

NOTES, BOOKS = "/api/team-notes", "/api/team-notebooks"
READ = ["id", "title", "color", "reminded", "ownerId", "notebookId"]

pytestmark = pytest.mark.django_db


def test_the_life_of_a_row(anna: Door) -> None:
    made = anna.post(NOTES, {"title": "Milk", "color": None})
    assert made.status == 201, made.content
    assert list(made.body) == READ
    row = made.body
    assert (row["title"], row["color"], row["reminded"], row["ownerId"]) == (
        "Milk",
        None,
        False,
        ANNA.user_id,
    )
    address = made.headers["location"]
    assert address == f"{NOTES}/{row['id']}"
    for each in (address, f"{address}/"):
        assert anna.get(each).body == row
    changed = anna.patch(address, {"color": "red"})
    assert (changed.status, changed.body) == (200, {**row, "color": "red"})
    replaced = anna("PUT", address, {"title": "Tea"})
    assert (replaced.status, replaced.body) == (200, {**row, "title": "Tea"})
    gone = anna.delete(address)
    assert (gone.status, gone.content) == (204, b"")
    assert anna.get(address).status == 404
    assert not TeamNote.objects.exists()


def test_a_list_with_filters_order_and_pages(anna: Door) -> None:
    shared = notebook()
    for title, color in (("a", "red"), ("b", "blue"), ("c", "red"), ("d", None), ("e,f", "red")):
        note(title, color=color, notebook=shared)
    note("theirs", owner=BEN)

    def titles(query: str) -> list[str]:
        found = anna.get(f"{NOTES}?{query}")
        assert found.status == 200, found.content
        return [each["title"] for each in found.body["results"]]

    assert titles("") == ["a", "b", "c", "d", "e,f"]
    assert titles("color=red&order=-title") == ["e,f", "c", "a"]
    assert titles("color[eq]=blue") == titles("color%5Bin%5D=blue") == ["b"]
    assert titles("color[in]=blue,red&order=-color,title") == ["a", "c", "e,f", "b"]
    assert titles('title[in]="e,f",a') == ["a", "e,f"]
    assert titles("title[in]=") == []
    assert titles("color[isNull]=true") == ["d"]
    assert titles(f"notebookId={shared.pk}&title[startsWith]=A") == ["a"]
    assert titles("reminded=true") == []
    assert titles("id[in]=1,9223372036854775807") == []
    pages, address = [], f"{NOTES}?order=title&limit=2&count=true&fields=title"
    while address:
        page = anna.get(address)
        assert page.body["count"] == 5
        pages.append(page.body["results"])
        following = page.headers.get("link")
        assert (following is None) == (page.body["next"] is None)
        address = following.split(">")[0].strip("<") if following else ""
    assert pages == [[{"title": "a"}, {"title": "b"}], [{"title": "c"}, {"title": "d"}], [{"title": "e,f"}]]


def test_related_rows(anna: Door, ben: Door, carl: Door) -> None:
    shared = notebook((BEN, True), (CARL, False), name="shared")
    made = note("x", notebook=shared)
    row = ben.get(f"{NOTES}/{made.pk}?expand=notebook&fields=id,notebookId").body
    assert row == {
        "id": made.pk,
        "notebookId": shared.pk,
        "notebook": {
            "id": shared.pk,
            "name": "shared",
            "ownerId": ANNA.user_id,
            "public": False,
            "teamId": None,
        },
    }
    counts = {}
    for door in (anna, ben, carl):
        (found,) = door.get(f"{BOOKS}?expand=members&name=shared").body["results"]
        counts[door.by] = len(found["members"])
    assert counts == {ANNA: 2, BEN: 1, CARL: 1}
    alone = note("alone")
    assert anna.get(f"{NOTES}/{alone.pk}?expand=notebook").body["notebook"] is None
    hidden = note("hidden", notebook=notebook(owner=BEN), owner=ANNA)
    assert anna.get(f"{NOTES}/{hidden.pk}?expand=notebook").body["notebook"] is None


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("colour=red", "'colour'"),
        ("lmit=5", "limit"),
        ("color[like]=r", "'like'"),
        ("color[=r", "color["),
        ("reminded=1", "reminded"),
        ("notebookId=one", "notebookId"),
        ("notebookId=9223372036854775808", "notebookId"),
        ("id[gte]=1.5", "id[gte]"),
        ("title=a%00b", "title"),
        ('title[in]="a', "title[in]"),
        ("color[isNull]=1", "color[isNull]"),
        ("color=red&color=blue", "color"),
        ("order=", "order"),
        ("order=titel", "'titel'"),
        ("order=title,-title", "order"),
        ("order=editorId", "'editorId'"),
        ("limit=0", "0"),
        ("limit=1001", "1001"),
        ("limit=ten", "limit"),
        ("after=", "after"),
        ("after=x", "cursor"),
        ("expand=owner", "'owner'"),
        ("fields=title,editorId", "'editorId'"),
        ("fields=notebook", "'notebook'"),
        ("count=yes", "count"),
        ("title=%ff", "UTF-8"),
        ("format=xml", "'format'"),
    ],
)
def test_a_query_that_is_refused(anna: Door, query: str, named: str) -> None:
    found = anna.get(f"{NOTES}?{query}")
    assert found.status == 400, found.content
    if "%00" not in query:  # the address itself is refused, where it is a page's
        assert named in found.error["message"]


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        ({"titel": "x"}, "titel", "Did you mean 'title'?"),
        ({"title": 1}, "title", "expected String, got a whole number"),
        ({"title": None}, "title", "expected String, got null"),
        ({"title": "a\0b"}, "title", "NUL"),
        ({"notebookId": "1"}, "notebookId", "expected int"),
        ({"id": 5}, "id", "Clients can't write 'id'"),
        ({"ownerId": BEN.user_id}, "ownerId", "Clients can't write"),
        ({"reminded": True}, "reminded", "Clients can't write"),
        ({"notebook": {"name": "x"}}, "notebook", "Clients can't write"),
        ({"notebook": {"id": 1}, "title": "x"}, "notebook", "Clients can't write"),
        ({"__className__": "TeamNotebook"}, "__className__", "Clients can't write"),
        ({"notebook.ownerId": BEN.user_id}, "notebook.ownerId", "Clients can't write"),
        ({"notebook__owner_id": BEN.user_id}, "notebook__owner_id", "Clients can't write"),
        ({"title": {"$ne": ""}}, "title", "expected String, got an object"),
    ],
)
def test_a_body_that_is_refused(anna: Door, sent: dict[str, Any], field: str, said: str) -> None:
    own = note("own")
    for found in (
        anna.post(NOTES, sent),
        anna.patch(f"{NOTES}/{own.pk}", sent),
        anna("PUT", f"{NOTES}/{own.pk}", sent),
    ):
        assert found.status == 400
        assert found.error["code"] == "rest.body_refused"
        assert said in found.error["details"]["fields"][field]
        assert field in found.error["message"]
    assert list(TeamNote.objects.values_list("title", "reminded")) == [("own", False)]
    assert not TeamNotebook.objects.exists()


def test_a_body_that_is_not_json(anna: Door) -> None:
    assert anna.post(NOTES, b"{", content_type="application/json").error["code"] == "rest.body_refused"
    assert anna.post(NOTES, "x").status == anna.post(NOTES, [1]).status == 400
    for type in ("application/x-www-form-urlencoded", "text/plain", "", "multipart/form-data; boundary=x"):
        found = anna.post(NOTES, b"title=x", content_type=type)
        assert (found.status, found.error["code"]) == (415, "rest.media_type_refused")
    assert anna.post(NOTES, b'{"title": "x"}', content_type="application/json; charset=utf-8").status == 201


def test_several_rows_at_once(anna: Door) -> None:
    made = anna.post(NOTES, [{"title": "a"}, {"title": "b"}])
    assert (made.status, [each["title"] for each in made.body]) == (201, ["a", "b"])
    first, second = (each["id"] for each in made.body)
    changed = anna.patch(NOTES, [{"id": second, "color": "red"}, {"id": first, "title": "c"}])
    assert [(each["title"], each["color"]) for each in changed.body] == [("b", "red"), ("c", None)]
    assert anna.delete(f"{NOTES}?id={first},{second}").status == 204
    assert not TeamNote.objects.exists()
    assert (anna.post(NOTES, []).status, anna.post(NOTES, []).body) == (201, [])


def test_several_rows_are_changed_all_or_none(anna: Door) -> None:
    own, theirs, readable = note("own"), note("theirs", owner=BEN), notebook((ANNA, False), owner=BEN)

    def refused(reply: Any, status: int, index: int) -> None:
        assert reply.status == status, reply.content
        assert reply.error["details"]["index"] == index

    refused(anna.post(NOTES, [{"title": "a"}, {"titel": "b"}]), 400, 1)
    refused(anna.post(NOTES, [{"title": "a"}, {"notebookId": readable.pk}, {"title": "b"}]), 403, 1)
    refused(anna.post(NOTES, [{"title": "a"}, {"notebookId": 10**9}]), 400, 1)
    refused(anna.patch(NOTES, [{"id": own.pk, "title": "z"}, {"id": theirs.pk, "title": "z"}]), 404, 1)
    refused(anna.patch(NOTES, [{"id": own.pk, "title": "z"}, {"id": own.pk, "title": "y"}]), 400, 1)
    refused(anna.patch(NOTES, [{"title": "z"}]), 400, 0)
    refused(anna.delete(f"{NOTES}?id={own.pk},{theirs.pk}"), 404, 1)
    assert anna.delete(NOTES).status == anna.delete(f"{NOTES}?id=").status == 400
    assert anna.delete(f"{NOTES}?color=red").status == 400
    for method in ("POST", "PATCH"):
        found = anna(method, NOTES, [{"id": number} for number in range(1001)])
        assert (found.status, "1000 rows" in found.error["message"]) == (400, True)
    assert anna.patch(NOTES, {"id": own.pk}).status == 400
    assert sorted(TeamNote.objects.values_list("title", flat=True)) == ["own", "theirs"]


def test_rows_of_others_are_not_there(anna: Door, carl: Door) -> None:
    theirs = note("secret", owner=BEN)
    said = set()
    for key in (str(theirs.pk), "999999999", "9223372036854775808", "one", "-1"):
        address = f"{NOTES}/{key}"
        for found in (
            anna.get(address),
            anna.patch(address, {"title": "x"}),
            anna("PUT", address, {"title": "x"}),
            anna.delete(address),
        ):
            assert found.status == 404
            said.add((found.error["code"], found.error["message"]))
    assert said == {("access.row_not_found", "There is no such row.")}
    readable = note("readable", owner=BEN, notebook=notebook((CARL, False), owner=BEN))
    assert carl.get(f"{NOTES}/{readable.pk}").status == 200
    assert carl.patch(f"{NOTES}/{readable.pk}", {"title": "x"}).status == 404
    assert {each.title for each in TeamNote.objects.all()} == {"secret", "readable"}


def test_a_row_that_the_rules_refuse(anna: Door, carl: Door) -> None:
    readable = notebook((CARL, False))
    own = carl.post(NOTES, {"title": "x"}).body
    for found in (
        carl.post(NOTES, {"title": "y", "notebookId": readable.pk}),
        carl.patch(f"{NOTES}/{own['id']}", {"notebookId": readable.pk}),
    ):
        assert (found.status, found.error["code"]) == (403, "access.row_refused")
    assert list(TeamNote.objects.values_list("title", "notebook_id")) == [("x", None)]


def test_without_signing_in(nobody: Door) -> None:
    public, own = notebook(public=True, name="open"), note("own")
    assert [each["name"] for each in nobody.get(BOOKS).body["results"]] == ["open"]
    assert nobody.get(f"{BOOKS}/{public.pk}").status == 200
    assert nobody.get(f"{BOOKS}/999").status == 404
    assert nobody.get(NOTES).body["results"] == []  # notes in public notebooks are for everyone
    assert nobody.get(f"{NOTES}/{own.pk}").status == 404
    for found in (
        nobody.get("/api/team-notebook-members"),
        nobody.get("/api/team-notebook-members/1"),
        nobody.post(NOTES, {"title": "x"}),
        nobody.delete(f"{NOTES}/{own.pk}"),
        nobody.post(BOOKS, {"name": "x"}),
    ):
        assert (found.status, found.error["code"]) == (401, "access.sign_in_needed")
        assert found.headers["www-authenticate"] == "Bearer"
    assert (TeamNote.objects.count(), TeamNotebook.objects.count()) == (1, 1)


def test_scopes_of_the_user_count(send: Any) -> None:
    theirs = note("theirs")
    moderator = Door(send, MODERATOR)
    assert [each["title"] for each in moderator.get(NOTES).body["results"]] == ["theirs"]
    assert moderator.delete(f"{NOTES}/{theirs.pk}").status == 204


def test_methods_exist_for_actions_with_a_rule(anna: Door) -> None:
    members = "/api/team-notebook-members"
    assert anna.get(members).status == 200
    for method, address, allowed in (
        ("POST", members, "GET, HEAD, OPTIONS"),
        ("DELETE", f"{members}/1", "GET, HEAD, OPTIONS"),
        ("PUT", NOTES, "GET, POST, PATCH, DELETE, HEAD, OPTIONS"),
        ("POST", f"{NOTES}/1", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
    ):
        found = anna(method, address, {})
        assert (found.status, found.error["code"]) == (405, "rest.method_refused")
        assert {*found.headers["allow"].split(", ")} == {*allowed.split(", ")}
    head = anna("HEAD", NOTES)
    assert (head.status, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(anna.get(NOTES).content))


def test_nothing_of_a_row_is_open_without_rules(anna: Door) -> None:
    assert anna.get("/api/teams").status == 404
