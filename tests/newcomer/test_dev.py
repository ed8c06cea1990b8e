"""`manage.py dev` as a newcomer meets it: start, change something, kill a part, stop, start again."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.newcomer.checkout import Checkout, Development

pytestmark = pytest.mark.slow


def processes_of(checkout: Checkout) -> list[psutil.Process]:
    """Everything that runs for this checkout: started from it, or serving its sockets."""
    name = (checkout.folder / ".podium" / "name").read_text()
    found = []
    for process in psutil.process_iter():
        try:
            command, folder = " ".join(process.cmdline()), process.cwd()
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
        if name in command or str(checkout.folder) in command or folder.startswith(str(checkout.folder)):
            found.append(process)
    return found


def gone(checkout: Checkout, seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while processes_of(checkout):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as response:
        return str(response.read().decode())


def one(checkout: Checkout, part: str) -> psutil.Process:
    """The topmost process of the checkout whose command line has `part`."""
    matching = []
    for process in processes_of(checkout):
        with suppress(psutil.NoSuchProcess):  # it has ended since
            if any(part in word for word in process.cmdline()):
                matching.append((process.create_time(), process.pid, process))
    return min(matching)[2]


def test_one_command_makes_a_working_backend_and_says_where_things_are(development: Development) -> None:
    for line in ("/admin/", "/api/docs/", "/readyz", "Sign in to the admin as admin@example.com"):
        assert line in development.output
    assert "Podium is running" in get(development.url)
    assert get(f"{development.url}/readyz")


def test_a_second_dev_in_the_same_folder_is_told_where_the_first_one_runs(
    checkout: Checkout, development: Development
) -> None:
    answer = checkout.manage("dev", "--port", "0")
    assert answer.returncode == 1
    said = f"CommandError: Podium runs here already, at {development.url}. Stop that one first (Ctrl-C)."
    assert answer.stderr.strip() == said


def test_other_commands_use_the_running_database(checkout: Checkout, development: Development) -> None:
    answer = checkout.manage("migrate", "--check")
    assert (answer.returncode, answer.stderr) == (0, "")


def test_a_change_in_a_python_file_restarts_the_server(checkout: Checkout, development: Development) -> None:
    page = checkout.folder / "config" / "urls.py"
    said = len(development.output)
    page.write_text(page.read_text() + "\n# changed\n")
    development.wait_for("Restarted with the change", since=said, seconds=60)
    assert "Changed: config/urls.py" in development.output[said:]


def test_a_change_in_a_model_file_reaches_python_and_the_clients(
    checkout: Checkout, development: Development
) -> None:
    model = checkout.folder / "example" / "note_statistics.spy.yaml"
    said = len(development.output)
    model.write_text(model.read_text() + "  longest: String?\n")
    development.wait_for("Restarted with the change", since=said, seconds=60)
    assert "longest: str | None" in (checkout.folder / "example" / "protocol.py").read_text()
    assert any(
        "longest" in path.read_text() for path in (checkout.folder / "clients" / "dart").rglob("*.dart")
    )
    assert any(
        "longest" in path.read_text() for path in (checkout.folder / "clients" / "typescript").rglob("*.ts")
    )
    assert any(
        "longest" in path.read_text() for path in (checkout.folder / "clients" / "python").rglob("*.py")
    )


def test_a_fault_in_a_model_file_is_shown_and_the_server_goes_on(
    checkout: Checkout, development: Development
) -> None:
    model = checkout.folder / "example" / "note_statistics.spy.yaml"
    good = model.read_text()
    said = len(development.output)
    model.write_text(good + "  broken: Strin\n")
    development.wait_for("note_statistics.spy.yaml:", since=said, seconds=60)
    assert "Podium is running" in get(development.url)
    said = len(development.output)
    model.write_text(good)
    development.wait_for("Restarted with the change", since=said, seconds=60)


@pytest.mark.parametrize("part", ["config.asgi", "worker", "bin/postgres", "valkey-server"])
def test_a_part_that_is_killed_comes_back(checkout: Checkout, development: Development, part: str) -> None:
    victim = one(checkout, part)
    victim.kill()
    deadline = time.monotonic() + 60
    while True:
        try:
            assert one(checkout, part).pid != victim.pid
            assert get(f"{development.url}/readyz")
            return
        except (AssertionError, OSError, ValueError, psutil.NoSuchProcess):
            assert time.monotonic() < deadline, development.output
            time.sleep(0.2)


def test_ctrl_c_stops_everything_and_the_next_start_goes_on(
    checkout: Checkout, development: Development
) -> None:
    assert development.interrupt() == 0
    assert development.output.rstrip().endswith("Stopped")
    assert gone(checkout), processes_of(checkout)
    again = Development(checkout).ready()
    assert again.admin_password == development.admin_password
    assert again.interrupt() == 0


def test_a_start_after_kill_9_recovers(checkout: Checkout, development: Development) -> None:
    killed = Development(checkout).ready()
    killed.kill()
    again = Development(checkout, port=killed.port).ready()
    assert get(f"{again.url}/readyz")
    assert again.interrupt() == 0
    assert gone(checkout), processes_of(checkout)


def test_a_taken_port_gets_one_line_with_the_next_one(checkout: Checkout, development: Development) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        answer = checkout.manage("dev", "--port", str(port))
    assert answer.returncode == 1
    assert answer.stderr.strip() == (
        f"CommandError: Port {port} is taken. Choose another: python3 manage.py dev --port {port + 1}"
    )


# What can go wrong before anything runs -----------------------------------------------------------------------------


def test_without_a_network_the_first_start_says_so_in_one_line(tmp_path: Path) -> None:
    answer = Checkout(tmp_path).manage(
        "version", PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_CONFIG_FILE=os.devnull, PIP_FIND_LINKS=""
    )
    assert answer.returncode == 1
    assert "The package index could not be reached" in answer.stderr.splitlines()[-1]
    assert "Traceback" not in answer.stderr


def test_an_older_python_is_told_what_is_needed(checkout: Checkout, tmp_path: Path) -> None:
    """There may be no older Python here, so this one pretends: the check is the first thing manage.py does."""
    older = tmp_path / "older.py"
    older.write_text(
        "import runpy, sys\nsys.version_info = (3, 9, 2)\nsys.argv = ['manage.py', 'dev']\n"
        "runpy.run_path('manage.py', run_name='__main__')\n"
    )
    answer = subprocess.run(
        [checkout.python, older], cwd=checkout.folder, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 1
    assert answer.stderr.startswith("Podium needs Python 3.11 or newer, and this is Python 3.9")


def test_a_first_start_that_was_broken_off_goes_on(checkout: Checkout, development: Development) -> None:
    """A packages' mark that is missing is what an interrupted installation leaves."""
    for mark in (checkout.folder / ".venv").glob(".installed-*"):
        mark.unlink()
    answer = checkout.manage("version")
    assert answer.returncode == 0, answer.stderr
    assert "Environment ready" in answer.stderr
