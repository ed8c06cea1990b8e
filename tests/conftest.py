"""Rules for all tests."""

from __future__ import annotations

import functools
import gc
import importlib
import os
import signal
import ssl
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import TransactionTestCase

from tests import flushing
from tests.notes import generated


def pytest_configure() -> None:
    """Prepare this process, and those that it starts.

    Ctrl-C ends them, also where it is ignored from the start: in a job in the background. They keep the modules that
    they compile, although containers often forbid it: compiling all of Podium takes a start of the server 0.3 s.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark quick tests with a database as `reads`: those that are worth running with READS=orm as well.

    Commands of the project `shop` migrate tables and read no rows.
    """
    fixtures = _fixtures(item)
    has_rows = {"db", "transactional_db"} & fixtures or item.get_closest_marker("django_db")
    if has_rows and "shop" not in fixtures and not item.get_closest_marker("slow"):
        item.add_marker("reads")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On several processes, begin with the files that have slow tests: one that begins last keeps all others waiting.

    One file makes the environment of the fixture `installed`; the others with it come last of these, so as not to wait.
    Without --no-loadscope-reorder, pytest-xdist would begin with the files that have many tests.
    """
    if hasattr(config, "workerinput"):
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        sharing = sorted({item.path for item in items if "installed" in _fixtures(item)})
        items.sort(
            key=lambda item: (item.path not in slow, item.path in sharing[1:], item.path not in sharing[:1])
        )


def _fixtures(item: pytest.Item) -> set[str]:
    return {*getattr(item, "fixturenames", ())}


def pytest_collection_finish() -> None:
    """Leave out what is loaded by now from all later garbage collections, so that one takes milliseconds."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def nothing_is_recorded(settings: Any) -> None:
    """The call log is written by a thread with a connection of its own, past a test's transaction and its end.

    A test that looks at the log sets settings.MONITORING_ENABLED = True and calls recorder.flush().
    """
    settings.MONITORING_ENABLED = False


@pytest.fixture(scope="session", autouse=True)
def quick_flush() -> Iterator[None]:
    """Empty the tables after a test with `transactional_db` by tests/flushing.py."""
    by_django = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            TransactionTestCase, "_fixture_teardown", lambda case: flushing.flush(lambda: by_django(case))
        )
        yield


@pytest.fixture(scope="session", autouse=True)
def database_of_a_worker(request: pytest.FixtureRequest) -> None:
    """Make the test database of a worker of pytest-xdist before its first test, which may be an async one."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        request.getfixturevalue("django_db_setup")


@pytest.fixture(scope="session", autouse=True)
def certificates_are_loaded_once() -> Iterator[None]:
    """Share the TLS context of httpx's clients: to make one takes some 30 ms, although these tests speak plain HTTP."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", functools.cache(ssl.create_default_context))
        yield


@pytest.fixture(scope="module", autouse=True)
def nothing_is_left_open() -> Iterator[None]:
    """Collect garbage after each file of tests, so that a socket it left open fails that file, not a later one."""
    yield
    gc.collect()


@pytest.fixture(scope="session")
def python_client(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The generated Python client of the tests' server, as the package that apps import."""
    folder = generated.write_client("python", tmp_path_factory.mktemp("python-client"))
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        importlib.import_module("notes_client.runtime.auth")
        return importlib.import_module("notes_client")
