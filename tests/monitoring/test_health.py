"""/livez and /readyz, as a supervisor asks them."""

from __future__ import annotations

import io
import re
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.checks import registry as checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from accounts.models import User
from monitoring.models import Heartbeat
from podium.core import health, storages
from podium.core.health import conf
from tasks.models import Job

registry = checks.registry


def test_a_live_server_says_so_without_asking_the_database(client):
    answer = client.get("/livez")  # no database mark: a query would fail this test
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_a_supervisor_asks_by_address_and_without_tls(db, client, settings):
    settings.ALLOWED_HOSTS = ["api.example.com"]
    settings.SECURE_SSL_REDIRECT, settings.SECURE_REDIRECT_EXEMPT = True, ["^livez$", "^readyz$"]
    by_address = {"HTTP_HOST": "10.1.2.3:8000"}
    assert client.get("/livez", **by_address).status_code == 200
    assert client.get("/readyz", **by_address).status_code == 200
    assert client.get("/admin/login/", **by_address).status_code == 400


ALL = ["database", "migrations", "workers", "scheduler", "scheduled_calls", "redis", "storage"]


def checked_again() -> None:
    for probe in health.PROBES:
        probe.forget()


@pytest.fixture(autouse=True)
def checked_anew() -> None:
    checked_again()


@pytest.fixture
def running(transactional_db: None) -> None:
    """A worker and a scheduler have just written a heartbeat."""
    for kind in Heartbeat.Kind:
        Heartbeat.objects.create(name=f"a {kind}", kind=kind, seen_at=timezone.now())


def test_a_server_in_full_health_says_so_and_tells_strangers_no_more(running, client, settings, tmp_path):
    settings.DEBUG = False
    settings.STORAGES = {**settings.STORAGES, "default": storages.backend("", folder=str(tmp_path))}
    expected = {"ready": True, "status": "pass", "checks": dict.fromkeys(ALL, "pass")}
    for path in ["/readyz", "/readyz?full"]:
        answer = client.get(path)
        assert (answer.status_code, answer.json()) == (200, expected)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_staff_and_a_token_see_why(running, client, settings):
    settings.DEBUG, settings.MONITORING_TOKEN = False, "secret"
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert "details" not in client.get("/readyz").json()
    assert "details" not in client.get("/readyz", HTTP_AUTHORIZATION="Bearer wrong").json()
    shown = client.get("/readyz", HTTP_AUTHORIZATION="Bearer secret").json()
    assert "refused" in shown["details"]["redis"]
    client.force_login(User.objects.create_superuser("admin@example.com", "long enough 1"))
    assert "refused" in client.get("/readyz").json()["details"]["redis"]


def set_heartbeats(seconds: int, kind: str) -> None:
    Heartbeat.objects.filter(kind=kind).update(seen_at=timezone.now() - timedelta(seconds=seconds))


def no_workers() -> None:
    set_heartbeats(40, "worker")


def no_scheduler() -> None:
    Heartbeat.objects.filter(kind="scheduler").delete()


def late_calls() -> None:
    Job.objects.create(task="mail.send", run_at=timezone.now() - timedelta(seconds=90))


@pytest.mark.parametrize(
    ("check", "breaks", "why"),
    [
        ("workers", no_workers, "no heartbeat for 40 s, the last from a worker"),
        ("scheduler", no_scheduler, "none runs"),
        ("scheduled_calls", late_calls, "mail.send has been due for 90 s"),
    ],
)
def test_a_fault_of_a_shared_service_is_a_warning(running, client, settings, check, breaks, why):
    settings.DEBUG = True
    breaks()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "warn")
    assert answer.json()["checks"][check] == "warn"
    assert answer.json()["details"] == {check: why}
    assert client.get("/readyz?full").status_code == 503


def test_storage_is_written_read_and_has_space(running, client, settings, tmp_path):
    settings.DEBUG = True
    file = tmp_path / "file"
    file.touch()
    settings.STORAGES = {**settings.STORAGES, "default": storages.backend("", folder=str(file / "below"))}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["storage"]) == (200, "warn")
    assert (
        "NotADirectoryError" in answer.json()["details"]["storage"] or "FileExists" in answer.content.decode()
    )

    settings.STORAGES = {**settings.STORAGES, "default": storages.backend("", folder=str(tmp_path))}
    settings.MONITORING_FREE_BYTES = 10**18
    checked_again()
    assert "MB are free" in client.get("/readyz").json()["details"]["storage"]


