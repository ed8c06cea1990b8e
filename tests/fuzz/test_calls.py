"""Every call and REST resource of a real server under schemathesis, from the server's own description."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import psutil
import pytest

from tests.processes import Server, start_server

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "10"))
"""Random requests to each call and resource, besides those that schemathesis derives from the types."""
CHECKS = "not_a_server_error,response_schema_conformance,content_type_conformance"
GROWTH = 20 * 1024 * 1024
"""Bytes that thousands of requests may add once the server is warm; one leaked request body would be more."""


@pytest.fixture
def server(tmp_path: Path):
    server = start_server(tmp_path)
    yield server
    server.stop()


def fuzz(server: Server, token: str, seed: int, folder: Path) -> None:
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        f"{server.url}/api/schema/?format=json",
        f"--header=Authorization: Bearer {token}",
        f"--checks={CHECKS}",
        "--phases=coverage,fuzzing",
        f"--max-examples={EXAMPLES}",
        "--generation-database=none",
        # They would end the run's own credential: after 50 sign-ins, a user loses the first of them.
        "--exclude-path-regex=signOut|revoke|changePassword|delete|anonymousIdp",
        "--no-color",
        f"--seed={seed}",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr


def test_arbitrary_requests_break_nothing_and_leak_nothing(server: Server, tmp_path: Path) -> None:
    with urllib.request.urlopen(f"{server.url}/anonymousIdp/login", b"{}") as answer:
        token = json.load(answer)["token"]
    process = psutil.Process(server.process.pid)
    fuzz(server, token, 1, tmp_path)
    warm = process.memory_info().rss
    fuzz(server, token, 2, tmp_path)
    assert process.memory_info().rss - warm < GROWTH
    assert "Traceback" not in server.log.read_text()
    asked = urllib.request.Request(
        f"{server.url}/notes/listNotes", b"{}", {"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(asked) as answer:
        assert isinstance(json.load(answer), list)
