"""/livez and /readyz, as a supervisor asks them."""

from __future__ import annotations

import time

import pytest

from accounts.models import User
from monitoring import health


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


def test_a_ready_server_says_so_and_tells_strangers_no_more(db, client, settings):
    settings.DEBUG = False
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True})
    client.force_login(User.objects.create_superuser("admin@example.com", "long enough 1"))
    assert client.get("/readyz").json()["checks"] == {"database": "ok", "bus": "ok"}


def test_a_server_without_its_bus_is_not_ready_and_says_why_in_development(db, client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.DEBUG = False
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False})
    settings.DEBUG = True
    checks = client.get("/readyz").json()["checks"]
    assert checks["database"] == "ok"
    assert "refused" in checks["bus"]


def test_a_check_that_hangs_fails_in_time(db, client, settings, monkeypatch):
    settings.MONITORING_CHECK_SECONDS = 0.2
    settings.DEBUG = True
    monkeypatch.setitem(health.CHECKS, "slow", lambda: time.sleep(1))
    started = time.monotonic()
    answer = client.get("/readyz")
    assert time.monotonic() - started < 0.9
    assert answer.status_code == 503
    assert answer.json()["checks"]["slow"] == "no answer within 0.2 s"


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_answers_are_not_kept_by_caches(db, client, path):
    assert client.get(path)["Cache-Control"] == "no-store"
