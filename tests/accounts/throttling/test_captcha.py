"""CAPTCHAs at every entry point, against a service on this machine."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client

from accounts.models import SecurityEvent
from accounts.protocol import AnonymousAccountBlockedException
from accounts.throttling import captcha as captchas
from accounts.throttling import throttling
from podium.endpoints.testing import Caller
from tests.accounts.conftest import works

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "the captcha's secret"
GOOD: dict[str, Any] = {"success": True, "hostname": "app.example.com"}


class Captcha:
    """The service's responses by token, and its requests."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[dict[str, str]] = []
        self.seconds = 0.0


@pytest.fixture
def captcha(settings: Any) -> Iterator[Captcha]:
    service = Captcha()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            asked = {name: values[0] for name, values in form.items()}
            service.asked.append(asked)
            time.sleep(service.seconds)
            right = asked["secret"] == SECRET and asked["response"] in service.answers
            answer = (
                service.answers[asked["response"]]
                if right
                else {"success": False, "error-codes": ["invalid"]}
            )
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.ACCOUNTS_CAPTCHA_BACKENDS = ["accounts.throttling.captcha.turnstile"]
    settings.ACCOUNTS_CAPTCHA_SECRET = SECRET
    settings.ACCOUNTS_CAPTCHA_URL = f"http://127.0.0.1:{server.server_port}/siteverify"
    settings.ACCOUNTS_PROVIDER_SECONDS = 0.5
    yield service
    server.shutdown()
    server.server_close()
    thread.join()


def register(token: str = "") -> Any:
    caller = Caller(headers={captchas.HEADER: token} if token else {})
    return caller.call("emailIdp.start_registration", email="anna@example.com")


def test_registration_and_reset_want_a_token_in_a_header(captcha: Captcha, mailoutbox: Any) -> None:
    captcha.answers["good"] = GOOD
    for method in ("start_registration", "start_password_reset"):
        with pytest.raises(captchas.CaptchaFailed):
            Caller().call(f"emailIdp.{method}", email="anna@example.com")
        with pytest.raises(captchas.CaptchaFailed):
            Caller(headers={captchas.HEADER: "made up"}).call(f"emailIdp.{method}", email="anna@example.com")
        assert not mailoutbox
    assert register("good")
    assert len(mailoutbox) == 1
    assert captcha.asked[-1] == {"secret": SECRET, "response": "good"}
    events = SecurityEvent.objects.filter(event="human_check_failed")
    assert [each.details["token"] for each in events.order_by("id")] == [False, True, False, True]
    assert "made up" not in str(list(events.values()))


def test_apps_may_send_the_token_in_the_old_header(captcha: Captcha, mailoutbox: Any) -> None:
    captcha.answers["good"] = GOOD
    caller = Caller(headers={captchas.OLD_HEADER: "good"})
    assert caller.call("emailIdp.start_registration", email="anna@example.com")
    fields = {"email": "bea@example.com", "password1": "four random words"}
    old = {captchas.OLD_HEADER: "good"}
    assert Client().post("/account/signup/", fields, headers=old).status_code == 302
    assert len(mailoutbox) == 2


def test_an_account_without_a_name_wants_one_as_its_parameter(captcha: Captcha) -> None:
    captcha.answers["good"] = GOOD
    with pytest.raises(AnonymousAccountBlockedException) as refused:
        Caller().call("anonymousIdp.login", token="bad")
    assert refused.value.reason.value == "denied"
    assert works(Caller().call("anonymousIdp.login", token="good").token)


@pytest.mark.parametrize(
    ("page", "fields", "field"),
    [
        (
            "/account/signup/",
            {"email": "anna@example.com", "password1": "four random words"},
            "cf-turnstile-response",
        ),
        ("/account/password/reset/", {"email": "anna@example.com"}, "h-captcha-response"),
    ],
)
def test_pages_need_a_captcha_too(
    page: str, fields: dict[str, str], field: str, captcha: Captcha, mailoutbox: Any
) -> None:
    captcha.answers["good"] = GOOD
    answer = Client().post(page, fields)
    assert "Complete the CAPTCHA" in answer.content.decode()
    assert not mailoutbox
    assert Client().post(page, {**fields, field: "good"}).status_code == 302
    assert mailoutbox
    assert len(captcha.asked) == 1  # a token works once: a second request is refused


