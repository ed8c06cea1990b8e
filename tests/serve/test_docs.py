"""The pages about deploying: their tables have all options and files. tests/docs checks their commands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from podium.server import deployment
from podium.server.management.commands import serve
from podium.server.serve import KILLED
from podium.server.web import UVICORN

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
PAGE = (HOW_TO / "deploying.md").read_text()


def test_the_table_has_all_options_of_serve() -> None:
    parser = serve.Command().create_parser("manage.py", "serve")
    mine = {
        option
        for action in parser._actions
        for option in action.option_strings
        if action.dest
        in ("bind", "workers", "roles", "concurrency", "drain_seconds", "wait_seconds", "migrate")
    }
    assert set(re.findall(r"^\| `(--[\w-]+)", PAGE, re.MULTILINE)) == mine
    assert f"| `--drain-seconds N` | {serve.DRAIN_SECONDS} |" in PAGE
    assert f"| `--wait-seconds N` | {serve.WAIT_SECONDS} |" in PAGE
    assert f"\n| {KILLED} | stopped, but" in PAGE


def test_the_files_of_each_target_are_named() -> None:
    docker = (HOW_TO / "run-in-docker.md").read_text()
    for name in deployment.render("compose"):
        assert f"`{name}`" in docker
    systemd = (HOW_TO / "run-with-systemd.md").read_text()
    for name in ("shop.service", "shop-backup.service", "shop-backup.timer", "backup.sh"):
        assert f"`deploy/{name}`" in systemd


def test_the_options_of_uvicorn_are_those_of_serve() -> None:
    start = PAGE.index("    uvicorn config.asgi:application")
    command = shlex.split(PAGE[start : PAGE.index("    celery -A", start)].replace("\\\n", " "))
    assert set(UVICORN) <= set(command)
