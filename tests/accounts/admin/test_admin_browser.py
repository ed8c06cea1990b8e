"""The pages of users in the admin in a browser, on a desktop and on a phone."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from selenium import webdriver
from selenium.webdriver.common.by import By

from accounts.models import User
from tests.accounts.sample_users import make_users
from tests.clients.browsers import chromium

WIDTHS = {"desk": (1360, 1600), "phone": (390, 1600)}


@pytest.fixture
def browser(live_server: Any, client: Client) -> Iterator[webdriver.Chrome]:
    """A window in which a superuser is signed in to the admin."""
    root = User.objects.create_superuser("root@example.com", "correct horse battery staple", name="Root")
    client.force_login(root)
    with chromium() as driver:
        driver.get(f"{live_server.url}/livez")
        driver.add_cookie({"name": "sessionid", "value": client.cookies["sessionid"].value})
        yield driver


@pytest.mark.slow
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_fit_into_the_window(
    browser: webdriver.Chrome, live_server: Any, width: str, tmp_path: Path
) -> None:
    user = make_users()[11]
    pages = {
        "users": "user/",
        "user": f"user/{user.pk}/change/",
        **{act: f"user/{user.pk}/act/{act}/" for act in ("block", "impersonate", "end-device", "delete")},
        "devices": "session/",
        "device": f"session/{user.sessions.all()[0].pk}/change/",
        "events": "securityevent/",
        "event": f"securityevent/{user.security_events.all()[0].pk}/change/",
        "scopes": "../auth/group/",
        "rules": "../access/",
        "explain": f"../access/explain/?row=user:{user.pk}&user={user.email}",
        "counts": f"../access/user/?user={user.email}",
    }
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {
            "width": WIDTHS[width][0],
            "height": WIDTHS[width][1],
            "deviceScaleFactor": 1,
            "mobile": width == "phone",
        },
    )
    for name, page in pages.items():
        browser.get(f"{live_server.url}/admin/accounts/{page}")
        assert "Podium" in browser.title, name
        too_wide = browser.execute_script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})

        (tmp_path / f"{width}-{name}.png").write_bytes(base64.b64decode(shot["data"]))
        assert too_wide <= 0, f"{name} is {too_wide} pixels too wide for a {width}"
    errors = [each["message"] for each in browser.get_log("browser") if each["level"] == "SEVERE"]
    assert [error for error in errors if "favicon" not in error] == []


@pytest.mark.slow
def test_an_operator_acts_as_a_user(browser: webdriver.Chrome, live_server: Any) -> None:
    user = make_users(12)[11]
    browser.get(f"{live_server.url}/admin/accounts/user/{user.pk}/change/")
    browser.find_element(By.CSS_SELECTOR, "a[href$='/act/impersonate/']").click()
    browser.find_element(By.NAME, "reason").send_keys("asked by mail")
    browser.find_element(By.XPATH, "//button[normalize-space()='Act as this user']").click()
    assert browser.find_element(By.ID, "token").text.startswith("podium_")
