"""`manage.py serve` with real processes: killed, stopped, replaced."""

from __future__ import annotations

import concurrent.futures
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.outages.components import free_port
from tests.outages.stack import wait_until
from tests.serve.project import ENDPOINTS, Project, Serve, ended

pytestmark = pytest.mark.slow


def test_refuses_to_start_with_pending_migrations(project: Project) -> None:
    result = project.manage("serve", f"--bind=127.0.0.1:{free_port()}")
    assert result.returncode == 1
    assert "The database lacks" in result.stderr and "python3 manage.py migrate" in result.stderr


def test_refuses_unsafe_settings_with_its_own_status(project: Project) -> None:
    result = project.manage("serve", ALLOWED_HOSTS="*", DEBUG="true")
    assert result.returncode == 3
    assert "podium.E002" in result.stderr and "podium.E004" in result.stderr


def test_waits_for_postgres_and_reports_it_without_the_password(project: Project) -> None:
    url = f"postgresql://podium:secret-word@127.0.0.1:{free_port()}/podium"
    result = project.manage("serve", "--wait-seconds=1", f"--bind=127.0.0.1:{free_port()}", DATABASE_URL=url)
    assert result.returncode == 1
    assert "waiting up to 1 s for Postgres" in result.stderr
    assert "Postgres does not answer" in result.stderr and "DATABASE_URL" in result.stderr
    assert "secret-word" not in result.stderr


def test_everything_works_as_another_user_than_root(serve: Serve, project: Project, tmp_path: Path) -> None:
    wait_until(lambda: serve.readyz().status_code == 200, 30, what=serve.readyz().text)
    assert httpx.get(f"{serve.url}/static/podium/icon.svg").status_code == 200
    assert serve.call("version") == 1
    assert sorted(serve.parts()) == ["scheduler", "web", "web1", "worker"] or len(serve.parts()) == 4
    if project.account.uid is not None:
        assert serve.call("user") == project.account.uid
    assert "web-1 is ready" in serve.output and "worker is ready" in serve.output


def test_each_killed_part_is_started_again(serve: Serve, project: Project) -> None:
    before = serve.parts()
    ready = serve.output.count(" is ready (")
    for part in before.values():
        part.kill()
    wait_until(lambda: serve.output.count(" is ready (") >= ready + len(before), 60, what=serve.output)
    assert serve.output.count("ended by signal SIGKILL; it starts again in 1 s") == len(before)
    after = serve.parts()
    assert len(after) == len(before)
    assert not {each.pid for each in before.values()} & {each.pid for each in after.values()}
    path = project.data / "after-kill"
    serve.call("schedule", path=str(path), seconds=0.01)
    wait_until(path.exists, 30, what="the job")
    wait_until(lambda: serve.readyz().status_code == 200, 40, what=serve.readyz().text)


def test_a_part_that_keeps_ending_fails_a_health_check(serve: Serve) -> None:
    for _ in range(3):
        wait_until(lambda: "scheduler" in serve.parts(), 30, what=serve.output)
        ready = serve.output.count("scheduler is ready")
        serve.parts()["scheduler"].kill()
        wait_until(lambda: serve.output.count("scheduler is ready") > ready, 60, what=serve.output)  # noqa: B023
    wait_until(lambda: serve.readyz().json()["checks"]["processes"] == "warn", 20, what=serve.output)
    assert serve.readyz().status_code == 503
    assert httpx.get(f"{serve.url}/readyz").status_code == 200


@contextmanager
def calls_without_pause(serve: Serve) -> Iterator[list[object]]:
    """Calls on new connections while the block runs. Gives their outcomes."""
    outcomes: list[object] = []
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            try:
                outcomes.append(serve.call("version"))
            except Exception as error:  # noqa: BLE001  any failure is the outcome
                outcomes.append(error)
            time.sleep(0.02)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield outcomes
    finally:
        stop.set()
        thread.join()


def test_a_hangup_brings_new_code_without_a_failed_call(serve: Serve, project: Project) -> None:
    with calls_without_pause(serve) as outcomes:
        project.write("shop/endpoints.py", "broken code")
        serve.signal(signal.SIGHUP)
        serve.wait_for("did not become ready: the old one keeps running", 90)
        assert serve.call("version") == 1
        project.write("shop/endpoints.py", ENDPOINTS.replace("return 1", "return 2"))
        serve.signal(signal.SIGHUP)
        serve.wait_for("all parts run the new code", 120)
        project.write("shop/endpoints.py", ENDPOINTS)
        assert serve.call("version") == 2
    assert set(outcomes) == {1, 2}


def test_stops_in_order_when_calls_and_jobs_are_running(serve: Serve, project: Project) -> None:
    called, ran = project.data / "called", project.data / "ran"
    everything = serve.everything()
    with concurrent.futures.ThreadPoolExecutor() as pool:
        answer = pool.submit(serve.call, "wait", path=str(called), seconds=3)
        serve.call("schedule", path=str(ran), seconds=3)
        wait_until(lambda: called.exists() and ran.exists(), 30, what=serve.output)
        serve.signal(signal.SIGTERM)
        serve.wait_for("stopping; calls and jobs have 30 s to finish")
        wait_until(lambda: refuses(serve), 3, what="new connections are refused")
        assert not answer.done()
        assert answer.result() == "answered"
    assert serve.wait() == 0
    assert ran.read_text() == "ended"
    assert ended(everything, 0.1)


def refuses(serve: Serve) -> bool:
    try:
        httpx.get(f"{serve.url}/livez", timeout=5)
    except httpx.ConnectError:
        return True
    except httpx.TransportError:  # it was accepted by the system, and not by the server any more
        return False
    return False


def test_work_that_takes_too_long_is_killed(project: Project, tmp_path: Path) -> None:
    serve = project.serve("--migrate", "--workers=1", "--concurrency=1", "--drain-seconds=1")
    path = project.data / "too-long"
    serve.call("schedule", path=str(path), seconds=60)
    wait_until(path.exists, 30, what=serve.output)
    everything = serve.everything()
    serve.signal(signal.SIGTERM)
    assert serve.wait() == 4
    assert "worker did not stop within 1 s and is killed" in serve.output
    assert ended(everything, 0.5)


def test_a_second_signal_ends_it_at_once(project: Project) -> None:
    serve = project.serve("--workers=1", "--concurrency=1")
    path = project.data / "second"
    serve.call("schedule", path=str(path), seconds=60)
    wait_until(path.exists, 30, what=serve.output)
    everything = serve.everything()
    serve.signal(signal.SIGTERM)
    serve.wait_for("stopping")
    began = time.monotonic()
    serve.signal(signal.SIGINT)
    assert serve.wait() == 4
    assert time.monotonic() - began < 5
    assert ended(everything, 0.5)


def test_nothing_outlives_a_killed_supervisor(project: Project) -> None:
    serve = project.serve("--workers=2", "--concurrency=1", "--drain-seconds=2")
    path = project.data / "outlive"
    serve.call("schedule", path=str(path), seconds=60)
    wait_until(path.exists, 30, what=serve.output)
    everything = serve.everything()
    serve.process.kill()
    serve.process.wait(10)
    assert ended(everything, 15)
