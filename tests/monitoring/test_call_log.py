"""The contents of the call log for calls and tasks."""

from __future__ import annotations

import logging
import os
import threading
import time
from datetime import timedelta

import psycopg
import pytest
from django.db import OperationalError, connection

from accounts.models import User
from monitoring import dashboard, recorder, retention, slow_calls
from monitoring.models import CallLog, QueryLog
from podium.core import clock, observe
from podium.database import watch
from podium.endpoints.testing import call
from tasks import queue
from tasks.models import Job
from tests.notes.models import Note, NoteNotFoundException


def test_a_call_is_logged_with_time_duration_and_its_queries(logged, anna):
    before = clock.now()
    call("notes.create_note", user=anna, note=Note(title="a secret title", tags=[]))
    entry = logged().get(name="notes.createNote")
    assert (entry.kind, entry.error) == ("call", "")
    assert before <= entry.time <= clock.now()
    assert 0 < entry.query_seconds < entry.seconds
    statements = list(entry.queries.values_list("sql", flat=True))
    assert len(statements) == entry.query_count > 0
    assert any(statement.startswith('INSERT INTO "note"') for statement in statements)
    assert not any("secret" in statement for statement in statements)
    assert entry.server.endswith(f":{os.getpid()}")


def test_a_failed_call_is_logged_with_its_error(logged, anna):
    with pytest.raises(NoteNotFoundException):
        call("notes.get_note", user=anna, note_id=4)
    assert "NoteNotFoundException" in logged().get(name="notes.getNote").error


def test_of_a_long_text_the_beginning_and_the_end_are_kept(logged):
    long = "first " + "x" * 400_000 + " last"
    with observe.span("call", "notes.get") as span:
        span.error = long
        span.logs.append(observe.LogLine(clock.now(), logging.INFO, long))
        span.add_query(observe.Query(long, 0.1))
    entry = logged().get()
    for kept in (entry.error, entry.lines.get().message, entry.queries.get().sql):
        assert len(kept) < recorder.TEXT_LENGTH + 100
        assert (kept[:6], kept[-5:]) == ("first ", " last")


def test_lines_of_a_call_and_odd_characters_are_kept(logged):
    with observe.span("stream", "notes.watch\x00Notes") as span:
        span.user_id = "someone"
        span.logs.append(observe.LogLine(clock.now(), logging.WARNING, "half\x00way"))
    entry = logged().get(kind="stream")
    assert (entry.name, entry.user_id) == ("notes.watch\\0Notes", "someone")
    assert list(entry.lines.values_list("level", "message")) == [(logging.WARNING, "half\\0way")]


def test_a_record_that_postgres_refuses_loses_no_other(logged):
    with observe.span("call", "notes.\udcff") as span:
        span.error = "no file \udc80\\N \t\r\n 日本 '\"; DROP"
        span.add_query(observe.Query("SELECT '\ud800'", 0.1))
    with observe.span("call", "next.call"):
        pass
    odd, _ = logged().order_by("id")
    assert (odd.name, odd.error) == ("notes.\\udcff", "no file \\udc80\\N \t\r\n 日本 '\"; DROP")
    assert odd.queries.get().sql == "SELECT '\\ud800'"


@pytest.mark.parametrize(
    ("column", "value"), [("query_count", 2**80), ("status", None), ("seconds", "long"), ("kind", object())]
)
def test_a_record_that_cant_be_stored_takes_no_other_with_it(column, value, logged, caplog):
    for number in range(20):
        with observe.span("call", f"calls.number{number}") as span:
            pass
        if number == 7:
            setattr(span, column, value)
    assert {each.name for each in logged()} == {
        f"calls.number{number}" for number in range(20) if number != 7
    }
    assert "the record of calls.number7 could not be written" in caplog.text


def test_a_failed_task_is_logged_with_its_traceback(logged):
    scheduled = Job(task="gone.away", user_id="someone")
    queue.put(scheduled)
    queue.run(str(scheduled.pk))
    entry = logged().get(kind="task")
    assert (entry.name, entry.user_id) == ("gone.away", "someone")
    assert "Traceback" in entry.error
    assert "There is no task gone.away" in entry.error


def test_the_thread_writes_by_itself_and_logs_nothing_of_its_own(logged, settings):
    with observe.span("call", "some.call"):
        pass
    end = time.monotonic() + 10
    while not CallLog.objects.exists():
        assert time.monotonic() < end
        time.sleep(0.05)
    assert CallLog.objects.get().query_count == 0
    assert not QueryLog.objects.exists()


def test_records_that_do_not_fit_are_dropped_and_counted(logged, settings, caplog, monkeypatch):
    settings.MONITORING_QUEUE, settings.MONITORING_FLUSH_SECONDS = 3, 60
    monkeypatch.setattr(recorder, "recorder", recorder.Recorder())
    started = time.monotonic()
    for _ in range(10):
        with observe.span("call", "some.call"):
            pass
    assert time.monotonic() - started < 1
    assert logged().count() == 3
    assert "7 calls were not logged" in caplog.text
    recorder.recorder.stop()


