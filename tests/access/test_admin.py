"""The admin's pages about access rules."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import SecurityEvent, User
from accounts.staff import audience, reach
from podium.access import Everyone, Me, Rules, Scope, SignedIn, through
from podium.access import rules as rule_classes
from podium.admin import paginator
from tests.access.teams.models import Team, TeamMember, TeamNote, TeamNotebook, TeamNotebookMember

pytestmark = pytest.mark.django_db

ACCESS = "/admin/access/"
PAGES = ["", "explain/", "row/", "user/", "rows/"]
SEES_ALL = [
    "accounts.view_access",
    "accounts.view_as_user",
    "accounts.view_user",
    "teams.view_teamnote",
    "teams.view_teamnotebook",
    "teams.view_teamnotebookmember",
]


@pytest.fixture(autouse=True)
def rules() -> Iterator[None]:
    class NotebookRules(Rules[TeamNotebook]):
        read = Q(owner_id=Me) | Q(members__user_id=Me, members__may_write=True)

    class NoteRules(Rules[TeamNote]):
        read = Q(owner_id=Me) | through("notebook") | Scope("moderator")
        readable = ["title", "color", "owner_id", "notebook"]
        update = Q(owner_id=Me)
        create = Q(owner_id=Me)

    yield
    rule_classes.forget(TeamNotebook, TeamNote)


@pytest.fixture
def anna(db: None) -> User:
    return User.objects.create_user("anna@example.org", name="Anna")


@pytest.fixture
def notebook(db: None) -> TeamNotebook:
    return TeamNotebook.objects.create(name="Plans")


@pytest.fixture
def shared(anna: User, notebook: TeamNotebook) -> TeamNote:
    """A note in a notebook that is shared with Anna."""
    TeamNotebookMember.objects.create(notebook=notebook, user_id=anna.pk, may_write=True)
    return TeamNote.objects.create(title="Milk", notebook=notebook)


def text_of(browser: Client, page: str, /, **question: Any) -> str:
    """The content of a page, without its menu."""
    answer = browser.get(f"{ACCESS}{page}", question)
    assert answer.status_code == 200
    return answer.content.decode().partition('<div class="access">')[2].replace("&#x27;", "'")


def found(browser: Client, page: str, /, **question: Any) -> Any:
    answer = browser.get(f"{ACCESS}{page}", question)
    assert answer.status_code == 200 and not answer.context["form"].errors, answer.context["form"].errors
    return answer.context["found"]


# The answers ----------------------------------------------------------------------------------------------------------


def test_the_matrix_has_the_rules_in_words_their_places_and_the_closed_models(root: Client) -> None:
    text = text_of(root, "")
    assert "teams.TeamNotebook" in text
    assert "owner_id = the caller, or notebook is not empty and" in text
    assert "the caller has the scope 'moderator'" in text
    assert "tests/access/test_admin.py:" in text
    closed = dict(root.get(ACCESS).context["found"]["closed"])
    assert "TeamMember" in closed["teams"] and "TeamNote" not in closed["teams"]


def test_a_rule_that_cannot_be_used_is_shown_with_its_fault(root: Client, shared: TeamNote) -> None:
    class TeamRules(Rules[Team]):
        read = Q(colour="red")

    try:
        team = Team.objects.create()
        assert "Cannot resolve keyword 'colour'" in text_of(root, "")
        for page in ("explain/", "row/", "user/", "rows/"):
            asked = {"row": f"team:{team.pk}", "user": "nobody", "model": "team"}
            assert "Cannot resolve keyword 'colour'" in text_of(root, page, **asked), page
    finally:
        rule_classes.forget(Team)


def test_an_explanation_names_conditions_rows_and_places_and_links_the_rows(
    root: Client, anna: User, shared: TeamNote, notebook: TeamNotebook
) -> None:
    member = notebook.members.get()
    asked = {"row": f"teamnote:{shared.pk}", "user": "anna@example.org", "action": "update"}
    update, read = found(root, "explain/", **asked)["answers"]
    assert (update.allowed, read.allowed) == (False, True)
    assert [way.holds for way in read.ways] == [False, False, True, False]
    [_, condition] = read.ways[2].reasons
    assert condition.origin == "TeamNotebook.read" and "tests/access/test_admin.py:" in condition.place
    assert condition.rows == [
        (f"TeamNotebook {notebook.pk}", f"/admin/teams/teamnotebook/{notebook.pk}/change/"),
        (f"TeamNotebookMember {member.pk}", f"/admin/teams/teamnotebookmember/{member.pk}/change/"),
    ]
    text = text_of(root, "explain/", **asked)
    assert f"/admin/teams/teamnotebookmember/{member.pk}/change/" in text
    assert "update needs this as well." in text


def test_an_explanation_of_a_failure_says_what_related_rows_lack(
    root: Client, anna: User, shared: TeamNote
) -> None:
    TeamNotebookMember.objects.update(may_write=False)
    [read] = found(root, "explain/", row=f"teamnote:{shared.pk}", user=str(anna.pk))["answers"]
    inner = {reason.text: reason.holds for reason in read.ways[2].reasons[1].inner}
    assert inner == {"may_write = true": False, "user_id = the caller": True}


def test_users_of_a_row_are_named_counted_and_paged(
    root: Client, anna: User, shared: TeamNote, notebook: TeamNotebook
) -> None:
    owner = User.objects.create_user("owner@example.org", is_active=False)
    TeamNote.objects.update(owner_id=owner.pk)
    row = f"teams.teamnote:{shared.pk}"
    answer = found(root, "row/", row=row)
    assert answer["groups"] == ["users with the scope 'moderator'"]
    assert [user.email for user in answer["users"]] == ["anna@example.org", "owner@example.org"]
    assert "blocked" in text_of(root, "row/", row=row)
    assert [user.email for user in found(root, "row/", row=row, action="update")["users"]] == [
        "owner@example.org"
    ]
    assert found(root, "row/", row=row, action="delete")["count"] == 0
    for number in range(60):
        user = User.objects.create_user(f"user{number:02}@example.org")
        TeamNotebookMember.objects.create(notebook=notebook, user_id=user.pk, may_write=True)
    second = found(root, "row/", row=row, page=2)
    assert (second["count"], len(second["users"])) == (62, 12)
    assert f"?row=teams.teamnote%3A{shared.pk}&amp;action=read&amp;page=2" in text_of(root, "row/", row=row)


def test_users_of_a_row_need_the_scopes_that_go_with_their_name(
    root: Client, anna: User, shared: TeamNote
) -> None:
    class MemberRules(Rules[TeamMember]):
        read = Q(user_id=Me) & Scope("player") | SignedIn & ~Q(Scope("banned")) & ~Q(user_id=Me)
        delete = Everyone

    try:
        member = TeamMember.objects.create(team=Team.objects.create(), user_id=anna.pk)
        row = f"teammember:{member.pk}"
        answer = found(root, "row/", row=row)
        assert answer["groups"] == ["users without the scope 'banned', except 1"]
        assert answer["count"] == 0
        anna.groups.add(Group.objects.create(name="player"))
        assert [user.email for user in found(root, "row/", row=row)["users"]] == ["anna@example.org"]
        assert found(root, "row/", row=row, action="delete")["count"] == 1, "to delete it, she must read it"
    finally:
        rule_classes.forget(TeamMember)


@pytest.mark.parametrize(
    ("condition", "groups"),
    [
        (Everyone, ["everyone, also without signing in"]),
        (SignedIn, ["all signed-in users"]),
        (SignedIn | Scope("moderator"), ["all signed-in users"]),
        (Scope("a") & Scope("b"), ["users with the scopes 'a' and 'b'"]),
        (~Q(SignedIn), ["everyone who is not signed in"]),
        (Q(user_id=uuid.UUID(int=1)), []),
    ],
)
def test_groups_of_users_are_named_as_such(root: Client, condition: Any, groups: list[str]) -> None:
    class MemberRules(Rules[TeamMember]):
        read = condition

    try:
        member = TeamMember.objects.create(team=Team.objects.create(), user_id=uuid.uuid4())
        assert found(root, "row/", row=f"teammember:{member.pk}")["groups"] == groups
    finally:
        rule_classes.forget(TeamMember)


def test_more_users_than_a_list_can_have_are_a_message(
    root: Client, shared: TeamNote, notebook: TeamNotebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audience, "MOST_USERS", 1)
    TeamNotebookMember.objects.create(notebook=notebook, user_id=uuid.uuid4(), may_write=True)
    assert "too many users" in text_of(root, "row/", row=f"teamnote:{shared.pk}")


def test_the_rows_of_a_user_are_counted(
    root: Client, anna: User, shared: TeamNote, monkeypatch: pytest.MonkeyPatch
) -> None:
    TeamNote.objects.create(title="Own", owner_id=anna.pk)
    TeamNote.objects.create(title="Foreign")
    for attribute in (paginator, reach):
        monkeypatch.setattr(attribute, "COUNTED", 1)
    answers = {
        each.label: each.answers
        for each in found(root, "user/", user=anna.email)["models"]
        if each.model in (TeamNotebook, TeamNote)
    }
    assert answers == {
        "teams.TeamNotebook": {"read": 1, "update": 0, "delete": 0, "create": "no"},
        "teams.TeamNote": {"read": "1+", "update": 1, "delete": 0, "create": "depends on the row"},
    }
    monkeypatch.setattr(reach, "SECONDS", 0)
    assert "not counted" in text_of(root, "user/", user=anna.email)


def test_counting_ends_at_its_time_limit(root: Client, anna: User, monkeypatch: pytest.MonkeyPatch) -> None:
    rule_classes.forget(TeamNote)

    class NoteRules(Rules[TeamNote]):
        read = Q(color__regex="^(a|aa)+b$")

    TeamNote.objects.bulk_create(TeamNote(color="a" * 500) for _ in range(500))
    before = time_limit()
    for seconds, answer in ((1.0, 0), (0.001, "not counted")):
        monkeypatch.setattr(reach, "SECONDS_EACH", seconds)
        [note] = [each for each in found(root, "user/", user="nobody")["models"] if each.model is TeamNote]
        assert note.answers["read"] == answer
        assert time_limit() == before, "the limit ends with the block"


def time_limit() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return str(cursor.fetchone()[0])


def test_rows_are_shown_as_a_user_sees_them_by_key(root: Client, anna: User, shared: TeamNote) -> None:
    TeamNote.objects.create(title="Foreign")
    for number in range(60):
        TeamNote.objects.create(title=f"Own {number}", owner_id=anna.pk, color="red\nblue")
    asked = {"user": "anna@example.org", "model": "teamnote"}
    first = found(root, "rows/", **asked)
    names = first["table"]["headers"]
    assert names == ["id", "title", "color", "owner id", "notebook"], "what `readable` lists, and the key"
    titles = [row["cols"][names.index("title")] for row in first["table"]["rows"]]
    assert titles == ["Milk", *(f"Own {number}" for number in range(49))]
    assert first["table"]["rows"][1]["cols"][names.index("color")] == "red"
    second = root.get(first["next"]).context["found"]
    assert len(second["table"]["rows"]) == 11 and not second["next"] and second["first"]
    events = SecurityEvent.objects.filter(event="viewed_as_user")
    assert [(each.user, each.details["model"]) for each in events] == [(anna, "teams.TeamNote")] * 2
    assert {each.details["by"] for each in events} == {root.session["_auth_user_id"]}


def test_rows_as_somebody_who_is_not_signed_in(root: Client, shared: TeamNote) -> None:
    assert found(root, "rows/", user="nobody", model="teams.teamnote")["table"]["rows"] == []
    assert SecurityEvent.objects.get(event="viewed_as_user").details["as_user"] == "nobody"


# Permissions ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_a_page_needs_its_permission_and_is_only_read(staff: Any, page: str) -> None:
    browser = staff("accounts.view_user", "teams.view_teamnote")
    assert browser.get(f"{ACCESS}{page}").status_code == 403
    User.objects.get(email="staff@example.com").delete()
    browser = staff("accounts.view_access")
    assert browser.get(f"{ACCESS}{page}").status_code == (403 if page == "rows/" else 200)
    assert browser.post(f"{ACCESS}{page}").status_code == 405
    assert Client().get(f"{ACCESS}{page}").status_code == 302
    user = User.objects.create_user("no-staff@example.com")
    browser.force_login(user)
    assert browser.get(f"{ACCESS}{page}").status_code == 302


def test_viewing_as_a_user_needs_both_permissions(staff: Any) -> None:
    assert staff("accounts.view_as_user").get(f"{ACCESS}rows/").status_code == 403


def test_nothing_of_a_model_is_shown_without_the_permission_to_view_it(
    staff: Any, anna: User, shared: TeamNote
) -> None:
    browser = staff("accounts.view_access", "accounts.view_as_user", "accounts.view_user")
    refused = "You may not view teams.TeamNote: it needs the permission teams.view_teamnote."
    asked = {"row": f"teamnote:{shared.pk}", "user": "anna@example.org", "model": "teamnote"}
    for page in ("explain/", "row/", "rows/"):
        assert refused in text_of(browser, page, **asked), page
    answer = found(browser, "user/", user="anna@example.org")
    assert (answer["models"], answer["hidden"]) == ([], len(rule_classes.models()))
    assert not SecurityEvent.objects.filter(event="viewed_as_user").exists()


def test_conditions_on_models_that_the_operator_may_not_view_are_hidden(
    staff: Any, anna: User, shared: TeamNote, notebook: TeamNotebook
) -> None:
    browser = staff("accounts.view_access", "accounts.view_user", "teams.view_teamnote")
    asked = {"row": f"teamnote:{shared.pk}", "user": "anna@example.org"}
    [read] = found(browser, "explain/", **asked)["answers"]
    assert [way.holds for way in read.ways] == [False, None, None, False]
    condition = read.ways[2].reasons[1]
    assert (condition.holds, condition.rows, condition.inner) == (None, [], [])
    assert condition.missing == ["teams.view_teamnotebook", "teams.view_teamnotebookmember"]
    text = text_of(browser, "explain/", **asked)
    assert f"TeamNotebookMember {notebook.members.get().pk}" not in text
    assert "Hidden: you need teams.view_teamnotebook, teams.view_teamnotebookmember." in text


def test_users_are_not_named_without_the_permission_to_view_them(
    staff: Any, anna: User, shared: TeamNote
) -> None:
    browser = staff(*(each for each in SEES_ALL if each != "accounts.view_user"))
    row = f"teamnote:{shared.pk}"
    text = text_of(browser, "row/", row=row)
    assert "1 user whom the rules name; 1 of them you may not view" in text and "anna" not in text.lower()
    for page in ("explain/", "user/", "rows/"):
        for name in ("anna@example.org", "missing@example.org"):
            assert "You may not view accounts.User" in text_of(
                browser, page, row=row, user=name, model="teamnote"
            ), page
    assert found(browser, "explain/", row=row, user="nobody")["answers"][0].allowed is False


def test_rows_that_the_operators_list_leaves_out_are_not_there(
    staff: Any, anna: User, shared: TeamNote, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(request: HttpRequest) -> QuerySet[Any]:
        return TeamNote.objects.none()

    browser = staff(*SEES_ALL)
    row = f"teamnote:{shared.pk}"
    assert found(browser, "row/", row=row)["count"] == 1
    monkeypatch.setattr(admin.site.get_model_admin(User), "get_queryset", lambda request: User.objects.none())
    assert (found(browser, "row/", row=row)["users"], found(browser, "row/", row=row)["hidden"]) == ([], 1)
    assert "No user has the e-mail address" in text_of(browser, "user/", user=anna.pk)
    monkeypatch.undo()
    monkeypatch.setattr(admin.site.get_model_admin(TeamNote), "get_queryset", none)
    assert "There is no teams.TeamNote with the key" in text_of(browser, "row/", row=row)
    assert found(browser, "rows/", user="anna@example.org", model="teamnote")["table"]["rows"] == []
    counts = {
        each.model._meta.label: each.answers for each in found(browser, "user/", user=anna.pk)["models"]
    }
    assert counts["teams.TeamNote"]["read"] == 0


def test_the_menu_and_the_links_lead_to_the_pages(root: Client, anna: User, shared: TeamNote) -> None:
    page = root.get(f"/admin/teams/teamnote/{shared.pk}/change/").content.decode()
    assert f'href="/admin/access/row/?row=teams.teamnote%3A{shared.pk}"' in page and ACCESS in page
    assert (
        "Who can see this"
        not in root.get(f"/admin/teams/team/{Team.objects.create().pk}/change/").content.decode()
    )
    page = root.get(f"/admin/accounts/user/{anna.pk}/change/").content.decode()
    assert 'href="/admin/access/user/?user=anna%40example.org"' in page


def test_without_the_permission_there_are_no_links(staff: Any, shared: TeamNote) -> None:
    page = staff("teams.view_teamnote").get(f"/admin/teams/teamnote/{shared.pk}/change/")
    assert page.status_code == 200 and ACCESS not in page.content.decode()


# Input and cost -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "question", "message"),
    [
        ("explain/", {"row": "teamnote", "user": "nobody"}, "'teamnote' is not a valid row"),
        ("explain/", {"row": "nothing:1", "user": "nobody"}, "There is no model 'nothing'"),
        ("explain/", {"row": "teamnote:x", "user": "nobody"}, "'x' is not a valid key of teams.TeamNote"),
        (
            "explain/",
            {"row": f"teamnote:{'9' * 300}", "user": "nobody"},
            "is not a valid key of teams.TeamNote",
        ),
        ("explain/", {"row": "teamnote:-1", "user": "nobody"}, "There is no teams.TeamNote with the key -1"),
        ("explain/", {"row": "9" * 5000, "user": "nobody"}, "at most 400 characters"),
        ("explain/", {"row": "session:1", "user": "nobody"}, "is the name of several models"),
        ("explain/", {"row": "sessions.session:a:b", "user": "nobody"}, "There is no sessions.Session"),
        (
            "explain/",
            {"row": "teamnote:1", "user": "nobody@example.org"},
            "No user has the e-mail address or id",
        ),
        (
            "explain/",
            {"row": "teamnote:1", "user": str(uuid.uuid4())},
            "No user has the e-mail address or id",
        ),
        ("explain/", {"row": "teamnote:1", "user": "nobody", "action": "burn"}, "Select a valid choice"),
        ("explain/", {"user": "nobody"}, "This field is required"),
        ("row/", {"row": "teamnote:1", "page": "9" * 5000}, "There is no teams.TeamNote"),
        ("rows/", {"user": "nobody", "model": "team"}, "teams.Team has no rules"),
        ("rows/", {"user": "nobody", "model": "teamnote", "after": "x"}, "'x' is not a valid key"),
        ("user/", {"user": "a" * 300}, "at most 254 characters"),
    ],
)
def test_bad_input_is_a_message(root: Client, page: str, question: dict[str, str], message: str) -> None:
    answer = root.get(f"{ACCESS}{page}", question)
    assert answer.status_code == 200
    assert message in str(answer.context["form"].errors).replace("&#x27;", "'")
    assert answer.context["found"] is None


@pytest.mark.parametrize("name", ["row", "user", "after", "model"])
def test_nul_is_refused_before_the_page_reads_it(root: Client, name: str) -> None:
    asked = {"row": "teamnote:1", "user": "nobody", "model": "teamnote", name: "a\0"}
    assert root.get(f"{ACCESS}rows/", asked).status_code == 400


def test_a_model_without_rules_is_closed(root: Client) -> None:
    row = f"team:{Team.objects.create().pk}"
    assert "closed to clients" in text_of(root, "explain/", row=row, user="nobody")
    assert "closed to clients" in text_of(root, "row/", row=row)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_as_much_for_few_rows_as_for_many(
    root: Client, anna: User, shared: TeamNote, notebook: TeamNotebook, page: str
) -> None:
    asked = {"row": f"teamnote:{shared.pk}", "user": "anna@example.org", "model": "teamnote"}

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            text_of(root, page, **asked)
        return len(captured)

    queries()
    few = queries()
    for number in range(40):
        user = User.objects.create_user(f"user{number}@example.org")
        TeamNotebookMember.objects.create(notebook=notebook, user_id=user.pk, may_write=True)
        TeamNote.objects.create(notebook=notebook, owner_id=user.pk)
    counted = len(rule_classes.models()) * len(reach.STORED) if page == "user/" else 0
    assert queries() == few <= 45 + 6 * counted
