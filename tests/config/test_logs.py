"""The log of a real server: clients cannot forge lines, and no secret address is logged."""

from __future__ import annotations

import json
import logging
import re
import socket
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from django.db import connection
from websockets.sync.client import connect

from accounts.data import export
from accounts.models import SecurityEvent, User
from files import addresses, uploads
from files.models import StoredFile
from monitoring.models import CallLog
from podium.core import clock, storages
from podium.core.logs import LONGEST, Record, one_line, redacted, shown
from tests import processes
from tests.processes import Server

FORGED = "INFO podium.accounts: signed_in user=forged"
ATTACKS = [
    f"x{end}{FORGED}" for end in ("\n", "\r", "\r\n", "\x0b", "\x85", "\u2028", "\x1b[2K\x1b[1G", "\u202e")
]
RECORD = re.compile(r"(DEBUG|INFO|WARNING|ERROR|CRITICAL)[ :].*|    .*")
ACCESS_LOG = ("uvicorn", "config.asgi:application")
"""Without --no-access-log: secrets must stay safe even if that option is forgotten."""


@pytest.fixture
def server(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    more = {"DJANGO_SETTINGS_MODULE": "tests.config.hostile_settings", "LOG_LEVEL": "DEBUG"}
    with processes.server(tmp_path, ACCESS_LOG, MEDIA_ROOT=str(tmp_path), **more) as running:
        yield running


def lines_of(server: Server) -> list[str]:
    """All lines, split as any program would split them. A stopped server has written everything."""
    server.stop()
    return server.log.read_text().splitlines()


def assert_only_records(lines: list[str]) -> None:
    assert [line for line in lines if not RECORD.fullmatch(line) or not line.isprintable()] == []
    assert [line for line in lines if line.startswith(FORGED)] == []


def send_raw(server: Server, request: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
        connection.sendall(request)
        connection.recv(65536)


def open_stream(server: Server, **changed: Any) -> None:
    head = {"en": "streams", "m": "countTo", "cid": str(uuid.uuid4()), "args": "{}", "is": [], **changed}
    with connect(server.socket) as socket:
        socket.send(json.dumps({"type": "omsc", "data": head}, ensure_ascii=False))
        socket.recv(timeout=10)


@pytest.mark.slow
def test_no_client_makes_a_line_of_the_log(server: Server) -> None:
    with httpx.Client(base_url=server.url, timeout=20) as client:
        for attack in ATTACKS:
            name = quote(attack, safe="")
            for path in (
                f"/{name}",
                f"/echo/{name}",
                f"/{name}/x",
                f"/api/{name}",
                f"/admin/{name}",
                f"/uploads/{name}",
            ):
                client.post(path, json={})
                client.get(path)
            client.post("/echo/log", json={"text": attack})
            client.post("/failing/says", json={"text": attack})
            client.post("/echo/", params={"method": attack})
            open_stream(server, en=attack)
            open_stream(server, m=attack)
            open_stream(server, args=json.dumps({"end": attack}))
            with connect(server.socket) as socket:
                socket.send(json.dumps({"type": attack, "data": {attack: attack}}))
                socket.recv(timeout=10)
            client.post("/anonymousIdp/login", json={"token": attack})
            client.post("/emailIdp/login", json={"email": f"{attack}@example.com", "password": attack})
            client.post("/account/login/", data={"login": f"{attack}@example.com", "password": attack})
            client.post("/files/startUpload", json={"name": attack, "size": 1, "contentType": attack})
            said = attack.encode("latin-1", "ignore").replace(b"\r", b"").replace(b"\n", b"")
            for header in (
                b"user-agent",
                b"x-forwarded-for",
                b"host",
                b"referer",
                b"origin",
                b"authorization",
            ):
                for target in (b"/failing/bug", b"/emailIdp/login", b"/nowhere/at/all"):
                    head = b"POST %b HTTP/1.1\r\nhost: s\r\ncontent-length: 0\r\n%b: %b\r\n\r\n"
                    send_raw(server, head % (target, header, said))
    lines = lines_of(server)
    assert_only_records(lines)
    assert sum(FORGED in line for line in lines) > 20  # they are present, each inside a record
    assert not CallLog.objects.filter(name__regex=r"[\n\r\u2028\x1b]").exists()
    assert not SecurityEvent.objects.filter(user_agent__regex=r"[\n\r\u2028\x1b]").exists()


@pytest.mark.slow
@pytest.mark.parametrize("letter", ["a", "\u2028", "\U000e0001"])
def test_no_client_fills_the_log(server: Server, letter: str) -> None:
    """Half a megabyte in any logged value takes little disk space and does not delay other requests."""
    long = letter * (480_000 // len(letter.encode()))
    before = server.log.stat().st_size
    for changed in ({"en": long}, {"m": long}, {"en": "streams", "m": long}, {"args": f'{{"{long}": 1}}'}):
        open_stream(server, **changed)
    with connect(server.socket) as socket:
        socket.send(json.dumps({"type": long}, ensure_ascii=False))
        socket.recv(timeout=10)
    with httpx.Client(base_url=server.url, timeout=20) as client:
        for path, body in {"/echo/log": {"text": long}, "/failing/says": {"text": long}}.items():
            client.post(path, content=json.dumps(body, ensure_ascii=False).encode())
        client.post("/echo/", content=json.dumps({"method": long}, ensure_ascii=False).encode())
        client.post("/nowhere/at/all", params={"a": "a" * 15_000})
    lines = lines_of(server)
    assert_only_records(lines)
    assert server.log.stat().st_size - before < 600_000  # more than four megabytes were sent
    assert max(map(len, lines)) < 10 * LONGEST + 1000


@pytest.mark.parametrize("letter", ["a", "\u2028", ":a", "://", "Bearer a ", "/uploads/upload/ "])
def test_a_long_line_takes_little_time(letter: str) -> None:
    text = letter * (500_000 // len(letter))
    started = time.process_time()
    for _ in range(10):
        record = Record("podium", logging.INFO, __file__, 1, "%s", (text,), None)
        assert len(record.getMessage()) < 10 * LONGEST
    assert time.process_time() - started < 0.8  # without the cut it takes two seconds or more


@pytest.mark.parametrize(
    "secret",
    [
        "/uploads/download/0189-abc:{}",
        "https://s3/b/key?X-Amz-Signature={}",
        "redis://:{}@redis:6379/0",
        "Authorization: Bearer {}",
        "abc:{}",
    ],
)
def test_shortening_a_long_line_leaves_no_secret(secret: str) -> None:
    key = "s3cret" * 7 + "k"  # 43 characters, as a signature
    text = "long " * 10_000
    for where in (*range(4500, 5500, 7), *range(-5500, -4500, 7)):
        assert "s3cret" not in shown(f"{text[:where]} {secret.format(key)} {text[where:]}")


def test_a_traceback_is_indented_under_its_record() -> None:
    try:
        raise ValueError(f"a\n{FORGED}")
    except ValueError as error:
        record = Record(
            "podium",
            logging.ERROR,
            __file__,
            1,
            "%s failed",
            ("a\nb",),
            (ValueError, error, error.__traceback__),
        )
    text = logging.Formatter("%(levelname)s %(name)s: %(message)s").format(record)
    assert text.splitlines()[0] == "ERROR podium: a\\nb failed"
    assert all(line.startswith("    ") for line in text.splitlines()[1:]) and FORGED in text


@pytest.mark.slow
def test_no_secret_address_reaches_a_log(server: Server, settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": storages.backend("", folder=str(tmp_path))}
    anna = User.objects.create_user("anna@example.com", password="correct horse battery")
    secrets: list[str] = []
    with httpx.Client(base_url=server.url, timeout=20) as client:

        def ask(method: str, path: str, secret: str, *statuses: int, **more: Any) -> None:
            secrets.append(secret)
            answer = client.request(method, path, **more)
            assert answer.status_code in statuses, (
                method,
                path.replace(secret, "SECRET"),
                answer.status_code,
            )

        refused = [("DELETE", b"", 405), ("PUT", b"too much", 413), ("PUT", b"", 400)]
        for method, body, status in [*refused, ("PUT", b"12345", 200)]:
            file = uploads.start(owner=anna, name="a.txt", size=5, content_type="text/plain")
            token = uploads.token(file)
            ask(method, f"/uploads/upload/{token}", token, status, content=body)
        ask("PUT", f"/uploads/upload/{token}", token, 409, content=b"12345")
        late = uploads.start(owner=anna, name="a.txt", size=5, content_type="text/plain")
        StoredFile.objects.filter(pk=late.pk).update(expires_at=clock.now() - timedelta(minutes=1))
        ask("PUT", f"/uploads/upload/{uploads.token(late)}", uploads.token(late), 410, content=b"12345")
        ask("GET", f"/elsewhere/{uploads.token(late)}", uploads.token(late), 404)
        file = uploads.finish(owner=anna, upload_id=file.pk)
        signed = addresses.download(file)[0].rpartition("/")[2]
        ask("GET", f"/uploads/download/{signed}", signed, 200)
        ask("GET", f"/uploads/download/{signed}", signed, 416, headers={"range": "bytes=99-"})
        ask("POST", f"/uploads/download/{signed}", signed, 405)
        ask("GET", f"/uploads/download/{signed}x", signed, 404)
        ask("GET", f"//uploads//download/{signed}", signed, 404)
        ask("GET", f"/%75ploads/nothing/{quote(signed, safe='')}", signed, 404)
        ask("GET", "/nowhere/", signed, 404, headers={"referer": f"https://s/uploads/download/{signed}"})
        data = export.address(anna)[0].rstrip("/").rpartition("/")[2]
        ask("GET", f"/account/data/{data}/", data, 200)
        ask("POST", f"/account/data/{data}/", data, 403, 405)
        for path in ("/account/confirm-email/{}/", "/account/password/reset/key/1-{}/", "/nowhere/?key={}"):
            ask("GET", path.format("a1b2c3-secret-key"), "a1b2c3-secret-key", 200, 302, 404, 405)
            ask("DELETE", path.format("a1b2c3-secret-key"), "a1b2c3-secret-key", 302, 403, 404, 405)
        ask(
            "GET",
            "/account/google/login/callback/?code=c0de-secret&state=st4te",
            "c0de-secret",
            200,
            302,
            401,
            404,
        )
        ask("POST", "/failing/says", "s3cret-pass", 500, json={"text": "redis://:s3cret-pass@redis:6379/0"})
    text = "\n".join(lines_of(server))
    stored = everything_in(
        "monitoring_calllog", "monitoring_logentry", "monitoring_querylog", "accounts_securityevent"
    )
    for secret in secrets:
        for form in {secret, quote(secret, safe="")}:
            assert form not in text and form not in stored
    assert "/uploads/download/***" in text and "/account/password/reset/key/***" in text


def everything_in(*tables: str) -> str:
    with connection.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET /a?b=c&d=e", "GET /a?***"),
        ("https://s3/b/key?X-Amz-Signature=abc HTTP", "https://s3/b/key?*** HTTP"),
        ("postgresql://user:pass@host/db", "postgresql://***@host/db"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ("what? a=b", "what? a=b"),
        ('expected "String?", got {"a": 1}', 'expected "String?", got {"a": 1}'),
        ("/uploads/download/abc and more", "/uploads/download/*** and more"),
    ],
)
def test_secrets_are_left_out_of_a_log(text: str, shown: str) -> None:
    assert redacted(text) == shown


def test_text_of_any_language_stays_readable() -> None:
    assert one_line("Grüße, 你好, Привет 👋") == "Grüße, 你好, Привет 👋"
    assert one_line("a\tb\x1b[31m\u2066") == r"a\tb\x1b[31m\u2066"


@pytest.mark.parametrize(
    "piece", ["/", "?", "a", "%", ":", "://", "Bearer ", "/uploads/", "/uploads/upload/"]
)
def test_the_time_for_a_line_grows_with_its_length_alone(piece: str) -> None:
    started = time.process_time()
    redacted(piece * (1_000_000 // len(piece)))
    assert time.process_time() - started < 5  # a quadratic pattern takes minutes
