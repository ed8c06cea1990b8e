"""Parse Server as a peer: started on a database of its own, with one note and a signed-in user."""

from __future__ import annotations

import json
import secrets
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks import installed
from benchmarks.prepare import database
from benchmarks.servers import Request, free_port, running

APPLICATION = "benchmark"


@dataclass(frozen=True)
class Parse:
    """Its address, and the read of one note by its id with a session token."""

    url: str
    row: Request


@contextmanager
def served(workers: int) -> Iterator[Parse]:
    port, master = free_port(), secrets.token_hex()
    options = {
        "--appId": APPLICATION,
        "--masterKey": master,
        "--databaseURI": database("podium_benchmarks_parse"),
        "--port": str(port),
        "--host": "127.0.0.1",
        "--cluster": str(workers),
        "--logLevel": "error",
        "--serverURL": f"http://127.0.0.1:{port}/parse",
    }
    command = [*installed.parse_server(), *(word for option in options.items() for word in option)]
    quiet = {"PARSE_SERVER_LOGS_FOLDER": str(installed.CACHE / "logs"), "NODE_ENV": "production"}
    with running(command, port, quiet) as server:
        url = server.url
        as_master = {"X-Parse-Master-Key": master}
        note = {
            "title": "Note 1", "body": "What there is to say. " * 4, "color": "yellow", "tags": ["a", "b"],
            "reminded": False,
        }  # fmt: skip
        made = _post(url, "/parse/classes/Note", note, as_master)
        user = {"username": secrets.token_hex(8), "password": secrets.token_hex(8)}
        session = _post(url, "/parse/users", user, {})["sessionToken"]
        headers = (("X-Parse-Application-Id", APPLICATION), ("X-Parse-Session-Token", session))
        yield Parse(url, Request(f"/parse/classes/Note/{made['objectId']}", headers=headers))


def _post(url: str, path: str, data: dict[str, Any], headers: dict[str, str]) -> Any:
    request = urllib.request.Request(
        url + path,
        json.dumps(data).encode(),
        {"Content-Type": "application/json", "X-Parse-Application-Id": APPLICATION, **headers},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)
