"""The options of `manage.py serve`, and its refusals that need no process."""

from __future__ import annotations

import argparse
import socket
import time
from typing import Any

import pytest
import redis
from django.core.management import CommandError, call_command

from podium.core import processes
from podium.server import preflight
from podium.server.management.commands import serve


def test_refuses_development_and_names_the_command_for_it(settings: Any) -> None:
    settings.DEVELOPMENT = True
    with pytest.raises(CommandError, match=r"DATABASE_URL is not set.*manage.py dev"):
        call_command("serve", skip_checks=True)


def test_reports_a_redis_that_does_not_answer_without_its_password(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight, "_ask_postgres", lambda: None)
    said: list[str] = []
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # refuses connections: nobody listens
        settings.REDIS_URL = f"redis://:secret-word@127.0.0.1:{silent.getsockname()[1]}/0"
        with pytest.raises(CommandError, match=r"Redis does not answer(.|\n)*REDIS_URL") as refused:
            preflight.wait_for_services(0, said.append)
    assert "secret-word" not in str(refused.value)


def test_reports_a_service_whose_error_has_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask() -> None:
        raise redis.TimeoutError

    monkeypatch.setattr(preflight, "_ask_postgres", lambda: None)
    monkeypatch.setattr(preflight, "_ask_redis", ask)
    with pytest.raises(CommandError, match="Redis does not answer: TimeoutError"):
        preflight.wait_for_services(0, print)


def test_refuses_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} is taken.*--bind"):
            serve.listen(("127.0.0.1", port))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("127.0.0.1:8000", ("127.0.0.1", 8000)), ("[::1]:80", ("::1", 80)), ("localhost:1", ("localhost", 1))],
)
def test_reads_addresses(text: str, expected: tuple[str, int]) -> None:
    assert serve.address(text) == expected


@pytest.mark.parametrize("text", ["8000", ":8000", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536", "a:b"])
def test_refuses_what_is_not_an_address(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is not an address"):
        serve.address(text)


def test_refuses_unknown_roles() -> None:
    assert serve.roles("worker, scheduler") == ["worker", "scheduler"]
    for text in ("web,mail", "", ","):
        with pytest.raises(argparse.ArgumentTypeError, match="web, worker, scheduler"):
            serve.roles(text)


def test_reports_parts_that_keep_ending(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_ends", None)
    assert not processes.are_supervised()
    monkeypatch.setattr(time, "time", lambda: 1000.0)
    processes.note({"web": [(990.0, "by signal SIGKILL")] * 2, "worker": [(100.0, "with exit status 1")] * 9})
    assert processes.are_supervised() and processes.unstable() == []
    processes.note({"web": [(990.0, "by signal SIGKILL")] * 3})
    assert processes.unstable() == ["web ended 3 times within 10 minutes, the last time by signal SIGKILL"]
