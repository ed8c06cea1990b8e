"""Who must show to be a person: against a CAPTCHA's service on this machine, at every door."""

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

from accounts import human, limits
from accounts.models import SecurityEvent
from accounts.protocol import AnonymousAccountBlockedException
from endpoints.testing import Caller
from tests.accounts.conftest import works

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "the captcha's secret"
GOOD: dict[str, Any] = {"success": True, "hostname": "app.example.com"}


class Captcha:
    """What the service answers, by token; what it was asked."""

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
    settings.ACCOUNTS_HUMAN_CHECK = ["accounts.human.turnstile"]
    settings.ACCOUNTS_HUMAN_SECRET = SECRET
    settings.ACCOUNTS_HUMAN_URL = f"http://127.0.0.1:{server.server_port}/siteverify"
    settings.ACCOUNTS_PROVIDER_SECONDS = 0.5
    yield service
    server.shutdown()
    server.server_close()
    thread.join()


def register(token: str = "") -> Any:
    caller = Caller(headers={human.HEADER: token} if token else {})
    return caller.call("emailIdp.start_registration", email="anna@example.com")


def test_registration_and_reset_want_a_token_in_a_header(captcha: Captcha, mailoutbox: Any) -> None:
    captcha.answers["good"] = GOOD
    for method in ("start_registration", "start_password_reset"):
        with pytest.raises(human.NotHuman):
            Caller().call(f"emailIdp.{method}", email="anna@example.com")
        with pytest.raises(human.NotHuman):
            Caller(headers={human.HEADER: "made up"}).call(f"emailIdp.{method}", email="anna@example.com")
        assert not mailoutbox
    assert register("good")
    assert len(mailoutbox) == 1
    assert captcha.asked[-1] == {"secret": SECRET, "response": "good"}
    events = SecurityEvent.objects.filter(event="human_check_failed")
    assert [each.details["token"] for each in events.order_by("id")] == [False, True, False, True]
    assert "made up" not in str(list(events.values()))


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
def test_pages_are_no_way_around(
    page: str, fields: dict[str, str], field: str, captcha: Captcha, mailoutbox: Any
) -> None:
    captcha.answers["good"] = GOOD
    answer = Client().post(page, fields)
    assert "Show that you are a person" in answer.content.decode()
    assert not mailoutbox
    assert Client().post(page, {**fields, field: "good"}).status_code == 302
    assert mailoutbox
    assert len(captcha.asked) == 1  # a token is good once: who asks twice is refused the second time


def test_the_headless_api_is_no_way_around(captcha: Captcha, mailoutbox: Any) -> None:
    captcha.answers["good"] = GOOD
    fields = {"email": "anna@example.com", "password": "four random words"}
    for headers, status in (({}, 400), ({human.HEADER: "good"}, 401)):  # 401: the address must be confirmed
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
def test_what_is_not_quite_a_yes_is_a_no(answer: Any, captcha: Captcha, settings: Any) -> None:
    settings.ACCOUNTS_HUMAN_HOSTNAMES = ["app.example.com"]
    captcha.answers["token"] = answer
    with pytest.raises(human.NotHuman):
        register("token")
    captcha.answers["token"] = {**GOOD, "action": "registration"}
    assert register("token")


def test_a_low_score_is_a_robots(captcha: Captcha, settings: Any) -> None:
    settings.ACCOUNTS_HUMAN_CHECK = ["accounts.human.recaptcha"]
    captcha.answers.update(low={**GOOD, "score": 0.3}, high={**GOOD, "score": 0.7})
    with pytest.raises(human.NotHuman):
        register("low")
    assert register("high")


def test_a_service_that_does_not_answer_lets_nobody_through(captcha: Captcha, settings: Any) -> None:
    captcha.answers["good"] = GOOD
    captcha.seconds = 1
    started = time.monotonic()
    with pytest.raises(human.NotHuman):
        register("good")
    assert time.monotonic() - started < 3
    settings.ACCOUNTS_HUMAN_URL = "http://127.0.0.1:1/"
    with pytest.raises(human.NotHuman):
        register("good")


def test_robots_use_up_nothing_of_what_an_address_may_ask_for(captcha: Captcha, settings: Any) -> None:
    captcha.answers["good"] = GOOD
    for _ in range(7):
        with pytest.raises(human.NotHuman):
            register("made up")
    assert register("good")
    settings.ACCOUNTS_LIMITS = {"human": {"address": "8/h"}}
    with pytest.raises(limits.TooMany):
        register("good")
    fields = {"email": "anna@example.com", "password1": "four random words", "cf-turnstile-response": "good"}
    answer = Client().post("/account/signup/", fields)
    assert "Too many tries" in answer.content.decode()


def from_our_app(origin: Any, action: str, token: str) -> bool:
    return token == f"attested for {action}"


def test_one_of_several_checks_is_enough(captcha: Captcha, settings: Any) -> None:
    captcha.answers["good"] = GOOD
    settings.ACCOUNTS_HUMAN_CHECK = ["accounts.human.turnstile", "tests.accounts.test_human.from_our_app"]
    assert register("good")
    assert register("attested for registration")
    with pytest.raises(human.NotHuman):
        register("attested for anonymous")
    settings.ACCOUNTS_HUMAN_ACTIONS = ["anonymous"]
    assert register()


def test_a_check_that_is_none_is_found_at_the_start(settings: Any) -> None:
    settings.ACCOUNTS_HUMAN_CHECK = ["accounts.human.nothing", "accounts.human.turnstile"]
    with pytest.raises(SystemCheckError, match="nothing") as refused:
        call_command("check")
    assert "HUMAN_SECRET" in str(refused.value)