def test_a_database_that_fails_does_not_fail_the_call(logged, caplog):
    with connection.cursor() as cursor:
        cursor.execute('ALTER TABLE "monitoring_calllog" RENAME TO "away"')
    try:
        with observe.span("call", "some.call"):
            pass
        recorder.recorder.flush()
    finally:
        with connection.cursor() as cursor:
            cursor.execute('ALTER TABLE "away" RENAME TO "monitoring_calllog"')
    assert "the record of some.call could not be written" in caplog.text
    with observe.span("call", "next.call"):
        pass
    assert logged().get().name == "next.call"


@pytest.mark.parametrize(
    "cause", [watch.Unavailable("away"), psycopg.OperationalError("lost"), psycopg.errors.DeadlockDetected()]
)
def test_while_the_database_is_away_records_wait_for_it(cause, logged, caplog, monkeypatch):
    store, tries = recorder.store, []

    def away(spans):
        tries.append(len(spans))
        if len(tries) < 3:
            raise OperationalError from cause
        store(spans)

    monkeypatch.setattr(recorder, "BATCH", 4)
    monkeypatch.setattr(recorder, "store", away)
    for number in range(10):
        with observe.span("call", f"calls.number{number}"):
            pass
    recorder.recorder.flush()
    assert [each.name for each in logged()] == []
    assert [each.name for each in logged()] == [f"calls.number{number}" for number in range(10)]
    assert tries == [4, 4, 4, 4, 2]
    assert "not" not in caplog.text


def test_records_that_wait_at_the_end_are_reported(logged, caplog, monkeypatch):
    def away(spans):
        raise OperationalError from watch.Unavailable("away")

    monkeypatch.setattr(recorder, "store", away)
    own = recorder.Recorder()
    own.take(observe.Span("call", "some.call", clock.now()))
    own.stop()
    assert "1 calls were not logged: the database is not available" in caplog.text


def test_many_threads_lose_nothing(logged):
    def calls() -> None:
        for _ in range(100):
            with observe.span("call", "some.call"):
                pass

    threads = [threading.Thread(target=calls) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert logged().count() == 400


def test_a_span_without_queries_outside_of_calls_is_untouched(db):
    assert observe.current() is None
    assert not User.objects.exists()
    assert not CallLog.objects.exists()


def test_old_calls_go_and_so_does_what_is_beyond_the_number(logged, settings):
    settings.MONITORING_KEEP_DAYS, settings.MONITORING_KEEP_CALLS = 3, 5
    for days in [4, 5, 2, 1, 1, 1, 0, 0]:
        with observe.span("call", "some.call") as span:
            span.started_at -= timedelta(days=days)
            span.add_query(observe.Query("SELECT 1", 0.1))
    assert logged().count() == 8
    assert retention.delete_old() == 3
    left = clock.now() - CallLog.objects.order_by("time")[0].time
    assert timedelta(hours=23) < left < timedelta(days=2)
    assert (CallLog.objects.count(), QueryLog.objects.count()) == (5, 5)


def test_of_many_quick_successes_some_have_a_record_and_one_counts_the_others(logged, settings, monkeypatch):
    settings.MONITORING_FLUSH_SECONDS, settings.MONITORING_RECORDS_PER_METHOD = 60, 3
    monkeypatch.setattr(recorder, "recorder", recorder.Recorder())
    for number in range(10):
        with observe.span("call", "some.call") as span:
            span.status = 200
            span.error = "refused" if number == 7 else ""
    with observe.span("call", "other.call") as span:
        span.status = 200
    counts = list(logged().filter(name="some.call").order_by("id").values_list("error", "count"))
    assert sorted(counts) == [("", 1), ("", 1), ("", 1), ("", 6), ("refused", 1)]
    assert logged().get(name="other.call").count == 1
    recorder.recorder.stop()


def test_records_that_count_others_weigh_as_much(logged):
    now = clock.now()
    for seconds, count in ((0.001, 90), (0.1, 9), (1.0, 1)):
        CallLog.objects.create(
            time=now, kind="call", name="some.call", status=200, seconds=seconds, count=count
        )
    figures = {each["title"]: each["value"] for each in dashboard._figures(CallLog.objects.all())}
    assert figures["Calls, last hour"] == "100"
    assert (figures["Median time"], figures["95th percentile"]) == ("1.0 ms", "100.0 ms")
    [slowest] = slow_calls.slowest_methods(CallLog.objects.all())
    assert slowest["calls"] == 100
    assert slowest["average"] == pytest.approx(19.9)


def test_each_slow_call_has_a_record(logged, settings, monkeypatch):
    settings.MONITORING_FLUSH_SECONDS, settings.MONITORING_RECORDS_PER_METHOD = 60, 1
    monkeypatch.setattr(recorder, "recorder", recorder.Recorder())
    for seconds in (0.1, 0.1, 3.0, 0.1, 4.0):
        recorder.take(observe.Span("call", "some.call", clock.now(), status=200, seconds=seconds))
    slow = slow_calls.of(logged()).values_list("seconds", "count")
    assert sorted(slow) == [(3.0, 1), (4.0, 1)]
    assert CallLog.objects.get(count=2).seconds == 0.1
    recorder.recorder.stop()
