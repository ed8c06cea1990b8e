"""Connections that are reused, also after pauses that load balancers and apps make."""

from __future__ import annotations

import time

import pytest

from podium.core import project
from podium.server.web import HTTP, UVICORN
from tests.abuse import raw
from tests.processes import Server

pytestmark = pytest.mark.slow


def test_a_connection_is_used_again_after_5_6_and_61_seconds(server: Server) -> None:
    """Load balancers keep connections for 60 s, Dart's HttpClient for 15 s."""
    body = b'{"text": "abc"}'
    request = raw.head("POST /open/length", f"content-length: {len(body)}") + body
    with raw.connect(server) as client:
        for pause in (0, 5, 6, 61):
            time.sleep(pause)
            raw.send(client, [request])
            assert raw.read_answer(client) == (200, b"3"), f"after {pause} s"


def test_the_documented_command_has_the_options_of_serve() -> None:
    page = (project.ROOT / "docs" / "how-to" / "deploying.md").read_text()
    command = page.partition("    uvicorn ")[2].partition("    celery")[0].replace("\\\n", " ").split()
    missing = [option for option in UVICORN[1:] if option not in command]
    assert not missing, f"docs/how-to/deploying.md lacks {missing}"
    assert " ".join(HTTP) in " ".join(command)
    assert int(HTTP[HTTP.index("--timeout-keep-alive") + 1]) > 60