def test_the_headless_api_needs_a_captcha_too(captcha: Captcha, mailoutbox: Any) -> None:
    captcha.answers["good"] = GOOD
    fields = {"email": "anna@example.com", "password": "four random words"}
    for headers, status in (
        ({}, 400),
        ({captchas.HEADER: "good"}, 401),
    ):  # 401: the address must be confirmed
        answer = Client().post(
            "/_allauth/browser/v1/auth/signup", fields, content_type="application/json", headers=headers
        )
        assert answer.status_code == status, answer.content


@pytest.mark.parametrize(
    "answer",
    [
        {**GOOD, "success": "true"},
        {**GOOD, "hostname": "evil.example.com"},
        {**GOOD, "action": "anonymous"},  # a token for something else
        {"success": True},
        b"not json",
        b"[]",
    ],
)
def test_an_incomplete_success_is_refused(answer: Any, captcha: Captcha, settings: Any) -> None:
    settings.ACCOUNTS_CAPTCHA_HOSTNAMES = ["app.example.com"]
    captcha.answers["token"] = answer
    with pytest.raises(captchas.CaptchaFailed):
        register("token")
    captcha.answers["token"] = {**GOOD, "action": "registration"}
    assert register("token")


def test_a_low_score_is_a_robots(captcha: Captcha, settings: Any) -> None:
    settings.ACCOUNTS_CAPTCHA_BACKENDS = ["accounts.throttling.captcha.recaptcha"]
    captcha.answers.update(low={**GOOD, "score": 0.3}, high={**GOOD, "score": 0.7})
    with pytest.raises(captchas.CaptchaFailed):
        register("low")
    assert register("high")


def test_a_service_that_does_not_answer_lets_nobody_through(captcha: Captcha, settings: Any) -> None:
    captcha.answers["good"] = GOOD
    captcha.seconds = 1
    started = time.monotonic()
    with pytest.raises(captchas.CaptchaFailed):
        register("good")
    assert time.monotonic() - started < 3
    settings.ACCOUNTS_CAPTCHA_URL = "http://127.0.0.1:1/"
    with pytest.raises(captchas.CaptchaFailed):
        register("good")


def test_robots_do_not_use_up_the_limit_of_an_address(captcha: Captcha, settings: Any) -> None:
    captcha.answers["good"] = GOOD
    for _ in range(7):
        with pytest.raises(captchas.CaptchaFailed):
            register("made up")
    assert register("good")
    settings.ACCOUNTS_THROTTLE_RATES = {"captcha": {"address": "8/h"}}
    with pytest.raises(throttling.TooMany):
        register("good")
    settings.ACCOUNTS_THROTTLE_RATES = {"human": {"address": "8/h"}}  # the action's old name
    with pytest.raises(throttling.TooMany):
        register("good")
    fields = {"email": "anna@example.com", "password1": "four random words", "cf-turnstile-response": "good"}
    answer = Client().post("/account/signup/", fields)
    assert "Too many tries" in answer.content.decode()


def from_our_app(origin: Any, action: str, token: str) -> bool:
    return token == f"attested for {action}"


def test_one_of_several_checks_is_enough(captcha: Captcha, settings: Any) -> None:
    captcha.answers["good"] = GOOD
    settings.ACCOUNTS_CAPTCHA_BACKENDS = [
        "accounts.throttling.captcha.turnstile",
        "tests.accounts.throttling.test_captcha.from_our_app",
    ]
    assert register("good")
    assert register("attested for registration")
    with pytest.raises(captchas.CaptchaFailed):
        register("attested for anonymous")
    settings.ACCOUNTS_CAPTCHA_ACTIONS = ["anonymous"]
    assert register()


def test_a_check_that_is_none_is_found_at_the_start(settings: Any) -> None:
    settings.ACCOUNTS_CAPTCHA_BACKENDS = [
        "accounts.throttling.captcha.nothing",
        "accounts.throttling.captcha.turnstile",
    ]
    with pytest.raises(SystemCheckError, match="nothing") as refused:
        call_command("check")
    assert "CAPTCHA_SECRET" in str(refused.value)
