"""Apps of the platform that a project leaves out: everything else works, and what needs them says so."""

from __future__ import annotations

import json
import os
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from tests import postgres, preloaded
from tests.config import small_project
from tests.processes import environment

ALL = ("files", "realtime", "tasks", "monitoring")


@pytest.fixture
def database(transactional_db: None) -> Iterator[str]:
    """A fresh, empty database: its address."""
    name = f"left_out_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres.server(), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield f"{environment()['DATABASE_URL'].rpartition('/')[0]}/{name}"
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(folder: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    of_tests = ("PODIUM_", "PYTEST_", "DJANGO_")
    given = {key: value for key, value in os.environ.items() if not key.startswith(of_tests)}
    base = {
        **given,
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": "a" * 25 + "b" * 25 + "cdefghij",
        "DATABASE_URL": "postgresql://127.0.0.1:1/x",
        "ALLOWED_HOSTS": "127.0.0.1,testserver",
        "PUBLIC_URL": "https://api.example.com",
        "DEFAULT_FROM_EMAIL": "hello@example.com",
        "REQUIRE_SECOND_FACTOR": "nobody",
        "MEDIA_ROOT": str(folder / "media"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PODIUM_VENV": "off",
        "PYTHONPATH": f"{folder}:{small_project.CHECKOUT}",
    }
    return preloaded.run(command, folder=folder, environment={**base, **more})


def tried(tmp_path: Path, database: str, *left_out: str) -> dict[str, Any]:
    folder = tmp_path / "shop"  # the clients are named after the folder
    folder.mkdir()
    small_project.write(folder, *left_out)
    done = run(folder, small_project.__file__, DATABASE_URL=database)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("left_out", [(), *((each,) for each in ALL), ALL], ids=lambda apps: "+".join(apps))
def test_a_project_works_without(tmp_path: Path, database: str, left_out: tuple[str, ...]) -> None:
    found = tried(tmp_path, database, *left_out)
    assert "no issues" in found["check"]
    assert found["clients"] == ["dart", "python", "typescript"]
    assert found["hello"] == [200, '"Hello Anna"']
    assert found["signed_in"]

    checks = {"database", "migrations", "redis"}
    checks |= set() if "files" in left_out else {"storage"}
    checks |= set() if "tasks" in left_out else {"scheduled_calls"}
    checks |= set() if {"tasks", "monitoring"} & set(left_out) else {"workers", "scheduler"}
    assert set(found["health"]["checks"]) == checks
    bad = {name for name, status in found["health"]["checks"].items() if status != "pass"}
    assert found["health"]["ready"] and bad <= {"workers", "scheduler"}  # none was started

    assert found["upload"] == 404
    off = [501, "Streams are off on this server: it leaves out the app realtime.\n"]
    assert found["socket"] == (off if "realtime" in left_out else [101, ""])
    assert set(found["admin"].values()) == {200}
    assert not [page for page in found["admin"] for app in left_out if page.startswith(f"/admin/{app}/")]


def test_an_app_that_is_needed_or_unknown_is_refused_with_the_reason(tmp_path: Path) -> None:
    small_project.write(tmp_path, "accounts", "fils")
    said = run(tmp_path, "manage.py", "check")
    assert said.returncode == 1
    assert 'leave_out("accounts"): accounts can\'t be left out: its user model' in said.stderr
    assert (
        'leave_out("fils"): no such app. These can be left out: files, realtime, tasks, monitoring'
        in said.stderr
    )


def test_code_that_needs_a_left_out_app_names_it(tmp_path: Path) -> None:
    small_project.write(tmp_path, "tasks", "realtime")
    code = (
        "import django; django.setup()\n"
        "from podium.server import preflight; print(*preflight.default_roles()); preflight.refuse_roles(['web'])\n"
        "import config.celery"
    )
    (tmp_path / "code.py").write_text(code)
    said = run(tmp_path, "code.py")
    assert (said.returncode, said.stdout) == (3, "web\n")
    assert (
        "The worker and the scheduler can't start: config/settings.py leaves out the app tasks" in said.stderr
    )
    endpoints = tmp_path / "hello" / "endpoints.py"
    plain = endpoints.read_text()
    stream = "    async def watch(self, call: Call) -> AsyncIterator[int]:\n        yield 1\n"
    endpoints.write_text(f"from collections.abc import AsyncIterator\n{plain}\n{stream}")
    with (tmp_path / "config" / "settings.py").open("a") as file:
        file.write("ACCOUNTS_DELETION_DAYS = 30\n")
    said = run(tmp_path, "manage.py", "check")
    assert (
        "(endpoints.E004) hello.watch is a stream, but config/settings.py leaves out the app realtime"
        in said.stderr
    )
    assert (
        "(accounts.E013) ACCOUNTS_DELETION_DAYS is 30, but the project leaves out the app tasks"
        in said.stderr
    )
    endpoints.write_text(f"from tasks.scheduling import schedule\n{plain}")
    said = run(tmp_path, "manage.py", "check")
    assert (
        "hello/endpoints.py:1: this needs the app tasks, which config/settings.py leaves out" in said.stderr
    )


def test_leaving_out_below_another_list_of_apps_is_reported(tmp_path: Path) -> None:
    small_project.write(tmp_path)
    (tmp_path / "config/settings.py").write_text(
        "from podium.settings import *\n"
        "from podium.settings import INSTALLED_APPS, leave_out\n"
        'INSTALLED_APPS = [*INSTALLED_APPS, "notes"]\n'
        'leave_out("files")\n'
    )
    done = run(tmp_path, "manage.py", "check")
    assert done.returncode == 1
    assert "leave_out(...) names files, but INSTALLED_APPS still has it" in done.stderr
