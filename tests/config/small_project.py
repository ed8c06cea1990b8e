"""A project of one app that leaves out others, as an installed platform has it: written to a folder, and tried there.

Run as a program, in the project's folder, it tries the whole project in one process and prints what it found as JSON.
"""

from __future__ import annotations

import io
import json
import shutil
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
SETTINGS = """\
from podium.settings import *
from podium.settings import INSTALLED_APPS, leave_out

leave_out({apps})
INSTALLED_APPS += ["hello"]
ACCOUNTS_SIGN_IN = ["email", "anonymous"]
"""
ENDPOINTS = """\
from podium.endpoints.calls import Call
from podium.endpoints.endpoint import Endpoint


class HelloEndpoint(Endpoint):
    async def hello(self, call: Call, name: str) -> str:
        return f"Hello {name}"
"""


def write(folder: Path, *left_out: str) -> None:
    """Make the project."""
    shutil.copytree(CHECKOUT / "config", folder / "config", ignore=shutil.ignore_patterns("__pycache__"))
    apps = ", ".join(f'"{each}"' for each in left_out)
    (folder / "config" / "settings.py").write_text(SETTINGS.format(apps=apps))
    (folder / "hello").mkdir()
    (folder / "hello" / "__init__.py").touch()
    (folder / "hello" / "endpoints.py").write_text(ENDPOINTS)
    (folder / "manage.py").write_text((CHECKOUT / "manage.py").read_text())


def try_out() -> dict[str, Any]:
    """Everything a project does, in this process."""
    import django

    django.setup()
    from django.core.management import call_command

    output = io.StringIO()
    call_command("check", stdout=output, stderr=output)
    call_command("migrate", verbosity=0)
    call_command("generate", stdout=io.StringIO())
    found = {"check": output.getvalue(), "clients": sorted(each.name for each in Path("clients").iterdir())}
    call_command("cleanup", stdout=io.StringIO())
    from django.contrib.auth import get_user_model

    get_user_model().objects.create_superuser("admin@example.com", "correct horse battery 7")
    return found | served()


def served() -> dict[str, Any]:
    """Answers of the server, over sockets."""
    import uvicorn

    config = uvicorn.Config(
        "config.asgi:application",
        port=0,
        http="podium.endpoints.http:Protocol",
        ws="realtime.websocket:Protocol",
        log_level="warning",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        return answers(f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        thread.join()


def answers(url: str) -> dict[str, Any]:
    account = json.loads(post(f"{url}/anonymousIdp/login", {})[1])
    return {
        "hello": post(f"{url}/hello/hello", {"name": "Anna"}),
        "signed_in": "token" in account,
        "health": json.loads(ask(f"{url}/readyz")[1]),
        "socket": handshake(f"{url}/v1/websocket"),
        "upload": ask(f"{url}/uploads/download/x", {"X-Forwarded-Proto": "https"})[0],
        "admin": admin(),
    }


def handshake(url: str) -> tuple[int, str]:
    """The answer to a socket's handshake."""
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    try:
        with connect(url.replace("http", "ws")):
            return 101, ""
    except InvalidStatus as refused:
        return refused.response.status_code, (refused.response.body or b"").decode()


def admin() -> dict[str, int]:
    """The admin's front page, and the lists of all models in it."""
    from django.contrib import admin
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.urls import reverse

    browser = Client()
    browser.force_login(get_user_model().objects.get(email="admin@example.com"))
    names = [f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]
    pages = [reverse("admin:index"), *(reverse(f"admin:{name}_changelist") for name in names)]
    return {page: browser.get(page, secure=True).status_code for page in pages}


def post(url: str, arguments: dict[str, Any]) -> tuple[int, str]:
    return ask(url, {"Content-Type": "application/json"}, json.dumps(arguments).encode())


def ask(url: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers or {}), timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    sys.stdout.write(json.dumps(try_out()))
