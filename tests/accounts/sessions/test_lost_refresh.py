"""The response to a refresh gets lost between a real server and a real client. The client stays signed in."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.models import SecurityEvent, Session, User
from accounts.sessions import sessions
from podium.core import clock
from tests import processes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@dataclass
class Proxy:
    """A proxy that forwards connections to a server and can lose responses.

    lose       the number of responses to read from the server and drop
    meanwhile  called when a response has arrived, before it is dropped
    """

    server: str
    lose: int = 0
    lost: list[bytes] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None
    url: str = ""

    def serve(self, listening: socket.socket) -> None:
        while True:
            try:
                down, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self.pass_on, args=[down], daemon=True).start()

    def pass_on(self, down: socket.socket) -> None:
        host, port = self.server.removeprefix("http://").split(":")
        with down, socket.create_connection((host, int(port)), timeout=30) as up:
            threading.Thread(target=copy, args=[down, up], daemon=True).start()
            answer = b""
            while data := received(up):
                if self.lose:
                    answer += data
                    if answer.endswith(b"}"):  # the JSON body is complete
                        self.lose -= 1
                        self.lost.append(answer)
                        self.meanwhile()
                        break
                else:
                    down.sendall(data)
            for end in (up, down):  # close() alone does not wake the other thread
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)


def copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        return


def received(source: socket.socket) -> bytes:
    try:
        return source.recv(65536)
    except OSError:
        return b""


@contextmanager
def proxy(server: str) -> Iterator[Proxy]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = Proxy(server, url=f"http://127.0.0.1:{listening.getsockname()[1]}/")
        threading.Thread(target=made.serve, args=[listening], daemon=True).start()
        yield made


@pytest.fixture
def served(tmp_path: Path, settings: Any) -> dict[str, str]:
    settings.ACCOUNTS_SESSION_STRATEGY = "jwt"
    (tmp_path / "served.py").write_text(
        f"from tests.settings import *\nREALTIME_PREFIX = {settings.REALTIME_PREFIX!r}\n"
        "ACCOUNTS_SESSION_STRATEGY = 'jwt'\n"
        f"CACHES['default']['KEY_PREFIX'] = {settings.CACHES['default']['KEY_PREFIX']!r}\n"
    )
    return {"DJANGO_SETTINGS_MODULE": "served", "PYTHONPATH": str(tmp_path)}


def client_of(package: Any, url: str, issued: sessions.Issued) -> Any:
    """A generated client for this URL, whose access token is about to expire."""

    def refresh(text: str) -> Any:
        return client.jwt_refresh.refresh_access_token(refresh_token=text)

    runtime = package.runtime.auth
    given = runtime.Tokens(issued.token, clock.now(), issued.refresh_token)
    client = package.Client(url, auth=runtime.Auth(refresh=refresh))
    client.auth.set(given)
    client.auth._due = clock.now()
    return client


def days_go_by(days: int) -> None:
    for row in Session.objects.all():
        assert row.rotated_at is not None
        row.rotated_at -= timedelta(days=days)
        row.save()


@pytest.mark.parametrize("days", [0, 20])
def test_the_client_asks_again_and_stays_signed_in(
    anna: User, served: dict[str, str], tmp_path: Path, python_client: Any, days: int
) -> None:
    """Three answers in a row are lost; the fourth, at once or weeks later, arrives."""
    issued = sessions.issue(anna)
    with processes.server(tmp_path, **served) as server, proxy(server.url) as between:
        client = client_of(python_client, between.url, issued)
        with client:
            between.lose = 3
            for number in (1, 2, 3):
                with pytest.raises(python_client.NetworkError):
                    client.accounts.list_devices()
                assert (number, client.auth.is_signed_in) == (len(between.lost), True)
                days_go_by(days)
            assert all(b"podium_refresh_" in answer for answer in between.lost)
            assert [device.current for device in client.accounts.list_devices()] == [True]
            assert client.auth.token != issued.token
            client.auth._due = clock.now()
            assert len(client.accounts.list_devices()) == 1  # the chain continues
    assert not SecurityEvent.objects.filter(event="refresh_token_reused").exists()


def test_a_server_that_is_killed_before_it_answers_signs_nobody_out(
    anna: User, served: dict[str, str], tmp_path: Path, python_client: Any
) -> None:
    issued = sessions.issue(anna)
    first = processes.start_server(tmp_path, **served)
    with proxy(first.url) as between:
        client = client_of(python_client, between.url, issued)
        with client:
            between.lose, between.meanwhile = 1, first.process.kill
            with pytest.raises(python_client.NetworkError):
                client.accounts.list_devices()
            first.process.wait(30)
            assert Session.objects.get().rotated_at is not None  # it was committed
            with processes.server(tmp_path, **served) as second:
                between.server = second.url
                assert len(client.accounts.list_devices()) == 1
                assert client.auth.token != issued.token


def test_using_a_stolen_answer_ends_the_sign_in(
    anna: User, served: dict[str, str], tmp_path: Path, python_client: Any
) -> None:
    issued = sessions.issue(anna)
    with processes.server(tmp_path, **served) as server, proxy(server.url) as between:
        client = client_of(python_client, between.url, issued)
        with client:
            between.lose = 1
            with pytest.raises(python_client.NetworkError):
                client.accounts.list_devices()
            days_go_by(1)
            assert len(client.accounts.list_devices()) == 1
            start = between.lost[0].index(b"podium_refresh_")
            stolen = between.lost[0][start : between.lost[0].index(b'"', start)].decode()
            theft = python_client.serverpod_auth_core_module.RefreshTokenInvalidSecretException
            with pytest.raises(theft):
                client.jwt_refresh.refresh_access_token(refresh_token=stolen)
            with pytest.raises(python_client.UnauthorizedError):
                client.accounts.list_devices()
            assert not client.auth.is_signed_in
    assert SecurityEvent.objects.filter(event="refresh_token_reused", user=anna).exists()
