"""The README's tour: the generated clients against `manage.py dev`, then the admin with those calls on it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions as condition
from selenium.webdriver.support.wait import WebDriverWait

from tests.newcomer.checkout import PROJECT, Checkout, Development

pytestmark = pytest.mark.slow

PROGRAMS = PROJECT / "tests" / "newcomer"
BIN = Path(sys.executable).parent
"""Where the tests' Node is: its wheel put it beside Python."""


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
def browser() -> webdriver.Chrome:
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
        ("tasks/scheduledcall/", "example.remind"),
        ("accounts/user/", "@example.com"),
        ("accounts/token/", "python"),
        ("files/storedfile/", "list.txt"),
        ("example/notebook/", "Kitchen"),
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
