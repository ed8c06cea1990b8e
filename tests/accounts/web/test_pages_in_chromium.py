"""The pages of accounts in a browser on a phone: nothing is wider than the screen, and passkeys work."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.virtual_authenticator import VirtualAuthenticatorOptions
from selenium.webdriver.support.wait import WebDriverWait

from accounts.models import SecurityEvent, User
from tests.accounts.conftest import PASSWORD
from tests.clients.browsers import chromium

pytestmark = pytest.mark.slow

PHONE = (390, 844)
PICTURES = os.environ.get("PAGE_PICTURES", "")
"""A folder for pictures of the pages, to look at."""


@pytest.fixture
def phone(settings: Any) -> Iterator[webdriver.Chrome]:
    settings.ACCOUNTS_PASSKEY_RP_ID = "localhost"
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    settings.DEBUG_PROPAGATE_EXCEPTIONS = True
    with chromium() as browser:
        width, height = PHONE
        browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": True},
        )
        options = VirtualAuthenticatorOptions(
            protocol=VirtualAuthenticatorOptions.Protocol.CTAP2,
            transport=VirtualAuthenticatorOptions.Transport.INTERNAL,
            has_resident_key=True,
            has_user_verification=True,
            is_user_verified=True,
        )
        browser.add_virtual_authenticator(options)
        yield browser


def looked_at(browser: webdriver.Chrome, name: str) -> None:
    """Assert that a page fits the screen, has its style, and has controls large enough for a finger."""
    if PICTURES:
        browser.save_screenshot(str(Path(PICTURES) / f"{name}.png"))
    width = browser.execute_script("return document.documentElement.scrollWidth")
    assert width <= PHONE[0], name
    assert browser.find_elements(By.CSS_SELECTOR, "main h1, main h2"), name
    for button in browser.find_elements(By.CSS_SELECTOR, ".button"):
        assert button.size["height"] >= 40, name


def click(browser: webdriver.Chrome, selector: str) -> None:
    before = browser.find_element(By.TAG_NAME, "html")
    browser.find_element(By.CSS_SELECTOR, selector).click()
    WebDriverWait(browser, 20).until(lambda _: is_gone(before))


def is_gone(element: Any) -> bool:
    from selenium.common.exceptions import StaleElementReferenceException

    try:
        return not element.is_enabled()
    except StaleElementReferenceException:
        return True


def test_a_user_adds_a_passkey_on_the_page_and_signs_in_with_it(
    phone: webdriver.Chrome, live_server: Any, anna: User
) -> None:
    url = live_server.url
    phone.get(f"{url}/account/signup/")
    looked_at(phone, "signup")
    phone.get(f"{url}/account/login/")
    looked_at(phone, "login")
    phone.find_element(By.NAME, "login").send_keys(str(anna.email))
    phone.find_element(By.NAME, "password").send_keys("wrong")
    click(phone, "main form button[type=submit]")
    assert "not correct" in phone.page_source
    looked_at(phone, "login_refused")
    phone.find_element(By.NAME, "password").send_keys(PASSWORD)
    click(phone, "main form button[type=submit]")

    phone.get(f"{url}/account/2fa/")
    looked_at(phone, "second_factors")
    phone.get(f"{url}/account/2fa/webauthn/add/")
    looked_at(phone, "reauthenticate")
    phone.find_element(By.NAME, "password").send_keys(PASSWORD)
    click(phone, "main form button[type=submit]")
    looked_at(phone, "add_key")
    phone.find_element(By.NAME, "passwordless").click()
    click(phone, "#mfa_webauthn_add")
    looked_at(phone, "recovery_codes")
    assert Authenticator.objects.get(type="webauthn").user == anna
    for page in ("totp/activate", "webauthn"):
        phone.get(f"{url}/account/2fa/{page}/")
        looked_at(phone, page.replace("/", "_"))

    for page in ("email", "password/change", "3rdparty", "sessions", "logout"):
        phone.get(f"{url}/account/{page}/")
        looked_at(phone, page.replace("/", "_"))
    click(phone, "main form button[type=submit]")
    phone.get(f"{url}/account/login/")
    click(phone, "#passkey_login")
    event = SecurityEvent.objects.filter(event="signed_in").latest("id")
    assert (event.user, event.details["method"]) == (anna, "mfa")


def test_the_page_explains_a_passkey_that_cannot_work(live_server: Any, phone: webdriver.Chrome) -> None:
    url = live_server.url.replace("localhost", "127.0.0.1")
    phone.get(f"{url}/account/login/")
    phone.find_element(By.ID, "passkey_login").click()
    shown = WebDriverWait(phone, 20).until(lambda page: page.find_element(By.ID, "passkey-error"))
    assert url.replace("127.0.0.1", "localhost") in shown.text