def test_a_server_whose_migrations_are_not_applied_is_not_ready(running, client, settings):
    settings.DEBUG = True
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("notes", "0001_initial")
    try:
        answer = client.get("/readyz")
    finally:
        recorder.record_applied("notes", "0001_initial")
    assert (answer.status_code, answer.json()["checks"]["migrations"]) == (503, "fail")
    assert answer.json()["details"]["migrations"] == "1 not applied: notes.0001_initial"
    checked_again()
    assert client.get("/readyz").status_code == 200


def test_a_server_without_its_database_is_not_ready_and_the_rest_is_unknown(
    running, client, settings, monkeypatch
):
    settings.DEBUG = True
    monkeypatch.setitem(connection.settings_dict, "NAME", "no_such_database")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "fail")
    assert "no_such_database" in answer.json()["details"]["database"]
    assert answer.json()["details"]["workers"] == "not known without the database"


@pytest.mark.parametrize(("times", "status"), [(1, "pass"), (2, "fail")])
def test_a_connection_that_the_server_ended_is_replaced_once(
    running: None, client: Client, monkeypatch: pytest.MonkeyPatch, times: int, status: str
) -> None:
    ended: list[int] = []

    def ends_its_connection(cursor: Any) -> dict[str, str]:
        if len(ended) < times:
            ended.append(1)
            cursor.execute("SELECT pg_sleep(9) FROM pg_terminate_backend(pg_backend_pid())")
        return {}

    monkeypatch.setitem(health.IN_DATABASE, ("ends",), ends_its_connection)
    assert client.get("/readyz").json()["checks"]["database"] == status
    assert len(ended) == times


def test_a_check_that_hangs_fails_in_time_and_is_not_started_twice(running, client, settings, monkeypatch):
    settings.MONITORING_CHECK_SECONDS = 0.2
    settings.DEBUG = True
    begun, ends = [], threading.Event()

    def hang() -> dict[str, str]:
        begun.append(1)
        ends.wait(30)
        return {}

    probe = health.Probe(("slow",), hang, lambda: 0)
    monkeypatch.setattr(health, "PROBES", [probe])
    started = time.monotonic()
    assert client.get("/readyz").json()["details"]["slow"] == "no answer within 0.2 s"
    assert time.monotonic() - started < 10
    started = time.monotonic()
    for _ in range(5):
        assert client.get("/readyz").json()["checks"]["slow"] == "warn"
    assert time.monotonic() - started < 5
    assert begun == [1]
    ends.set()
    while client.get("/readyz").json()["checks"]["slow"] != "pass":
        assert time.monotonic() - started < 10


def test_outcomes_are_used_for_a_while(running, client, settings, monkeypatch):
    asked = []

    def check() -> dict[str, str]:
        asked.append(1)
        return {}

    probe = health.Probe(("slow",), check, lambda: conf.CHECK_EVERY_SECONDS)
    monkeypatch.setattr(health, "PROBES", [probe])
    for _ in range(5):
        client.get("/readyz")
    assert asked == [1]
    settings.MONITORING_CHECK_EVERY_SECONDS = 0
    client.get("/readyz")
    assert asked == [1, 1]


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_answers_are_not_kept_by_caches(db, client, path):
    assert client.get(path)["Cache-Control"] == "no-store"


# manage.py check ------------------------------------------------------------------------------------------------------


def check(*words: str) -> str:
    said = io.StringIO()
    try:
        call_command("check", *words, stdout=said, stderr=said)
    except SystemCheckError as error:
        return said.getvalue() + str(error)
    finally:
        registry.registered_checks = {
            each
            for each in registry.registered_checks
            if each.__module__ != "podium.server.management.commands.check"
        }
    return said.getvalue()


@pytest.fixture
def messages(settings) -> None:
    settings.SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]


def test_check_reports_the_health_of_the_services_where_they_are_asked_for(running, messages):
    no_workers()
    said = check("--database", "default")
    assert re.search(r"\(health.W003\) workers: no heartbeat for 4\d s", said)
    assert "serve --roles worker" in said
    assert "health." not in check()
    assert "health." not in check("--tag", "models")


def test_check_fails_where_the_database_does(running, monkeypatch, settings):
    monkeypatch.setitem(connection.settings_dict, "NAME", "no_such_database")
    assert "(health.E001) database: " in check("--database", "default")


def test_check_deploy_warns_of_services_and_does_not_fail_by_them(running, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "NAME", "no_such_database")
    assert "(health.W001) database: " in check("--deploy")
