"""Several server processes below one uvicorn parent (`--workers`)."""

from __future__ import annotations

import time
from pathlib import Path

import psutil
import pytest

from podium.server.web import UVICORN
from tests import processes

END_SECONDS = 30


@pytest.mark.slow
def test_server_processes_end_with_their_parent_that_was_killed(
    tmp_path: Path, transactional_db: None
) -> None:
    server = processes.start_server(tmp_path, (*UVICORN, "--workers", "2"))
    until = time.monotonic() + processes.START_SECONDS
    while server.log.read_text().count("startup complete") < 2:
        assert time.monotonic() < until, server.log.read_text()
        time.sleep(0.1)
    children = psutil.Process(server.process.pid).children(recursive=True)
    server.process.kill()
    server.process.wait()
    _, alive = psutil.wait_procs(children, END_SECONDS)
    for each in alive:
        each.kill()
    assert not alive, "they serve on, and a new start finds the port taken"
