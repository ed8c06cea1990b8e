"""Pieces of `manage.py dev` that need no running server."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from podium.core import project
from podium.dev import development, part, supervisor
from podium.dev.progress import Progress
from podium.server import failures


def test_the_server_of_dev_has_the_options_of_production() -> None:
    given = part.config()
    assert (given.app, given.http, given.ws) == (
        "config.asgi:application",
        "podium.endpoints.http:Protocol",
        "realtime.websocket:Protocol",
    )
    assert (given.access_log, given.ws_per_message_deflate, given.timeout_keep_alive) == (False, False, 75)


def test_a_phase_that_lasts_is_repeated_until_it_ends() -> None:
    said: list[str] = []
    repeated = threading.Event()

    def say(line: str) -> None:
        said.append(line)
        if len(said) > 2:
            repeated.set()

    with Progress(say, seconds=0.01) as progress:
        progress.phase("Applying migrations")
        assert repeated.wait(30)
        progress.phase("")
    assert said[0] == "Applying migrations ..."
    assert set(said[1:]) == {"  Applying migrations: 0 s"}


LATER = """
import sys
from pathlib import Path
from podium.dev import snapshot

root = Path(sys.argv[1])
sys.path.insert(0, str(root))
snapshot.take(root)
(root / "shop.py").write_text("PRICE = 'the changed one'")
(root / "new.py").write_text("PRICE = 'of a new file'")
import shop, new
print(shop.PRICE, "and", new.PRICE)
"""


def test_a_module_imported_later_is_as_it_was_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text("PRICE = 'the old one'")
    ran = subprocess.run([sys.executable, "-c", LATER, tmp_path], capture_output=True, text=True, check=False)
    assert ran.stdout.strip() == "the old one and of a new file", ran.stderr


def test_a_block_has_place_message_and_line() -> None:
    file = project.ROOT / "shop" / "endpoints.py"
    with pytest.raises(SyntaxError) as raised:
        compile("def total(:\n", str(file), "exec")
    assert failures.block(raised.value) == "shop/endpoints.py:1: SyntaxError: invalid syntax"
    raised.value.filename, raised.value.lineno = str(project.ROOT / "manage.py"), 1
    assert failures.block(raised.value).splitlines()[1] == "    #!/usr/bin/env python3"


def test_a_fault_outside_the_project_has_its_traceback() -> None:
    with pytest.raises(json.JSONDecodeError) as raised:
        json.loads("{")
    assert raised.value.__traceback__ is not None
    block = failures.block(raised.value.with_traceback(raised.value.__traceback__.tb_next))
    assert block.startswith("Traceback") and "json/decoder.py" in block


def test_nothing_is_in_progress_once_it_is_ready(capsys: pytest.CaptureFixture[str]) -> None:
    said: list[str] = []
    progress = Progress(said.append)
    with socket.socket() as listening:
        dev = development.Development("127.0.0.1", 8000, listening, progress, 0)
        progress.phase("Starting the server")
        dev._announce(supervisor.Report(ready=True))
    assert "Podium is ready" in capsys.readouterr().out
    assert progress._phase == ""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("shop/migrations/0002_more.py", True),
        ("config/settings.py", True),  # an app that is installed brings its own
        (".env", True),
        ("requirements.txt", True),
        ("shop/endpoints.py", False),
    ],
)
def test_files_that_may_bring_migrations(path: str, expected: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
    assert development.may_need_migrations(project.ROOT / path) == expected


async def test_a_line_of_any_length_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    output = asyncio.StreamReader(limit=1000)
    output.feed_data(b"short\n" + b"x" * 2500 + b"\nrest")
    output.feed_eof()
    process: Any = SimpleNamespace(stdout=output)
    shown = supervisor.Part("web", [], print, asyncio.Event(), process=process)
    await shown._show()
    lines = capsys.readouterr().out.splitlines()
    assert (lines[0], lines[-1]) == ("      web | short", "      web | rest")
    assert sum(line.count("x") for line in lines) == 2500
