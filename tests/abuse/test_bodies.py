"""Request bodies: unwanted data is not read, slow clients are given up, and no thread waits for a client."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.abuse import raw
from tests.abuse.conftest import running
from tests.processes import Server

pytestmark = pytest.mark.slow

MEGABYTE = 1024 * 1024
CHUNK = b"10000\r\n" + b"a" * 65536 + b"\r\n"
MULTIPART = b'--b\r\ncontent-disposition: form-data; name="f"; filename="f"\r\n\r\n'
FORM = "content-type: multipart/form-data; boundary=b"
PATHS = ["/account/login/", "/admin/login/", "/_allauth/browser/v1/auth/login", "/api/notes/", "/livez", "/"]


@pytest.mark.parametrize("path", [*PATHS, "/open/length", "/static/admin/css/base.css", "/nowhere"])
def test_a_large_body_is_refused_before_it_comes(server: Server, path: str) -> None:
    request = raw.head(f"POST {path}", FORM, "content-length: 300000000")
    status, _ = raw.ask(server, request + MULTIPART)
    assert status == (404 if path.startswith(("/nowhere", "/static")) else 413)


@pytest.mark.parametrize("path", PATHS)
def test_a_body_without_a_length_is_refused_when_it_is_too_large(server: Server, path: str) -> None:
    before = _disk_written(server)
    with raw.connect(server) as client:
        raw.send(client, [raw.head(f"POST {path}", FORM, "transfer-encoding: chunked")])
        raw.send(client, [b"%x\r\n%s\r\n" % (len(MULTIPART), MULTIPART), *[CHUNK] * 800])
        assert raw.read_answer(client)[0] == 413
    assert _disk_written(server) - before < 2 * MEGABYTE


def _disk_written(server: Server) -> int:
    """Bytes that the server wrote to files and sockets."""
    return psutil.Process(server.process.pid).io_counters().write_chars


def test_a_view_may_take_more(server: Server) -> None:
    for size, status in ((2 * MEGABYTE, 200), (5 * MEGABYTE, 413)):
        answer = httpx.post(f"{server.url}/strangers/large", content=b"a" * size, timeout=raw.PATIENCE)
        assert answer.status_code == status
    answer = httpx.post(
        f"{server.url}/strangers/large", content=iter([b"a" * MEGABYTE] * 2), timeout=raw.PATIENCE
    )
    assert answer.json() == {"size": 2 * MEGABYTE}


def test_many_parts_and_fields_cost_little(server: Server) -> None:
    """Django accepts 1000 fields and 100 files."""
    part = b'--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n\r\n'
    for body, kind in (
        (part * 8000 + b"--b--", "multipart/form-data; boundary=b"),
        (b"a=&" * 100_000, "application/x-www-form-urlencoded"),
        (b"--b" * 100_000, "multipart/form-data; boundary=b"),
    ):
        started = time.monotonic()
        answer = httpx.post(
            f"{server.url}/account/login/", content=body, headers={"content-type": kind}, timeout=raw.PATIENCE
        )
        assert answer.status_code in (400, 403) and time.monotonic() - started < 10


def test_a_compressed_answer_stays_compressed(server: Server) -> None:
    headers = {"content-encoding": "gzip"}
    answer = httpx.post(f"{server.url}/open/length", content=b"\x1f\x8b" + bytes(1000), headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["/open/length", "/account/login/"])
@pytest.mark.parametrize("length", ["content-length: 5000", "transfer-encoding: chunked"])
def test_a_body_that_comes_in_drops_is_given_up(server: Server, path: str, length: str) -> None:
    with raw.connect(server) as client:
        raw.send(client, [raw.head(f"POST {path}", FORM, length)])
        started = time.monotonic()
        raw.drip(client, b"1\r\na\r\n" * 100, each=1, pause=0.3)
        assert raw.read_answer(client)[0] == 408
        assert time.monotonic() - started < 20


def test_a_client_that_is_slow_but_moves_is_waited_for(server: Server) -> None:
    """The body takes five times as long as one without progress may."""
    body = b'{"text": "%s"}' % (b"a" * 30_000)
    with raw.connect(server) as client:
        raw.send(client, [raw.head("POST /open/length", f"content-length: {len(body)}")])
        raw.drip(client, body, each=1000, pause=0.5)
        assert raw.read_answer(client) == (200, b"30000")


@contextlib.contextmanager
def slow_posts(server: Server, count: int, path: str, sent: int = 0) -> Iterator[None]:
    """Requests whose bodies start and then stop."""
    begun = raw.head(f"POST {path}", FORM, f"content-length: {sent + 1000}") + b"a" * sent
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            client = stack.enter_context(raw.connect(server))
            raw.send(client, [begun])
        time.sleep(0.5)
        yield


@pytest.mark.parametrize("sent", [10, 600_000])
@pytest.mark.parametrize(
    "path", ["/account/login/", "/uploads/upload/x:y", "/strangers/large", "/open/length"]
)
def test_slow_bodies_hold_no_threads(server: Server, path: str, sent: int) -> None:
    with slow_posts(server, 70, path, sent):
        for url in ("/static/admin/css/base.css", "/livez", "/account/login/", "/uploads/strangers"):
            assert httpx.head(f"{server.url}{url}", timeout=2.5).status_code == 200
        raw.hello(server)


def test_of_an_address_only_so_many_bodies_are_waited_for(django_db_setup: None, tmp_path: Path) -> None:
    with running(tmp_path, READ_SECONDS="60") as server, contextlib.ExitStack() as stack:
        clients = [stack.enter_context(raw.connect(server)) for _ in range(80)]
        for client in clients:
            raw.send(client, [raw.head("POST /open/length", "content-length: 100")])
            time.sleep(0.01)
        for client in clients[:16]:
            assert raw.read_answer(client)[0] == 408
        assert not any(raw.is_readable(client, 0.01) for client in clients[16:])
        raw.hello(server)


# Uploads through the server -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def with_accounts(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("accounts")
    (media := folder / "media").mkdir()
    with running(folder, AUTHENTICATE="accounts.sessions.sessions.resolve", MEDIA_ROOT=str(media)) as server:
        yield server


@pytest.fixture
def accounts(with_accounts: Server, transactional_db: None) -> Server:
    """A server with accounts that stores files in a folder of its own."""
    return with_accounts


def start_upload(server: Server, size: int) -> str:
    token = httpx.post(f"{server.url}/anonymousIdp/login", json={}).json()["token"]
    ticket = httpx.post(
        f"{server.url}/files/startUpload",
        json={"name": "a", "size": size, "contentType": "a/b"},
        headers={"authorization": f"Bearer {token}"},
    )
    url: str = json.loads(ticket.json()["description"])["url"]
    return url.removeprefix(server.url)


def test_of_an_upload_nobody_asked_for_nothing_is_read(server: Server) -> None:
    for token in ("x", "x:y", "01890000-0000-7000-8000-000000000000:forged"):
        head = raw.head(f"PUT /uploads/upload/{token}", "content-length: 50000000", "expect: 100-continue")
        assert raw.ask(server, head)[0] == 404, "and not 100"


def test_an_upload_that_moves_is_not_cut_off(accounts: Server) -> None:
    path = start_upload(accounts, 60_000)
    with raw.connect(accounts) as client:
        raw.send(client, [raw.head(f"PUT {path}", "content-length: 60000")])
        raw.drip(client, b"a" * 60_000, each=3000, pause=0.5)
        assert raw.read_answer(client)[0] == 200


def test_slow_uploads_hold_no_threads(accounts: Server) -> None:
    paths = [start_upload(accounts, MEGABYTE) for _ in range(20)]
    with contextlib.ExitStack() as stack:
        for path in paths:
            client = stack.enter_context(raw.connect(accounts))
            raw.send(client, [raw.head(f"PUT {path}", f"content-length: {MEGABYTE}") + b"a" * 700_000])
        time.sleep(0.5)
        assert httpx.get(f"{accounts.url}/static/admin/css/base.css", timeout=2.5).status_code == 200


def test_the_newer_of_two_senders_of_an_upload_is_the_real_one(accounts: Server) -> None:
    path = start_upload(accounts, 60_000)
    head = raw.head(f"PUT {path}", "content-length: 60000")
    with raw.connect(accounts) as lost, raw.connect(accounts) as again:
        raw.send(lost, [head + b"a" * 30_000])
        time.sleep(0.3)
        raw.send(again, [head + b"a" * 60_000])
        assert raw.read_answer(again)[0] == 200
        assert raw.read_answer(lost)[0] == 408


def test_staff_may_send_large_forms(accounts: Server) -> None:
    user = get_user_model().objects.create_superuser(email="staff@example.com", password="a-long-password")
    browser = Client()
    browser.force_login(user)
    url = f"{accounts.url}/admin/auth/group/add/"
    cookies = {name: each.value for name, each in browser.cookies.items()}
    for given, status in ((cookies, 403), ({}, 413), ({"sessionid": "forged"}, 413)):
        answer = httpx.post(url, files={"f": b"a" * 2 * MEGABYTE}, cookies=given, timeout=raw.PATIENCE)
        assert answer.status_code == status, "403: it was read, and had no CSRF token"
