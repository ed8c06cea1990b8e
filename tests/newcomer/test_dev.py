"""`manage.py dev` in a fresh checkout: the README's tour with the generated clients, then changes, kills and restarts.

One file, because each checkout installs all packages.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions as condition
from selenium.webdriver.support.wait import WebDriverWait

from tests.newcomer.checkout import PROJECT, Checkout, Development

pytestmark = pytest.mark.slow

PROGRAMS = PROJECT / "tests" / "newcomer"
BIN = Path(sys.executable).parent
"""The folder of the tests' Node, which its wheel put beside Python."""


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


# The tour ----------------------------------------------------------------------------------------------------------


def run(*command: object, folder: Path, path: Path = BIN) -> str:
    """The output of a program; fails with all it said."""
    environment = {"PATH": f"{path}:/usr/local/bin:/usr/bin:/bin", "HOME": str(folder)}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**Checkout.passed_on(), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_node_program_takes_the_tour(checkout: Checkout, development: Development, tmp_path: Path) -> None:
    """Install the client in an app's folder, as the README says; its `prepare` script compiles it."""
    client = checkout.folder / "clients" / "typescript"
    run(BIN / "npm", "install", "--no-fund", "--no-audit", client, folder=tmp_path)
    installed = tmp_path / "node_modules" / "example-client"
    assert "tour done" in run(
        BIN / "node", PROGRAMS / "tour.mjs", development.url, installed, folder=tmp_path
    )


def test_a_python_program_takes_the_tour(
    checkout: Checkout, development: Development, tmp_path: Path
) -> None:
    run(checkout.python, "-m", "venv", "venv", folder=tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "-q", checkout.folder / "clients" / "python", folder=tmp_path)
    assert "tour done" in run(python, PROGRAMS / "tour.py", f"{development.url}/", folder=tmp_path)


def test_curl_takes_the_first_step(development: Development, tmp_path: Path) -> None:
    if not shutil.which("curl"):
        pytest.skip("there is no curl here")
    answer = run(
        "curl", "-s", f"{development.url}/greeting/hello", "-d", '{"name": "World"}', folder=tmp_path
    )
    assert answer == '"Hello World"'


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    """Headless Chromium."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("Chromium is not here: apt install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1400,1000",
    ):  # fmt: skip
        options.add_argument(flag)
    with webdriver.Chrome(options=options, service=webdriver.ChromeService(driver)) as running:
        yield running


@pytest.fixture(scope="module")
def signed_in(browser: webdriver.Chrome, development: Development) -> webdriver.Chrome:
    browser.get(f"{development.url}/admin/")
    browser.find_element(By.NAME, "username").send_keys("admin@example.com")
    browser.find_element(By.NAME, "password").send_keys(development.admin_password)
    browser.find_element(By.NAME, "password").submit()
    WebDriverWait(browser, 20).until(condition.presence_of_element_located((By.CLASS_NAME, "operations")))
    return browser


def test_the_front_page_of_the_admin_shows_the_calls(signed_in: webdriver.Chrome) -> None:
    text = signed_in.find_element(
        By.TAG_NAME, "main" if signed_in.find_elements(By.TAG_NAME, "main") else "body"
    ).text
    assert "Calls, last hour" in text
    assert "notes.createNote" in text or "anonymousIdp.login" in text


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("monitoring/calllog/?q=notes.createNote", "notes.createNote"),
        ("monitoring/calllog/?outcome=failed", "NoteNotFoundException"),
        ("tasks/job/", "example.remind"),
        ("accounts/user/", "@example.com"),
        ("accounts/session/", "python"),
        ("files/storedfile/", "list.txt"),
        ("example/note/", "note"),
        ("django_celery_beat/periodictask/", "podium.sweep"),
    ],
)
def test_an_admin_page_shows_what_the_clients_did(
    signed_in: webdriver.Chrome, development: Development, page: str, shown: str
) -> None:
    signed_in.get(f"{development.url}/admin/{page}")
    assert shown in signed_in.page_source


def test_a_call_in_the_admin_shows_its_queries_without_values(
    signed_in: webdriver.Chrome, development: Development
) -> None:
    signed_in.get(f"{development.url}/admin/monitoring/calllog/?q=notes.createNote")
    signed_in.find_element(By.CSS_SELECTOR, "#result_list tbody a[href*='calllog/']").click()
    WebDriverWait(signed_in, 20).until(condition.presence_of_element_located((By.TAG_NAME, "code")))
    assert "INSERT INTO" in signed_in.page_source
    assert "Milk" not in signed_in.page_source


def test_the_api_docs_open_without_anything_from_elsewhere(
    signed_in: webdriver.Chrome, development: Development
) -> None:
    signed_in.get(f"{development.url}/api/docs/")
    WebDriverWait(signed_in, 20).until(condition.presence_of_element_located((By.CLASS_NAME, "opblock")))
    loaded = signed_in.execute_script(
        "return performance.getEntriesByType('resource').map(each => each.name)"
    )
    assert loaded
    assert all(address.startswith((development.url, "data:")) for address in loaded), loaded


# Changes, kills, stops and starts ----------------------------------------------------------------------------------


def test_a_second_dev_in_the_same_folder_is_told_where_the_first_one_runs(
    checkout: Checkout, development: Development
) -> None:
    answer = checkout.manage("dev", "--port", "1")
    assert answer.returncode == 1
    said = f"Podium already runs here, at {development.url}. Stop it first (Ctrl-C)."
    assert answer.stderr.splitlines()[-1] == said  # after the progress of the start


def test_other_commands_use_the_running_database(checkout: Checkout, development: Development) -> None:
    answer = checkout.manage("migrate", "--check")
    assert (answer.returncode, answer.stderr) == (0, "")


def test_a_change_in_a_python_file_restarts_the_server(checkout: Checkout, development: Development) -> None:
    page = checkout.folder / "config" / "urls.py"
    said = len(development.output)
    page.write_text(page.read_text() + "\n# changed\n")
    development.wait_for("Restarted with the change", since=said)
    assert "Changed: config/urls.py" in development.output[said:]


def test_a_change_in_a_model_file_reaches_python_and_the_clients(
    checkout: Checkout, development: Development
) -> None:
    model = checkout.folder / "example" / "note_not_found_exception.spy.yaml"
    said = len(development.output)
    model.write_text(model.read_text() + "  longest: String?\n")
    development.wait_for("clients/", since=said)
    assert "Restarted with the change" in development.output[said:]
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
    model = checkout.folder / "example" / "note_not_found_exception.spy.yaml"
    good = model.read_text()
    said = len(development.output)
    model.write_text(good + "  broken: Strin\n")
    development.wait_for("note_not_found_exception.spy.yaml:", since=said)
    assert "Podium is running" in get(development.url)
    said = len(development.output)
    model.write_text(good)
    development.wait_for("Restarted with the change", since=said)


@pytest.mark.parametrize("part", ["web", "worker", "bin/postgres", "valkey-server"])
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
    assert answer.stderr.strip().removeprefix("Podium starts ...\n") == (
        f"Port {port} is taken. Choose another: python3 manage.py dev --port {port + 1}"
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
    for mark in (checkout.folder / ".venv").glob(".packages-*"):
        mark.unlink()
    answer = checkout.manage("version")
    assert answer.returncode == 0, answer.stderr
    assert "Environment ready" in answer.stderr
