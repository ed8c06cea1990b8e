"""Development's mailbox at /mail/, the look of mails, and text messages."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.test import Client, RequestFactory

from accounts.models import User
from accounts.notices import text_messages
from accounts.throttling import throttling
from podium.dev import mailbox, mailbox_pages
from podium.endpoints import testing

pytestmark = pytest.mark.django_db(transaction=True)

ANNA = "anna@example.com"


@pytest.fixture
def folder(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.EMAIL_BACKEND = "podium.dev.mailbox.EmailBackend"
    monkeypatch.setattr(mailbox, "folder", lambda: tmp_path / "mail")
    return tmp_path / "mail"


def test_a_mail_in_development_is_a_file_a_line_and_on_a_page(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    testing.call("emailIdp.start_registration", email=ANNA)
    found = Client().get("/mail/?format=json").json()["messages"]
    assert len(found) == 1
    assert found[0]["to"] == ANNA
    code = found[0]["subject"].split()[-1]
    assert code in found[0]["text"]
    assert f"<p>{code}</p>" not in found[0]["html"] and f">{code}</p>" in found[0]["html"]
    line = capfd.readouterr().err
    assert f"Mail to {ANNA}: " in line and code in line and "/mail/" in line
    assert code in Client().get("/mail/").content.decode()
    assert code in Client().get(f"/mail/{found[0]['id']}/").content.decode()
    assert Client().get("/mail/?format=json&to=ben@example.com").json()["messages"] == []
    assert Client().get(f"/mail/{found[0]['id']}/?format=json").json() == found[0]
    assert Client().get("/mail/20260101T000000000000-1-1/").status_code == 404


def test_old_mails_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "KEPT", 2)
    for name in ("one", "two", "three"):
        mailbox.text_message("+4915112345678", name)
    assert [each.text.strip() for each in mailbox.messages()] == ["three", "two"]


def test_in_production_there_is_no_such_page(folder: Path, settings: Any) -> None:
    mailbox.text_message("+4915112345678", "Your code: 1234")
    (found,) = mailbox.messages()
    pages = [
        "/mail/",
        "/mail/?format=json",
        f"/mail/{found.id}/",
        "/mail/templates/account-email-login_code/",
    ]
    assert [Client().get(page).status_code for page in pages] == [200] * 4
    settings.DEVELOPMENT = False
    assert [Client().get(page).status_code for page in pages] == [404] * 4


def test_every_mail_of_the_project_can_be_looked_at(settings: Any) -> None:
    listed = Client().get("/mail/").content.decode()
    mails = dict(mailbox_pages.templates())
    assert {"accounts/email/registration_code", "account/email/email_confirmation"} <= set(mails.values())
    for name, prefix in mails.items():
        assert prefix in listed
        page = Client().get(f"/mail/templates/{name}/")
        assert page.status_code == 200, prefix
        assert "<iframe" in page.content.decode(), prefix
        assert "Hello from" not in page.content.decode(), f"{prefix} does not look like the others"


def test_markup_of_users_is_escaped_in_mails(rf: RequestFactory) -> None:
    request = rf.get("/")
    with context.request_context(request):
        made: Any = get_adapter(request).render_mail(
            "accounts/email/already_registered",
            ANNA,
            {"email": "<b>x</b>@example.com", "current_site": {"name": "P"}},
        )
    html = made.alternatives[0][0]
    assert "&lt;b&gt;x" in html and "<b>x" not in html
    assert "<b>x</b>@example.com" in made.body


# Text messages ------------------------------------------------------------------------------------------------------


@pytest.fixture
def service(settings: Any) -> Iterator[list[dict[str, str]]]:
    """A service with Twilio's API on this machine, and its requests."""
    asked: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            asked.append({name: values[0] for name, values in form.items()})
            right = self.headers["Authorization"] == "Basic QUMxOnRva2Vu" and "AC1/Messages.json" in self.path
            self.send_response(201 if right else 401)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.ACCOUNTS_SMS_BACKEND = "accounts.notices.text_messages.twilio"
    url = f"http://127.0.0.1:{server.server_port}/"
    settings.ACCOUNTS_SMS = {"url": url, "account": "AC1", "token": "token", "from": "+15005550006"}
    yield asked
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def adapter(rf: RequestFactory) -> Iterator[Any]:
    """allauth's adapter while a page is served."""
    request = rf.get("/")
    with context.request_context(request):
        yield get_adapter(request)


def test_a_code_goes_to_a_phone_by_twilio(service: list[dict[str, str]], adapter: Any, settings: Any) -> None:
    adapter.send_verification_code_sms(User(), "+4915112345678", "ABC-123")
    assert service == [{"From": "+15005550006", "To": "+4915112345678", "Body": "Your code: ABC-123"}]
    settings.ACCOUNTS_SMS = {**settings.ACCOUNTS_SMS, "token": "wrong"}
    with pytest.raises(text_messages.NotSent):
        adapter.send_verification_code_sms(User(), "+4915112345679", "ABC-123")


def test_messages_to_one_phone_are_few(service: list[dict[str, str]], adapter: Any) -> None:
    for _ in range(5):
        adapter.send_verification_code_sms(User(), "+4915112345678", "1")
    with pytest.raises(throttling.TooMany):
        adapter.send_verification_code_sms(User(), "+4915112345678", "1")
    assert len(service) == 5


def test_in_development_a_text_message_is_in_the_mailbox(folder: Path) -> None:
    text_messages.send("+4915112345678", "Your code: 4711")
    (found,) = mailbox.messages()
    assert (found.to, found.text.strip()) == ("+4915112345678", "Your code: 4711")
