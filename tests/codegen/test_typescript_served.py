"""A generated TypeScript client against the real server."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests import processes
from tests.codegen.test_typescript import compiled, compiler, nodes
from tests.notes import generated

__all__ = ["compiler"]


@pytest.mark.slow
@pytest.mark.usefixtures("transactional_db")
def test_an_app_in_typescript_works_with_the_server(compiler: list[str], tmp_path: Path) -> None:
    client = compiled(compiler, tmp_path, generated.client("typescript"))
    script = str(Path(__file__).with_name("typescript_served.test.mjs"))
    with processes.server(tmp_path) as running:
        host = f"{running.url}/"
        for node in nodes():
            environment = {**os.environ, "CLIENT": str(client), "HOST": host}
            done = subprocess.run(
                [node, "--test", "--test-reporter=spec", script],
                env=environment,
                capture_output=True,
                text=True,
                timeout=60,
            )
            assert done.returncode == 0, done.stdout + done.stderr
