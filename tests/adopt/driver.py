"""Run commands of manage.py and requests of clients in a checkout, in one process, which saves many starts.

Reads steps as JSON: {"command": [...]} or {"post": path, "json": {...}, "authorization": "..."}. Writes a list of
their results: {"status": 0, "output": ""} or {"status": 200, "json": ...}.
"""

from __future__ import annotations

import asyncio
import importlib
import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import django
import httpx
from django.core.management import call_command
from django.core.management.base import CommandError


def main() -> None:
    django.setup()
    answers = [
        _command(step["command"]) if "command" in step else _post(step) for step in json.load(sys.stdin)
    ]
    json.dump(answers, sys.stdout)


def _command(words: list[str]) -> dict[str, Any]:
    importlib.invalidate_caches()  # the previous step may have written a package of migrations
    status, output = 0, io.StringIO()
    with redirect_stdout(output), redirect_stderr(output):
        try:
            call_command(*words)
        except CommandError as error:
            status = error.returncode
            output.write(str(error))
        except SystemExit as ended:
            status = int(ended.code or 0)
    return {"status": status, "output": output.getvalue()}


def _post(step: dict[str, Any]) -> dict[str, Any]:
    return asyncio.run(_sent(step))


async def _sent(step: dict[str, Any]) -> dict[str, Any]:
    from podium.server.asgi import application  # starts no process, but needs Django's apps

    given = step.get("authorization")
    headers = {"Authorization": given} if given else {}
    transport = httpx.ASGITransport(app=application, client=("192.0.2.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        answer = await client.post(f"/{step['post']}", json=step["json"], headers=headers)
    try:
        return {"status": answer.status_code, "json": answer.json()}
    except ValueError:
        return {"status": answer.status_code, "json": None, "text": answer.text}


if __name__ == "__main__":
    main()
