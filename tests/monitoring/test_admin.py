"""The operations pages of the admin, as an operator opens them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from monitoring.models import CallLog
from podium.core import clock, observe
from podium.core.observe import LogLine, Query
from tasks.models import Job, State

CALLS = "/admin/monitoring/calllog/"
SCHEDULED = "/admin/tasks/job/"


@pytest.fixture
def make_call(logged):
    """make_call(name, ...) puts one call in the log."""

    def make(name: str, *, seconds: float = 0.01, error: str = "", status: int = 200) -> CallLog:
        with observe.span("call", name) as span:
            span.status, span.error = status, error
            span.add_query(Query('SELECT "id" FROM "note" WHERE "id" = %s', 0.002))
            span.logs.append(LogLine(clock.now(), 20, "on the way"))
        entry = logged().latest("id")
        CallLog.objects.filter(pk=entry.pk).update(seconds=seconds)
        return entry

    return make


def test_the_front_page_shows_what_an_operator_wants_to_know_first(make_call, operator):
    make_call("notes.listNotes", seconds=0.25)
    failed = make_call("notes.getNote", error="Traceback\nValueError: broken", status=500)
    Job.objects.create(task="notes.remind", state=State.FAILED)
    page = operator.get("/admin/")
    text = page.content.decode()
    figures = {figure["title"]: figure["value"] for figure in page.context["figures"]}
    assert figures["Calls, last hour"] == "2"
    assert figures["Broken"] == "50.0 %"
    assert figures["Tasks failed"] == "1"
    assert page.context["slowest"][0]["name"] == "notes.listNotes"
    assert f"{CALLS}{failed.pk}/change/" in text
    assert "ValueError: broken" in text


def test_the_front_page_works_on_an_empty_server(operator):
    assert operator.get("/admin/").status_code == 200


def test_the_list_of_calls_finds_the_failed_and_the_slow(make_call, operator):
    make_call("notes.quick")
    make_call("notes.slow", seconds=3)
    make_call("notes.broken", error="ValueError: broken", status=500)
    make_call("notes.refused", error="NotSignedIn: sign in", status=401)

    def names(query: str) -> set[str]:
        page = operator.get(f"{CALLS}?{query}")
        assert page.status_code == 200
        return {call.name for call in page.context["cl"].result_list}

    assert names("") == {"notes.quick", "notes.slow", "notes.broken", "notes.refused"}
    assert names("outcome=failed") == {"notes.broken", "notes.refused"}
    assert names("outcome=broken") == {"notes.broken"}
    assert names("outcome=slow") == {"notes.slow"}
    assert names("q=notes.sl") == {"notes.slow"}


def test_the_list_of_calls_asks_the_same_number_of_queries_for_one_and_for_many(make_call, operator):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            operator.get(CALLS)
        return len(captured)

    make_call("notes.first")
    operator.get(CALLS)
    for_one = queries()
    for number in range(10):
        make_call(f"notes.call{number}")
    assert queries() == for_one


def test_users_are_shown_by_name(operator, anna, logged):
    for user_id in [str(anna.pk), "gone", ""]:
        with observe.span("call", "notes.listNotes") as span:
            span.user_id = user_id
    entry = logged().get(user_id=str(anna.pk))
    text = operator.get(CALLS).content.decode()
    assert "anna@example.com" in text
    assert "gone" in text
    assert "anna@example.com" in operator.get(f"{CALLS}{entry.pk}/change/").content.decode()


def test_a_call_shows_its_queries_lines_and_traceback_and_can_not_be_changed(make_call, operator):
    entry = make_call("notes.getNote", error="Traceback of it\nValueError: <b>", status=500)
    page = operator.get(f"{CALLS}{entry.pk}/change/")
    text = page.content.decode()
    assert "SELECT &quot;id&quot; FROM &quot;note&quot;" in text
    assert "on the way" in text
    assert "Traceback of it" in text
    assert "ValueError: &lt;b&gt;" in text
    assert 'name="_save"' not in text
    assert operator.post(f"{CALLS}{entry.pk}/change/", {"name": "other"}).status_code == 403
    assert operator.post(f"{CALLS}{entry.pk}/delete/", {"post": "yes"}).status_code == 403
    assert operator.get(f"{CALLS}add/").status_code == 403


def test_an_operator_runs_failed_tasks_again_and_cancels_pending_ones(operator, transactional_db):
    failed = Job.objects.create(
        task="notes.remind", state=State.FAILED, attempts=1, last_error="Traceback\nValueError: broken"
    )
    pending = Job.objects.create(task="notes.remind")
    assert "ValueError: broken" in operator.get(SCHEDULED).content.decode()
    assert "ValueError: broken</pre>" in operator.get(f"{SCHEDULED}{failed.pk}/change/").content.decode()
    for action in ["cancel", "retry"]:
        chosen = [str(failed.pk)] if action == "retry" else [str(failed.pk), str(pending.pk)]
        operator.post(SCHEDULED, {"action": action, "_selected_action": chosen})
    failed.refresh_from_db()
    pending.refresh_from_db()
    assert (failed.state, failed.max_attempts) == (State.PENDING, 2)
    assert pending.state == State.CANCELLED


def test_staff_without_permission_see_nothing_of_it(client, make_call):
    entry = make_call("notes.getNote")
    client.force_login(User.objects.create_user("staff@example.com", "long enough 1", is_staff=True))
    assert client.get(CALLS).status_code == 403
    assert client.get(f"{CALLS}{entry.pk}/change/").status_code == 403
    assert client.get(SCHEDULED).status_code == 403
    assert "notes.getNote" not in client.get("/admin/").content.decode()
