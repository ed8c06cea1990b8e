"""Headers of pages: no page runs foreign scripts, and every page works under that policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from selenium import webdriver
from selenium.webdriver.support.wait import WebDriverWait

from accounts.models import User
from tests.clients.browsers import chromium
from tests.notes.models import Note

OPEN = (
    "/",
    "/admin/login/",
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
    "/mail/",
    "/api/docs/",
)
SIGNED_IN = (
    "/admin/",
    "/admin/accounts/user/",
    "/admin/accounts/user/{user}/change/",
    "/admin/accounts/user/{user}/act/block/",
    "/admin/accounts/securityevent/",
    "/admin/monitoring/calllog/",
    "/admin/tasks/job/",
    "/admin/django_celery_beat/periodictask/add/",
    "/admin/notes/note/{note}/change/",
    "/admin/notes/note/{note}/delete/",
    "/account/email/",
    "/account/password/change/",
    "/account/2fa/",
    "/account/2fa/webauthn/add/",
    "/account/sessions/",
    "/account/3rdparty/",
    "/account/data/",
    "/account/delete/",
)
INJECT = """
const script = document.createElement("script");
script.textContent = "window.injected = true";
document.body.append(script);
document.body.insertAdjacentHTML("beforeend", '<img src="/nothing" onerror="window.injected = true">');
return new Promise(done => setTimeout(() => done(window.injected === true), 300));
"""


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*OPEN, "/api/notes/", "/nothing/", "/uploads/download/x", "/livez"])
def test_every_page_has_the_headers(client: Client, path: str, settings: Any) -> None:
    settings.DEBUG = False
    headers = client.get(path).headers
    policy = dict(each.strip().partition(" ")[::2] for each in headers["Content-Security-Policy"].split(";"))
    evaluates = " 'unsafe-eval'" if path.startswith("/admin/") else ""
    nonce = r" 'nonce-[\w+/=]{24}'" if path == "/api/docs/" else ""
    assert re.fullmatch(f"'self'{evaluates}{nonce}", policy["script-src"])
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    opener = "unsafe-none" if path == "/api/docs/" else "same-origin"  # its sign-in may open a window
    assert headers["Cross-Origin-Opener-Policy"] == opener
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["X-Frame-Options"] == "DENY"


@pytest.fixture
def browser() -> Iterator[webdriver.Chrome]:
    with chromium() as driver:
        yield driver


def visit(browser: webdriver.Chrome, url: str) -> list[str]:
    """Open a page and return the browser's complaints about it."""
    browser.get(url)
    WebDriverWait(browser, 20).until(lambda it: it.execute_script("return document.readyState") == "complete")
    messages = [each["message"] for each in browser.get_log("browser") if each["level"] == "SEVERE"]
    return [each for each in messages if "favicon" not in each]


@pytest.mark.slow
def test_no_page_breaks_its_own_policy(browser: webdriver.Chrome, live_server: Any, client: Client) -> None:
    faults = {path: visit(browser, live_server.url + path) for path in OPEN}
    assert browser.find_elements("css selector", "#swagger-ui .info")  # the page loaded, not just its frame
    root = User.objects.create_superuser("root@example.com", "correct horse battery staple", name="Root")
    note = Note.objects.create(title="Milk", tags=[], owner_id=root.pk)
    client.force_login(root)
    browser.add_cookie({"name": "sessionid", "value": client.cookies["sessionid"].value})
    for path in SIGNED_IN:
        faults[path] = visit(browser, live_server.url + path.format(user=root.pk, note=note.pk))
    assert {path: found for path, found in faults.items() if found} == {}


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/admin/login/", "/account/login/", "/mail/"])
def test_a_script_that_came_into_a_page_does_not_run(
    browser: webdriver.Chrome, live_server: Any, path: str
) -> None:
    assert visit(browser, live_server.url + path) == []
    assert browser.execute_script(INJECT) is False
    assert any("Content Security Policy" in each["message"] for each in browser.get_log("browser"))
    if path == "/admin/login/":
        assert browser.execute_script("return Boolean(document.querySelector('[x-data]')._x_dataStack)")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("shown", "to_anna", "to_root"), [("everybody", 200, 200), ("staff", 404, 200), ("nobody", 404, 404)]
)
def test_the_description_of_the_api_can_be_closed(
    client: Client, settings: Any, shown: str, to_anna: int, to_root: int
) -> None:
    settings.API_DOCS = shown
    anna = User.objects.create_user("anna@example.com")
    root = User.objects.create_superuser("root@example.com", "correct horse battery staple")
    for path in ("/api/schema/", "/api/docs/"):
        client.logout()
        assert client.get(path).status_code == to_anna
        client.force_login(anna)
        assert client.get(path).status_code == to_anna
        client.force_login(root)
        assert client.get(path).status_code == to_root
