"""`manage.py test` next to a running `manage.py dev`: an app's tests do not affect the development set-up."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from podium.dev import testing
from tests.newcomer.checkout import Checkout, Development
from tests.notes import generated

pytestmark = pytest.mark.slow

TESTS = """
import time
from datetime import timedelta
from django.core import mail
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import TransactionTestCase, override_settings

from podium.dev.mailbox import text_message
from podium.endpoints.testing import call
from monitoring.recorder import recorder
from notes.models import Note
from notes.tasks import remind
from realtime import messages
from tasks.models import Job, State
from tasks.scheduling import schedule


class TestOfAnApp(TransactionTestCase):
    def test_all_that_leaves_traces(self):
        cache.set("seen", "by the test")
        assert default_storage.save("trace.txt", ContentFile(b"trace"))
        mail.send_mail("trace", "trace", "a@example.com", ["b@example.com"])
        text_message("+4912345", "trace")
        assert call("greeting.hello", name="trace")
        note = Note.objects.create(title="trace", tags=[], owner_id="01a22ba2-11c1-7699-b2b3-a7d5884afcdb")
        waiting = schedule(remind, note_id=note.pk, after=timedelta(0))
        messages.publish_sync("trace", "trace")
        with override_settings(MONITORING_ENABLED=True):
            assert call("greeting.hello", name="trace")
            recorder.flush()
        time.sleep(3)  # a worker of development would have taken the call by now
        assert Job.objects.get(pk=waiting.pk).state == State.PENDING
        cache.clear()
"""

DJANGOS_RUNNER = """
import django
django.setup()
from django.conf import settings
from django.test.utils import get_runner
raise SystemExit(get_runner(settings)(verbosity=0, interactive=False).run_tests(["shop.tests"]))
"""


class Copy(Checkout):
    """A checkout with its own development services, using this environment's packages."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.python = Path(sys.executable)
        generated.move_into(self.folder)
        tests = self.folder / "shop"
        tests.mkdir()
        (tests / "__init__.py").touch()
        (tests / "tests.py").write_text(TESTS)
        (tests / "test_shop.py").write_text("from shop.tests import TestOfAnApp  # noqa: F401\n")

    def environment(self, **more: str) -> dict[str, str]:
        return {**super().environment(**more), "PODIUM_VENV": "off"}

    @property
    def sockets(self) -> Path:
        name = (self.folder / ".podium" / "name").read_text()
        [found] = Path("/tmp").glob(f"{name}-*")
        return found

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.python, *words],
            cwd=self.folder,
            env=self.environment(DJANGO_SETTINGS_MODULE="config.settings", **more),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    made = Copy(tmp_path_factory.mktemp("beside dev"))
    running = Development(made).ready()
    yield made
    running.interrupt()


def everything(copy: Copy) -> dict[str, object]:
    """The keys, rows and files of development, except those that its own worker and scheduler write meanwhile."""
    kept: dict[str, object] = {}
    for number in range(testing.REDIS_DATABASE):
        with redis.Redis(unix_socket_path=str(copy.sockets / "valkey.sock"), db=number) as client:
            kept |= {
                f"key {number} {key!r}": client.dump(key) for key in client.scan_iter() if b"kombu" not in key
            }
    with psycopg.connect(host=str(copy.sockets), user="podium", dbname="podium") as connection:
        named = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        for (table,) in connection.execute(named).fetchall():
            if not table.startswith(
                ("django_celery_beat", "monitoring_heartbeat")
            ):  # dev's own processes write these
                rows = connection.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1').fetchall()
                kept[f"table {table}"] = rows
    for path in (copy.folder / ".podium").rglob("*"):
        if path.is_file() and path.suffix not in (".log", ".lock") and "postgres" not in str(path):
            kept[f"file {path.name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    return kept


@pytest.mark.parametrize(
    "words", [("manage.py", "test", "shop"), ("-m", "pytest", "shop"), ("-c", DJANGOS_RUNNER)]
)
def test_tests_of_an_app_touch_nothing_of_development(copy: Copy, words: tuple[str, ...]) -> None:
    with redis.Redis(unix_socket_path=str(copy.sockets / "valkey.sock")) as client, client.pubsub() as heard:
        client.set(":1:podium:signed-in", "the developer")
        heard.psubscribe("podium:*")
        before = everything(copy)
        ran = copy.run(*words, PODIUM_TESTING="1" if words[0] == "-c" else "")
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert everything(copy) == before
        assert b"signed-in" in b" ".join(client.keys())
        messages = iter(lambda: heard.get_message(timeout=0.2), None)
        assert [each for each in messages if each["type"] == "pmessage"] == []


def test_djangos_own_runner_refuses_the_settings_of_development(copy: Copy) -> None:
    before = everything(copy)
    ran = copy.run("-c", DJANGOS_RUNNER)
    assert ran.returncode != 0 and "manage.py test" in ran.stderr
    assert everything(copy) == before


def test_a_test_run_with_given_addresses_keeps_to_databases_of_its_own() -> None:
    assert testing.redis_url("redis://:secret@redis:6379/0") == "redis://:secret@redis:6379/15"
    assert testing.redis_url("rediss://redis") == "rediss://redis/15"
    assert testing.redis_url("unix:///run/redis.sock?db=3&x=y") == "unix:///run/redis.sock?db=15&x=y"
    assert testing.redis_url(testing.redis_url("unix:///run/redis.sock")) == "unix:///run/redis.sock?db=15"
    assert testing.database_name("podium") == testing.database_name("test_podium") == "test_podium"
